/// The networks of the benchmarks.
package enum Models {
  /// A fully connected network: `widths` are the hidden layers' units.
  package static func multilayerPerceptron(
    inputs: Int, widths: [Int], outputs: Int, activation: Operation,
    outputActivation: Operation? = nil
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: Shape(inputs), layout: .flat)
    for (index, width) in widths.enumerated() {
      builder.add(.dense(units: width, bias: true), name: "fc\(index + 1)")
      builder.add(activation)
    }
    builder.add(.dense(units: outputs, bias: true), name: "fc\(widths.count + 1)")
    if let outputActivation { builder.add(outputActivation) }
    return try builder.graph()
  }

  /// One hidden layer, and direct weights from the inputs to the outputs beside it: the
  /// flat form of cascade correlation, and the seed of its deep one.
  ///
  /// The last layer reads inputs, then hidden units: (inputs + hidden) × outputs weights and a bias
  /// each.
  package static func shortcutPerceptron(
    inputs: Int, hidden: Int, outputs: Int, activation: Operation,
    outputActivation: Operation? = nil
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: Shape(inputs), layout: .flat)
    let input = builder.last
    builder.add(.dense(units: hidden, bias: true), name: "fc1")
    builder.add(activation)
    builder.add(.concatenate, on: [input, builder.last])
    builder.add(.dense(units: outputs, bias: true), name: "fc2")
    if let outputActivation { builder.add(outputActivation) }
    return try builder.graph()
  }

  /// LeNet-300-100 (LeCun et al. 1998) with ReLU: 266,200 weights, 266,610 parameters.
  package static func leNet300() throws(GraphError) -> Graph {
    try multilayerPerceptron(inputs: 784, widths: [300, 100], outputs: 10, activation: .relu)
  }

  /// LeNet-5 as Caffe has it, 20-50-500-10, with a ReLU after each convolution as in the pruning
  /// papers since: 430,500 weights, 431,080 parameters.
  ///
  /// Pooling stands before the ReLU: the two commute, and a quarter of the values remain.
  package static func leNet5() throws(GraphError) -> Graph {
    let pool = Operation.maxPool(.init(size: Extent(2)))
    var builder = GraphBuilder(input: Shape(1, 28, 28), layout: .spatial)
    builder.add(.convolution(.init(channels: 20, kernel: Extent(5))), name: "conv1")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 50, kernel: Extent(5))), name: "conv2")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 500, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: 10, bias: true), name: "fc2")
    return try builder.graph()
  }

  /// A residual network (He et al. 2016) of 3 stages with 16, 32 and 64 channels and
  /// `blocksPerStage` blocks each; 2 give 14 layers with weights on the longest path (1 + 12 + 1).
  ///
  /// Where a block changes the shape, a 1×1 convolution with batch normalisation stands in the skip.
  package static func residualNetwork(
    blocksPerStage: Int, input: Shape, classes: Int
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: input, layout: .spatial)
    builder.addNormalizedConvolution(channels: 16, kernel: 3, stride: 1, name: "conv0")
    builder.add(.relu)
    var channels = 16
    for (stage, width) in [16, 32, 64].enumerated() {
      for index in 0..<blocksPerStage {
        let name = "block\(stage + 1).\(index + 1)"
        let stride = stage > 0 && index == 0 ? 2 : 1
        let changes = stride != 1 || width != channels
        builder.addBlock(
          name: name,
          branch: { builder, entry in
            builder.addNormalizedConvolution(
              channels: width, kernel: 3, stride: stride, name: "\(name).conv1", on: entry)
            builder.add(.relu)
            builder.addNormalizedConvolution(
              channels: width, kernel: 3, stride: 1, name: "\(name).conv2")
          },
          skip: { builder, entry in
            guard changes else { return }
            builder.addNormalizedConvolution(
              channels: width, kernel: 1, stride: stride, name: "\(name).skip", on: entry)
          })
        builder.add(.relu)
        channels = width
      }
    }
    builder.add(.globalAveragePool)
    builder.add(.flatten)
    builder.add(.dense(units: classes, bias: true), name: "fc")
    return try builder.graph()
  }
}

extension GraphBuilder {
  fileprivate mutating func addNormalizedConvolution(
    channels: Int, kernel: Int, stride: Int, name: String, on entry: Int? = nil
  ) {
    add(
      .convolution(
        .init(
          channels: channels, kernel: Extent(kernel), stride: Extent(stride),
          padding: Extent(kernel / 2), bias: false)),
      name: name, on: entry.map { [$0] })
    add(.batchNorm, name: "\(name).norm")
  }
}
