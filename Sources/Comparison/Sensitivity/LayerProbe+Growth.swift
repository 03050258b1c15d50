import Networks
import Numerics
import PluginHost

extension LayerProbe {
  /// Has a strategy grow the network at the update points that it asks for, and trains nothing between them.
  ///
  /// - Throws: ``StrategyFailure``, of a layer that it adds nothing to as well.
  func grown(to goal: Int, _ closed: Set<UInt64>) throws -> Changed {
    let instance = try strategy()
    let outline = PeriodOutline(
      index: 0, total: 1, steps: Self.steps, stepsPerEpoch: Self.steps / 10, weightsGoal: goal)
    let points = try instance.updatePoints(of: outline, in: network, closed: closed)
    var changed: Changed = (network, [], 0)
    var step = 0
    while let next = points?.next(after: step) {
      try Task.checkCancellation()
      step = next
      let network = changed.network
      let measurements = Measurements(
        network: network, samples: measured, loss: benchmark.loss)
      let plan = try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: goal,
          step: TrainingStep(
            index: next, total: Self.steps, learningRate: Self.learningRate,
            loss: measurements.loss())),
        network: network, measurements: measurements,
        // Of a network that rests.
        momentum: { [Float](repeating: 0, count: network.layout.count) }, closed: closed)
      guard !plan.edits.isEmpty else { continue }
      changed.network = plan.surgery.network
      changed.edits += plan.edits
      changed.prediction = changed.prediction.flatMap { sum in plan.prediction.map { sum + $0 } }
    }
    guard !changed.edits.isEmpty else {
      throw StrategyFailure(.skipped, "it adds nothing to this layer")
    }
    return changed
  }

  /// Those of the period that growers are told of: enough for any number of growths.
  private static let steps = 1000
  /// What growers may scale new weights by.
  private static let learningRate = 0.01
}
