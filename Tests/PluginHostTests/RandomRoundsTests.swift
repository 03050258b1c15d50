import Networks
import Numerics
import PluginHost
import Testing

/// The random control on networks of every kind, round after round.
@Suite struct RandomRoundsTests {
  enum Kind: CaseIterable {
    case perceptron, withBiases, leNet, residual

    func network(_ seed: UInt64) throws -> Network {
      switch self {
      case .perceptron: try Fixtures.perceptron(seed)
      case .withBiases: try Fixtures.perceptron(seed, inputs: 17, widths: [2], prunesBiases: true)
      case .leNet: Network(graph: try Models.leNet5()).initialized(seed: seed)
      case .residual: try Fixtures.residual(seed)
      }
    }
  }

  @Test(arguments: Kind.allCases, 0..<4)
  func nothingCollapses(_ kind: Kind, seed: Int) throws {
    let entry = try StrategyCatalogue().entry(named: "random")
    var network = try kind.network(UInt64(seed))
    let samples = try Fixtures.samples(for: network)
    let strategy = try StrategyInstance(
      entry, random: RandomStream(seed: UInt64(seed), name: "strategy"))
    let floor = network.graph.weightedLayers.count
    while network.counts.weights > floor {
      let goal = max(floor, network.counts.weights / 3)
      network = network.withoutIneffectiveWeights(leaving: goal)
      network = try strategy.plan(
        Round(index: 0, total: 1, weightsGoal: goal, loss: 1), network: network,
        measurements: Measurements(network: network, samples: samples, loss: .crossEntropy)
      ).surgery.network
      #expect(network.counts.weights == goal)
      #expect(network.effectiveCounts.weights > 0)
    }
  }
}
