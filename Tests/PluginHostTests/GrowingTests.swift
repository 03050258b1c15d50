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

  /// Of the header's layer, activation and flag; no values are zeros.
  @Test func unitsComeBesideWhatALayerReads() throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(PluginCompiler.entry("beside"), network, goal: .max)
    guard case .insertBeside(_, let units) = try #require(plan.edits.first) else {
      return #expect(Bool(false), "it put nothing there")
    }
    #expect(units.layers.map(\.operation) == [.dense(units: 2, bias: true), .tanh])
    #expect(units.layers[0].biases == [0.25, -0.5])
    #expect(units.fanOut.isEmpty && units.areFrozen)
    let grown = plan.surgery.network
    // fc3 has 3 outputs and read 5 units.
    #expect(grown.counts.weights == network.counts.weights + 2 * 5 + 2 * 3)
    #expect(grown.frozen.count { $0 } == 2 * 5 + 2)
    let samples = try Fixtures.samples(for: network)
    let before = network.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent)
    let after = grown.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent)
    #expect(abs(before.score.loss - after.score.loss) < 1e-6)
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
