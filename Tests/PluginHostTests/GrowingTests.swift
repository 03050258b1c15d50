import Networks
import Numerics
import PluginHost
import Testing

/// A library that makes networks larger, through the C interface.
@Suite(.enabled(if: PluginCompiler.isThere)) struct GrowingTests {
  @Test func unitsComeAndNothingChangesAtFirst() throws {
    let entry = try PluginCompiler.entry("growing")
    #expect(entry.course == .grow)
    for network in [
      try Fixtures.perceptron(), Network(graph: try Models.leNet5()).initialized(seed: 1),
      try Fixtures.residual(blocks: 2),
    ] {
      let plan = try Fixtures.plan(entry, network, goal: .max)
      let grown = plan.surgery.network
      #expect(grown.counts.weights > network.counts.weights)
      #expect(plan.prediction == 0)
      let samples = try Fixtures.samples(for: network)
      let before = network.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent)
      let after = grown.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent)
      #expect(abs(before.score.loss - after.score.loss) < 1e-6)
    }
  }

  @Test func anEdgeIsToldForEveryLayerThatReads() throws {
    // `growing` fails where an edge leads nowhere or the values do not fit.
    let entry = try PluginCompiler.entry("growing")
    let plan = try Fixtures.plan(entry, try Fixtures.perceptron(), goal: .max)
    guard case .widen(_, let units) = try #require(plan.edits.first) else {
      return #expect(Bool(false), "it widened nothing")
    }
    #expect(units.count == 2)
    #expect(units.fanIn.count == 2 * 6 && units.biases.count == 2)
    #expect(units.fanOut.map(\.count) == [5 * 2])
    #expect(units.fanOut[0].allSatisfy { $0 == 0 })
  }

  @Test func updatePointsAreAskedFor() throws {
    let network = try Fixtures.perceptron()
    let instance = try StrategyInstance(
      PluginCompiler.entry("growing"), random: RandomStream(seed: 1, name: "strategy"))
    let points = try #require(
      try instance.updatePoints(
        of: PeriodOutline(index: 0, total: 1, steps: 42, stepsPerEpoch: 7, weightsGoal: 9),
        in: network))
    #expect(points == UpdatePoints(every: 5, end: 21))
    #expect(
      sequence(first: points.next(after: 0)) { $0.map { points.next(after: $0) } }
        .prefix(6).map { $0 } == [5, 10, 15, 20, nil])
  }
}
