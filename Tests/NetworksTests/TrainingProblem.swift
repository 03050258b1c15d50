import Networks
import Numerics

/// What networks the tests of training periods train.
enum Subject: String, CaseIterable, Sendable {
  case perceptron, sparsePerceptron, halfMaskedPerceptron, residual, sparseResidual

  static let optimizers = [
    OptimizerKind.sgd(momentum: 0.9, nesterov: false), .sgd(momentum: 0.9, nesterov: true), .adam,
  ]

  var density: Double {
    switch self {
    case .perceptron, .residual: 1
    case .halfMaskedPerceptron: 0.5
    case .sparsePerceptron, .sparseResidual: 0.2
    }
  }

  fileprivate func graph() throws -> Graph {
    switch self {
    case .residual, .sparseResidual:
      try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 6, 6), classes: 3)
    default:
      try Models.multilayerPerceptron(
        inputs: 36, widths: [12, 9], outputs: 3, activation: .relu)
    }
  }
}

/// A network and 40 samples, shown in 8 steps of which the last of a pass is not full.
struct Problem {
  var network: Network
  var recipe: TrainingRecipe
  let samples: Samples
  private let random: RandomStream
  private let state: OptimizerState

  init(_ subject: Subject, _ optimizer: OptimizerKind) throws {
    var random = RandomStream(seed: 3, name: subject.rawValue)
    network = Network(graph: try subject.graph()).initialized(seed: 2)
    if subject.density < 1 { network = network.thinned(to: subject.density, &random) }
    recipe = TrainingRecipe(
      optimizer: optimizer, learningRate: 0.01, schedule: .cosine, batchSize: 16, epochs: 2.5,
      decay: 1e-3, longestGradient: 0.5)
    let count = 40
    let shape = network.graph.inputShape
    samples = try Samples(
      shape: [shape.channels, shape.height, shape.width],
      inputs: (0..<count * shape.count).map { _ in Float(random.normal()) },
      targets: .labels((0..<count).map { Int32($0 % 3) }, classes: 3))
    // A memory of three steps.
    var first = recipe
    first.epochs = 1
    var warm = network
    var state = OptimizerState(parameters: network.layout.count)
    try Trainer(loss: .crossEntropy).train(
      &warm, state: &state, on: samples, recipe: first, random: &random)
    self.state = state
    self.random = random
  }

  func begin() throws -> TrainingPeriod {
    var random = random
    return try Trainer(loss: .crossEntropy).begin(
      network, state: state, on: samples, recipe: recipe, random: &random)
  }

  /// By ``Trainer/train(_:state:on:recipe:random:hooks:progress:)``.
  func uninterrupted() throws -> Outcome {
    var (network, state, random) = (network, state, random)
    let report = try Trainer(loss: .crossEntropy).train(
      &network, state: &state, on: samples, recipe: recipe, random: &random)
    return Outcome(network, state, report)
  }
}

/// Everything that a period comes to but the time it took.
struct Outcome: Equatable {
  let values: [UInt32]
  let statistics: [Float]
  let mask: [Float]
  let state: OptimizerState
  let samples: Int
  let loss: Double

  init(_ network: Network, _ state: OptimizerState, _ report: TrainingReport) {
    values = network.values.map(\.bitPattern)
    statistics = network.statistics
    mask = network.mask
    self.state = state
    samples = report.samples
    loss = report.loss
  }

  init(_ period: TrainingPeriod) { self.init(period.network, period.state, period.report) }
}

extension Network {
  /// Every parameter where it was.
  var inPlace: [Int32] { (0..<Int32(layout.count)).map { $0 } }

  /// The same network with a graph that differs in a name.
  func renamed(_ number: Int = 0) throws -> Network {
    var nodes = graph.nodes
    nodes[1].name += "'\(number)"
    return try with(graph: Graph(nodes: nodes, nextID: graph.nextID))
  }
}
