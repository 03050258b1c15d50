extension Models {
  /// Where a residual network normalises and rectifies.
  package enum ResidualForm: Sendable {
    /// Behind each convolution and each sum.
    ///
    /// K. He, X. Zhang, S. Ren, J. Sun: Deep Residual Learning for Image Recognition. CVPR 2016,
    /// arXiv:1512.03385.
    case postActivation
    /// Before each convolution, so that the skips carry sums alone, and once more behind the last block.
    ///
    /// The same: Identity Mappings in Deep Residual Networks. ECCV 2016, arXiv:1603.05027.
    case preActivation
  }

  /// A residual network of 3 stages with 16, 32 and 64 channels and `blocksPerStage` blocks each; 2
  /// give 14 layers with weights on the longest path (1 + 12 + 1).
  ///
  /// Where a block changes the shape, a 1×1 convolution stands in the skip, with a batch normalisation in
  /// the post-activation form.
  ///
  /// - Parameters:
  ///   - blocksPerStage: how many residual blocks each stage has.
  ///   - form: whether activations follow the sum or go before the convolutions.
  ///   - width: what the stages' channels are multiplied by: S. Zagoruyko, N. Komodakis: Wide Residual
  ///     Networks. BMVC 2016, arXiv:1605.07146. Their WRN-d-k has d = 6 · blocksPerStage + 4.
  ///   - dropout: the rate between the two convolutions of a block, as there; 0 for none.
  ///   - input: channels, rows and columns of a sample.
  ///   - classes: how many outputs there are.
  package static func residualNetwork(
    blocksPerStage: Int, form: ResidualForm = .postActivation, width: Int = 1, dropout: Double = 0,
    input: Shape, classes: Int
  ) throws(GraphError) -> Graph {
    var network = ResidualBuilder(form: form, dropout: dropout, input: input)
    for (stage, channels) in [16, 32, 64].enumerated() {
      for index in 0..<blocksPerStage {
        network.addBlock(
          name: "block\(stage + 1).\(index + 1)", channels: channels * width,
          stride: stage > 0 && index == 0 ? 2 : 1)
      }
    }
    return try network.graph(classes: classes)
  }
}

/// Builds a residual network block by block.
private struct ResidualBuilder {
  private let form: Models.ResidualForm
  private let dropout: Double
  private var builder: GraphBuilder
  private var channels = 16

  init(form: Models.ResidualForm, dropout: Double, input: Shape) {
    self.form = form
    self.dropout = dropout
    builder = GraphBuilder(input: input, layout: .spatial)
    builder.addConvolution(channels: channels, kernel: 3, name: "conv0")
    guard form == .postActivation else { return }
    builder.add(.batchNorm, name: "conv0.norm")
    builder.add(.relu)
  }

  mutating func addBlock(name: String, channels width: Int, stride: Int) {
    let changes = stride != 1 || width != channels
    channels = width
    switch form {
    case .postActivation: addPostActivated(name, width, stride, changes)
    case .preActivation: addPreActivated(name, width, stride, changes)
    }
  }

  private mutating func addPostActivated(
    _ name: String, _ width: Int, _ stride: Int, _ changes: Bool
  ) {
    let dropout = dropout
    builder.addBlock(
      name: name,
      branch: { builder, entry in
        builder.addConvolution(
          channels: width, kernel: 3, stride: stride, name: "\(name).conv1", on: entry)
        builder.add(.batchNorm, name: "\(name).conv1.norm")
        builder.add(.relu)
        if dropout > 0 { builder.add(.dropout(dropout)) }
        builder.addConvolution(channels: width, kernel: 3, name: "\(name).conv2")
        builder.add(.batchNorm, name: "\(name).conv2.norm")
      },
      skip: { builder, entry in
        guard changes else { return }
        builder.addConvolution(
          channels: width, kernel: 1, stride: stride, name: "\(name).skip", on: entry)
        builder.add(.batchNorm, name: "\(name).skip.norm")
      })
    builder.add(.relu)
  }

  /// Where the shape changes, skip and branch read the same activated values.
  private mutating func addPreActivated(
    _ name: String, _ width: Int, _ stride: Int, _ changes: Bool
  ) {
    let dropout = dropout
    if changes {
      builder.add(.batchNorm, name: "\(name).norm1")
      builder.add(.relu)
    }
    builder.addBlock(
      name: name,
      branch: { builder, entry in
        var entry = entry
        if !changes {
          builder.add(.batchNorm, name: "\(name).norm1", on: [entry])
          entry = builder.add(.relu)
        }
        builder.addConvolution(
          channels: width, kernel: 3, stride: stride, name: "\(name).conv1", on: entry)
        builder.add(.batchNorm, name: "\(name).norm2")
        builder.add(.relu)
        if dropout > 0 { builder.add(.dropout(dropout)) }
        builder.addConvolution(channels: width, kernel: 3, name: "\(name).conv2")
      },
      skip: { builder, entry in
        guard changes else { return }
        builder.addConvolution(
          channels: width, kernel: 1, stride: stride, name: "\(name).skip", on: entry)
      })
  }

  mutating func graph(classes: Int) throws(GraphError) -> Graph {
    if form == .preActivation {
      builder.add(.batchNorm, name: "norm")
      builder.add(.relu)
    }
    builder.add(.globalAveragePool)
    builder.add(.flatten)
    builder.add(.dense(units: classes, bias: true), name: "fc")
    return try builder.graph()
  }
}

extension GraphBuilder {
  /// Without biases: a batch normalisation has its own, somewhere behind it.
  fileprivate mutating func addConvolution(
    channels: Int, kernel: Int, stride: Int = 1, name: String, on entry: Int? = nil
  ) {
    add(
      .convolution(
        .init(
          channels: channels, kernel: Extent(kernel), stride: Extent(stride),
          padding: Extent(kernel / 2), bias: false)),
      name: name, on: entry.map { [$0] })
  }
}
