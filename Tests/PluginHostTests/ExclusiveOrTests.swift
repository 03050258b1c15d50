import Networks
import Numerics
import PluginHost
import Testing

/// Hassibi & Stork 1993, section 5: of a trained 2-2-1 network for the exclusive or, with 9 weights,
/// OBS removes a right one every time, where magnitude takes a wrong one in some.
///
/// A weight is right when the network without it can be trained to solve the problem again from
/// where it is. That is tried for every weight, so that the claim could fail: wrong ones must exist.
@Suite("The exclusive or")
struct ExclusiveOrTests {
  private static let seeds = 100

  @Test func surgeonRemovesTheRightWeightEveryTime() throws {
    let problem = try ExclusiveOr()
    let catalogue = try StrategyCatalogue(paths: [])
    var right = ["obs": 0, "magnitude": 0]
    var networks = 0
    var wrongWeights = 0
    var seed: UInt64 = 0
    while networks < Self.seeds {
      seed += 1
      guard let network = try problem.trained(seed: seed) else { continue }
      networks += 1
      let isRight = try (0..<9).map { try problem.isSolvable(network, without: $0) }
      wrongWeights += isRight.count { !$0 }
      for id in right.keys {
        let removed = try problem.removed(by: catalogue.entry(named: id), from: network)
        if isRight[removed] { right[id, default: 0] += 1 }
      }
    }
    #expect(right["obs"] == Self.seeds, "\(right), \(wrongWeights) wrong weights in all")
    #expect(right["magnitude"] ?? 0 < Self.seeds, "\(right), \(wrongWeights) wrong weights in all")
    #expect(wrongWeights > Self.seeds)
  }
}

private struct ExclusiveOr {
  let samples: Samples
  let graph: Graph
  private let recipe = TrainingRecipe(
    optimizer: .adam, learningRate: 0.05, schedule: .constant, batchSize: 4, epochs: 1500, decay: 0)

  init() throws {
    samples = try Samples(
      shape: [2, 1, 1], inputs: [0, 0, 0, 1, 1, 0, 1, 1],
      targets: .values([0, 1, 1, 0], width: 1))
    graph = try Models.multilayerPerceptron(
      inputs: 2, widths: [2], outputs: 1, activation: .sigmoid, outputActivation: .sigmoid)
  }

  /// A network that solves the problem, or nil when this start ends in a local minimum.
  func trained(seed: UInt64) throws -> Network? {
    let network = try tuned(Network(graph: graph, prunesBiases: true).initialized(seed: seed), seed)
    return solves(network) ? network : nil
  }

  func isSolvable(_ network: Network, without index: Int) throws -> Bool {
    var pruned = network
    pruned.mask[index] = 0
    pruned.zeroMasked()
    return try solves(tuned(pruned, 1))
  }

  /// The weight that a strategy removes when one has to go.
  func removed(by entry: StrategyEntry, from network: Network) throws -> Int {
    let strategy = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    let plan = try strategy.plan(
      Round(index: 0, total: 1, weightsGoal: 8), network: network,
      measurements: Measurements(network: network, samples: samples, loss: .squaredError))
    let masked = plan.surgery.network.mask.indices.filter { plan.surgery.network.mask[$0] == 0 }
    #expect(masked.count == 1)
    return try #require(masked.first)
  }

  private func tuned(_ network: Network, _ seed: UInt64) throws -> Network {
    var network = network
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: seed, name: "batches")
    try Trainer(loss: .squaredError).train(
      &network, state: &state, on: samples, recipe: recipe, random: &random)
    return network
  }

  private func solves(_ network: Network) -> Bool {
    let evaluation = network.evaluate(
      on: samples, loss: .squaredError, metric: .thresholdErrorPercent)
    return evaluation.score.error == 0 && evaluation.score.loss < 0.02
  }
}
