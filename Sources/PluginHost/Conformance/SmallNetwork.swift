import Networks
import Numerics

/// A network that a test gives to a strategy, with what it is measured on.
struct SmallNetwork {
  /// In words that go on "… of ".
  let words: String
  let network: Network
  let samples: Samples

  private init(_ words: String, _ network: Network, samples count: Int = 24) throws {
    self.words = words
    self.network = network
    var random = RandomStream(seed: 7, name: "samples of a test")
    let shape = network.graph.inputShape
    let classes = network.graph.outputs
    samples = try Samples(
      shape: [shape.channels, shape.height, shape.width],
      inputs: (0..<count * shape.count).map { _ in Float(random.normal()) },
      targets: .labels((0..<count).map { Int32($0 % classes) }, classes: classes))
  }

  private init(_ words: String, _ graph: Graph, samples: Int = 24) throws {
    try self.init(words, Network(graph: graph).initialized(seed: 1), samples: samples)
  }

  var measurements: Measurements {
    Measurements(network: network, samples: samples, loss: .crossEntropy)
  }

  /// The same with other parameters.
  func with(_ words: String, _ change: (inout Network) -> Void) throws -> SmallNetwork {
    var network = network
    change(&network)
    return try SmallNetwork(words, network, samples: samples.count)
  }

  // MARK: - Kinds that every strategy may meet

  static func dense() throws -> SmallNetwork {
    try SmallNetwork(
      "a dense network, 6-8-5-3",
      Models.multilayerPerceptron(inputs: 6, widths: [8, 5], outputs: 3, activation: .relu))
  }

  static func convolutional() throws -> SmallNetwork {
    var builder = GraphBuilder(input: Shape(1, 8, 8), layout: .spatial)
    builder.add(.convolution(.init(channels: 4, kernel: Extent(5), padding: Extent(2))))
    builder.add(.relu)
    builder.add(.maxPool(.init(size: Extent(2))))
    builder.add(.convolution(.init(channels: 6, kernel: Extent(3))))
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 3, bias: true))
    return try SmallNetwork("a convolutional network, 4-6-3", builder.graph())
  }

  static func residual() throws -> SmallNetwork {
    var builder = GraphBuilder(input: Shape(1, 6, 6), layout: .spatial)
    builder.addConvolution(on: nil)
    builder.add(.relu)
    for block in 1...2 {
      builder.addBlock(
        name: "block\(block)",
        branch: { builder, entry in
          builder.addConvolution(on: entry)
          builder.add(.relu)
          builder.addConvolution(on: nil)
        })
      builder.add(.relu)
    }
    builder.add(.globalAveragePool)
    builder.add(.flatten)
    builder.add(.dense(units: 3, bias: true))
    return try SmallNetwork("a residual network with 2 blocks", builder.graph())
  }

  static func ordinary() throws -> [SmallNetwork] {
    [try dense(), try convolutional(), try residual()]
  }

  // MARK: - Kinds that a strategy may not have thought of

  static func oneUnit() throws -> SmallNetwork {
    try SmallNetwork(
      "a network with one unit a layer",
      Models.multilayerPerceptron(inputs: 2, widths: [1, 1, 1], outputs: 2, activation: .relu))
  }

  /// Towers side by side, dense shortcuts past a layer, averaging pools, tanh and sigmoid.
  static func branched() throws -> SmallNetwork {
    var builder = GraphBuilder(input: Shape(2, 6, 6), layout: .spatial)
    let entry = builder.last
    let first = builder.add(.convolution(.init(channels: 2, kernel: Extent(1))), on: [entry])
    let second = builder.add(
      .convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))), on: [entry])
    builder.add(.concatenate, on: [first, second])
    builder.add(.tanh)
    builder.add(.averagePool(.init(size: Extent(2))))
    let flat = builder.add(.flatten)
    builder.add(.dense(units: 4, bias: false), on: [flat])
    let hidden = builder.add(.sigmoid)
    builder.add(.concatenate, on: [flat, hidden])
    builder.add(.dense(units: 3, bias: true))
    return try SmallNetwork("a network of branches and shortcuts", builder.graph())
  }

  /// A dense network, of which one layer has no live weight.
  static func emptied() throws -> SmallNetwork {
    try dense().with("a dense network whose second layer is masked whole") { network in
      for index in network.prunable(at: network.graph.weightedLayers[1]) {
        network.mask[index] = 0
        network.values[index] = 0
      }
    }
  }

  /// 64,000 weights.
  static func large() throws -> SmallNetwork {
    try SmallNetwork(
      "a dense network, 100-300-100-40",
      Models.multilayerPerceptron(inputs: 100, widths: [300, 100], outputs: 40, activation: .relu),
      samples: 64)
  }
}

extension GraphBuilder {
  /// Four filters of 3×3 with batch normalisation.
  fileprivate mutating func addConvolution(on entry: Int?) {
    add(
      .convolution(.init(channels: 4, kernel: Extent(3), padding: Extent(1), bias: false)),
      on: entry.map { [$0] })
    add(.batchNorm)
  }
}
