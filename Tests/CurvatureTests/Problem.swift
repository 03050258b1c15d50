import Networks
import Numerics
import Testing

/// A small network with samples and a loss.
struct Problem: Sendable, CustomTestStringConvertible {
  let name: String
  let network: Network
  let samples: Samples
  let loss: Loss

  var testDescription: String { name }

  /// A problem with random parameters, statistics, inputs and targets.
  init(
    _ name: String, input: Shape, layout: Layout = .spatial, samples count: Int = 5, loss: Loss,
    _ layers: (inout GraphBuilder) -> Void
  ) throws {
    var builder = GraphBuilder(input: input, layout: layout)
    layers(&builder)
    var network = Network(graph: try builder.graph(), prunesBiases: true).initialized(seed: 11)
    var random = RandomStream(seed: 5, name: name)
    for index in network.values.indices {
      network.values[index] += Float(random.uniform(in: -0.4..<0.4))
    }
    for index in network.statistics.indices {
      network.statistics[index] = Float(random.uniform(in: 0.3..<1.4))
    }
    let width = network.graph.outputs
    let inputs = (0..<count * input.count).map { _ in Float(random.normal()) }
    let targets: Samples.Targets =
      switch loss {
      case .crossEntropy:
        .labels((0..<count).map { _ in Int32(random.index(below: width)) }, classes: width)
      case .squaredError:
        .values((0..<count * width).map { _ in Float(random.uniform(in: -1..<1)) }, width: width)
      }
    self.init(
      name: name, network: network,
      samples: try Samples(
        shape: [input.channels, input.height, input.width], inputs: inputs, targets: targets),
      loss: loss)
  }

  init(name: String, network: Network, samples: Samples, loss: Loss) {
    self.name = name
    self.network = network
    self.samples = samples
    self.loss = loss
  }

  /// The same with some parameters masked.
  func masking(_ positions: [Int]) -> Problem {
    var network = network
    for position in positions {
      network.values[position] = 0
      network.mask[position] = 0
    }
    return Problem(name: name, network: network, samples: samples, loss: loss)
  }

  func measurements(precise: Bool, batchSize: Int = 128) -> Measurements {
    Measurements(
      network: network, samples: samples, loss: loss, batchSize: batchSize,
      preciseWork: precise ? .max : -1)
  }

  var curvature: PreciseCurvature {
    PreciseCurvature(network: network, samples: samples, loss: loss)
  }
}

extension Problem {
  /// Fully connected networks, at most 50 parameters each.
  static func perceptrons() throws -> [Problem] {
    try [
      Problem("tanh, squared error", input: Shape(3), layout: .flat, loss: .squaredError) {
        $0.add(.dense(units: 4, bias: true))
        $0.add(.tanh)
        $0.add(.dense(units: 2, bias: true))
      },
      Problem(
        "sigmoid to a sigmoid output", input: Shape(4), layout: .flat, loss: .squaredError
      ) {
        $0.add(.dense(units: 3, bias: true))
        $0.add(.sigmoid)
        $0.add(.dense(units: 1, bias: true))
        $0.add(.sigmoid)
      },
      Problem("relu, cross-entropy", input: Shape(3), layout: .flat, loss: .crossEntropy) {
        $0.add(.dense(units: 5, bias: true))
        $0.add(.relu)
        $0.add(.dense(units: 3, bias: false))
      },
      Problem(
        "more samples than a block of lanes", input: Shape(3), layout: .flat, samples: 37,
        loss: .crossEntropy
      ) {
        $0.add(.dense(units: 4, bias: true))
        $0.add(.tanh)
        $0.add(.dense(units: 4, bias: true))
      },
    ]
  }

  /// A layer with so many inputs that its products leave out what is 0 behind the rectifier.
  static func wide() throws -> Problem {
    try Problem(
      "many inputs of rectifiers", input: Shape(70), layout: .flat, samples: 37,
      loss: .crossEntropy
    ) {
      $0.add(.dense(units: 3, bias: true))
      $0.add(.relu)
      $0.add(.dense(units: 3, bias: true))
    }
  }

  /// Networks over maps with every operation in them.
  static func spatial() throws -> [Problem] {
    try [
      Problem("strided convolution, max-pool", input: Shape(2, 7, 6), loss: .crossEntropy) {
        $0.add(
          .convolution(
            .init(
              channels: 3, kernel: Extent(3, 2), stride: Extent(2, 1), padding: Extent(1, 0))))
        $0.add(.tanh)
        $0.add(.maxPool(.init(size: Extent(2), stride: Extent(1, 2), padding: Extent(1, 0))))
        $0.add(.flatten)
        $0.add(.dense(units: 3, bias: true))
      },
      Problem("average-pool with padding", input: Shape(1, 6, 5), loss: .squaredError) {
        $0.add(.convolution(.init(channels: 2, kernel: Extent(2, 3), bias: false)))
        $0.add(.averagePool(.init(size: Extent(3, 2), stride: Extent(2), padding: Extent(1))))
        $0.add(.sigmoid)
        $0.add(.flatten)
        $0.add(.dense(units: 2, bias: true))
      },
      Problem("batch norm and a scaled block", input: Shape(2, 5, 5), loss: .crossEntropy) {
        let same = Convolution(
          channels: 2, kernel: Extent(3), padding: Extent(1), bias: false)
        $0.add(.convolution(same))
        $0.add(.batchNorm)
        $0.add(.relu)
        let entry = $0.last
        $0.add(.convolution(same))
        $0.add(.batchNorm)
        $0.add(.tanh)
        $0.add(.convolution(same))
        $0.add(.residualSum(scale: 0.5), on: [entry, $0.last])
        $0.add(.globalAveragePool)
        $0.add(.flatten)
        $0.add(.dense(units: 3, bias: true))
      },
      Problem(
        "concatenated branches", input: Shape(1, 5, 4), samples: 19, loss: .squaredError
      ) {
        $0.add(.convolution(.init(channels: 2, kernel: Extent(2))))
        $0.add(.tanh)
        let entry = $0.last
        let left = $0.add(.convolution(.init(channels: 2, kernel: Extent(1))), on: [entry])
        let right = $0.add(
          .convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))), on: [entry])
        $0.add(.concatenate, on: [left, right])
        $0.add(.sigmoid)
        $0.add(.maxPool(.init(size: Extent(2))))
        $0.add(.flatten)
        $0.add(.dense(units: 2, bias: false))
        $0.add(.tanh)
      },
    ]
  }

  static func all() throws -> [Problem] { try perceptrons() + [wide()] + spatial() }
}
