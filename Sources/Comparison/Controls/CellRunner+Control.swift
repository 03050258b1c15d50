import Datasets
package import Networks
import Numerics
import PluginHost

/// The cell that a control trains the structures of.
package struct ControlledCell {
  package let result: CellResult
  package let structures: [Structure]
  /// The dense network early in its training, where it is kept.
  package let early: Network?

  package init(result: CellResult, structures: [Structure], early: Network?) {
    self.result = result
    self.structures = structures
    self.early = early
  }
}

extension CellRunner {
  /// Trains the structures of another cell from another start: for each ratio that it reached one
  /// training period, with as many samples as the cell was shown by then.
  ///
  /// - Parameters:
  ///   - start: The trained dense network, which inference is timed beside.
  /// - Returns: A result that ends as "skipped" behind the last structure there is, where the cell has
  ///   not all ratios.
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func run(
    _ control: Control, of cell: ControlledCell, from start: Network, dense: DenseResult
  ) throws -> CellOutcome {
    let untouched = Untouched()
    var outcome = try run(untouched, from: start, dense: dense) {
      try legs(of: control, cell, dense: start) { untouched.log.append($0) }
    }
    let ended = cell.result
    if outcome.result.status == .done, outcome.result.points.count < key.ratios.count {
      outcome.result.status = .skipped
      outcome.result.reason =
        "there is no further structure: \(ended.key.strategyText) ended as "
        + "\"\(ended.status.rawValue)\": \(ended.reason ?? "no reason given")"
    }
    return outcome
  }

  private func legs(
    of control: Control, _ cell: ControlledCell, dense: Network, log: (String) -> Void
  ) throws -> [Leg] {
    let rounds = Trajectory(
      dense: dense.counts.weights, ratios: key.ratios, grid: benchmark.rounds
    ).rounds
    return try cell.structures.compactMap { structure in
      guard let index = rounds.firstIndex(where: { $0.reported == structure.ratio }),
        let point = cell.result.points.first(where: { $0.ratioRequested == structure.ratio })
      else { return nil }
      let network = try structure.start(
        of: control, on: benchmark, seed: key.controlSeed, early: cell.early)
      let pretrained = control.rewinds ? earlyCost(dense) : .none
      var recipe = recipe(behind: index + 1)
      if control == .scratchOperations, let cost = point.cost {
        let epoch = Double(network.trainingOperations) * Double(splits.training.count)
        let factor = cost.operations / max(1, epoch) / recipe.epochs
        recipe.epochs *= min(factor, Self.mostSamples)
        if factor > Self.mostSamples { log(Self.shortfall(factor, at: structure.ratio)) }
      }
      recipe.epochs -= Double(pretrained.samples) / Double(splits.training.count)
      return Leg(
        start: network, pretrained: pretrained,
        pretrainedError: control.rewinds ? nil : 0,
        stages: [
          Leg.Stage(
            weightsGoal: rounds[index].weightsGoal, reported: [structure.ratio], recipe: recipe,
            stream: stream(behind: index + 1))
        ])
    }
  }

  /// How many times the samples of the others ``Control/scratchOperations`` is shown at most: a network of
  /// hardly a weight would be trained for ever.
  private static let mostSamples = 32.0

  private static func shortfall(_ factor: Double, at ratio: Double) -> String {
    "at \(ratio)× it was shown \(Int(mostSamples)) times the samples, the most: as many operations would "
      + "have taken \(Int(min(factor, 1e9))) times"
  }

  /// What the dense network took until its early weights were kept.
  private func earlyCost(_ dense: Network) -> TrainingCost {
    let recipe = benchmark.recipes(quick: key.quick).dense
    let samples = Int(
      (Benchmark.earlyShare * Double(recipe.sampleBudget(of: splits.training.count))).rounded())
    return TrainingCost(
      samples: samples, operations: Double(samples) * Double(dense.trainingOperations),
      denseOperations: 0)
  }
}

/// Leaves the structure as it is.
private final class Untouched: CellStrategy {
  let course = StrategyEntry.Course.sparse
  var log: [String] = []

  func hooks(for network: Network) -> (any TrainingHooks)? { nil }

  func change(_ task: RoundTask) -> RoundOutcome {
    let count = Int32(task.network.layout.count)
    return RoundOutcome(
      surgery: Surgery(network: task.network, origin: (0..<count).map { $0 }), scoreSeconds: 0)
  }
}
