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

  /// Rounds that each leave a third, down to a weight a layer.
  private func rounds(
    _ kind: Kind, spread: String, seed: Int, check: (Network, Network, Int) throws -> Void
  ) throws {
    let entry = try StrategyCatalogue().entry(named: "random")
    var network = try kind.network(UInt64(seed))
    let samples = try Fixtures.samples(for: network)
    let strategy = try StrategyInstance(
      entry, parameters: ["spread": spread],
      random: RandomStream(seed: UInt64(seed), name: "strategy"))
    let floor = network.graph.weightedLayers.count
    while network.counts.weights > floor {
      let goal = max(floor, network.counts.weights / 3)
      let before = network.withoutIneffectiveWeights(leaving: goal)
      network = try strategy.plan(
        Round(index: 0, total: 1, weightsGoal: goal), network: before,
        measurements: Measurements(network: before, samples: samples, loss: .crossEntropy)
      ).surgery.network
      try check(before, network, goal)
    }
  }

  @Test(arguments: Kind.allCases, 0..<4)
  func nothingCollapses(_ kind: Kind, seed: Int) throws {
    for spread in ["global", "uniform", "er", "erk"] {
      try rounds(kind, spread: spread, seed: seed) { _, network, goal in
        #expect(network.counts.weights == goal)
        #expect(network.effectiveCounts.weights > 0)
      }
    }
  }

  /// Shares are of what is live: a layer that has less keeps it, and one on the path keeps a weight.
  @Test(arguments: Kind.allCases, ["uniform", "er", "erk"])
  func sharesAreReachedInEveryRound(_ kind: Kind, spread: String) throws {
    try rounds(kind, spread: spread, seed: 5) { before, after, goal in
      let shares = Self.shares(of: before, by: spread, goal: goal)
      for (place, share) in zip(before.graph.weightedLayers, shares) {
        let left = after.live(in: after.prunable(at: place))
        #expect(abs(Double(left) - share) < 1 + 1e-6, "\(left) and \(shares) at \(goal)")
      }
    }
  }

  /// One factor on all raw densities, found by halving intervals.
  private static func shares(of network: Network, by spread: String, goal: Int) -> [Double] {
    let parts = network.graph.weightedLayers.map { place in
      let node = network.graph.nodes[place]
      let input = network.graph.shapes[node.inputs[0]]
      let range = network.prunable(at: place)
      var sides = [node.operation.units ?? 0, input.count]
      if let convolution = node.operation.convolution {
        sides[1] = input.channels
        let kernel = convolution.kernel
        if spread == "erk" && kernel.area > 1 { sides += [kernel.height, kernel.width] }
      }
      let raw =
        spread == "uniform" ? 1 : Double(sides.reduce(0, +)) / Double(sides.reduce(1, *))
      return (
        weight: raw * Double(range.count), least: node.block == nil ? 1.0 : 0,
        most: Double(network.live(in: range))
      )
    }
    func shares(_ factor: Double) -> [Double] {
      parts.map { min($0.most, max($0.least, factor * $0.weight)) }
    }
    var (low, high) = (0.0, 1e9)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if shares(middle).reduce(0, +) <= Double(goal) { low = middle } else { high = middle }
    }
    return shares(low)
  }

  /// The densities that the reference code of RigL computes.
  @Test func leNetHasThePublishedDensities() throws {
    let network = try Kind.leNet.network(1)
    let left = try Fixtures.plan(
      StrategyCatalogue().entry(named: "random"), network, goal: 21_525,
      parameters: ["spread": "erk"]
    ).surgery.network
    let counts = left.graph.weightedLayers.map { left.live(in: left.prunable(at: $0)) }
    #expect(counts.reduce(0, +) == 21_525)
    for (found, published) in zip(counts, [363, 937, 15_225, 5_000]) {
      #expect(abs(found - published) <= 1)
    }
  }

  /// Biases that count are masked as weights are, up to the last one.
  @Test(arguments: ["static", "set", "granet"])
  func sparseTrainersSpreadOverCountedBiases(_ id: String) throws {
    let network = try Kind.withBiases.network(2)
    let all = network.counts.weights
    for goal in [all - 1, all / 2, all / 3] {
      // One begins denser, and comes down in training.
      let goal = id == "granet" ? max(goal, (all + 1) / 2) : goal
      let left = try Fixtures.plan(
        StrategyCatalogue().entry(named: id), network, goal: goal
      ).surgery.network
      #expect(left.counts.weights == goal)
    }
  }
}
