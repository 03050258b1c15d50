import Networks
import Numerics
import PluginHost
import Testing

/// Connections between channels that are there or not as wholes.
@Suite struct ChannelSparseTests {
  /// LeNet-5's weights by connection, as brute force finds them: kernels, and for the first dense layer
  /// the map of a channel.
  private func connections(_ network: Network) throws -> [[Range<Int>]] {
    let areas = [25, 25, 16, 1]
    return try zip(network.graph.weightedLayers, areas).map { place, area in
      let weights = try #require(network.layout[place]).weights
      return stride(from: weights.lowerBound, to: weights.upperBound, by: area).map {
        $0..<$0 + area
      }
    }
  }

  private func network() throws -> Network {
    Network(graph: try Models.leNet5()).initialized(seed: 1)
  }

  private func instance(_ parameters: [String: String]) throws -> StrategyInstance {
    try StrategyInstance(
      StrategyCatalogue().entry(named: "channel-sparse"), parameters: parameters,
      random: RandomStream(seed: 2, name: "strategy"))
  }

  private func plan(
    _ instance: StrategyInstance, _ network: Network, goal: Int, step: Int? = nil
  ) throws -> Network {
    try instance.plan(
      Round(
        index: 0, total: 1, weightsGoal: goal,
        step: step.map { TrainingStep(index: $0, total: 1000, learningRate: 0.1, loss: 1) }),
      network: network, measurements: Fixtures.measurements(network)
    ).surgery.network
  }

  @Test(arguments: [2, 5, 10])
  func connectionsAreThereAsWholes(ratio: Int) throws {
    let dense = try network()
    let goal = dense.counts.weights / ratio
    let sparse = try plan(instance([:]), dense, goal: goal)
    for layer in try connections(dense) {
      for connection in layer {
        let live = sparse.live(in: connection)
        #expect(live == 0 || live == connection.count)
      }
      let share = Double(layer.count { sparse.live(in: $0) > 0 }) / Double(layer.count)
      // A layer of 20 connections has steps of a twentieth.
      #expect(abs(share - 1 / Double(ratio)) <= 1.5 / Double(layer.count) + 1e-3)
    }
    #expect(sparse.counts.weights <= goal)
    // At most one connection a layer is missing.
    #expect(sparse.counts.weights > goal - 25 - 25 - 16 - 1)
  }

  @Test func anotherSeedOpensOthers() throws {
    let dense = try network()
    let goal = dense.counts.weights / 10
    let first = try plan(instance([:]), dense, goal: goal)
    let other = try StrategyInstance(
      StrategyCatalogue().entry(named: "channel-sparse"), parameters: [:],
      random: RandomStream(seed: 3, name: "strategy"))
    #expect(try plan(instance([:]), dense, goal: goal).mask == first.mask)
    #expect(try plan(other, dense, goal: goal).mask != first.mask)
  }

  /// What is open stays open with its values, what opens is 0, and the last update has what a fixed
  /// pattern has from the start.
  @Test func anIncrementalPatternGrowsIntoTheFixedOne() throws {
    let dense = try network()
    let goal = dense.counts.weights / 8
    let incremental = try instance(["begin": "0.25", "until": "0.5"])
    var present = try plan(incremental, dense, goal: goal)
    #expect(present.counts.weights <= goal / 4 && present.counts.weights > goal / 4 - 67)
    let points = try #require(
      try incremental.updatePoints(
        of: PeriodOutline(index: 0, total: 1, steps: 1000, stepsPerEpoch: 100, weightsGoal: goal),
        in: present))
    var step = 0
    var updates = 0
    while let next = points.next(after: step) {
      let grown = try plan(incremental, present, goal: goal, step: next)
      #expect(grown.counts.weights > present.counts.weights)
      for index in grown.values.indices {
        #expect(present.mask[index] <= grown.mask[index])
        #expect(grown.values[index] == present.values[index])
      }
      (present, step, updates) = (grown, next, updates + 1)
    }
    #expect(updates == 10 && step == 500)
    #expect(try plan(instance([:]), dense, goal: goal).mask == present.mask)
  }

  @Test func aFixedPatternAsksForNoUpdates() throws {
    let dense = try network()
    let outline = PeriodOutline(
      index: 0, total: 1, steps: 1000, stepsPerEpoch: 100, weightsGoal: 1000)
    #expect(try instance([:]).updatePoints(of: outline, in: dense) == nil)
  }
}
