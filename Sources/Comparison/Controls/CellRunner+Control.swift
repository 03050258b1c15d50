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
    var outcome = try run(Untouched(), from: start, dense: dense) {
      try legs(of: control, cell, dense: start)
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
    of control: Control, _ cell: ControlledCell, dense: Network
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
        recipe.epochs = epochs(of: network, within: cost.operations)
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

  /// Passes over the training samples that take as many operations.
  private func epochs(of network: Network, within operations: Double) -> Double {
    let epoch = Double(network.trainingOperations) * Double(splits.training.count)
    return operations / max(1, epoch)
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
  let log: [String] = []

  func hooks(for network: Network) -> (any TrainingHooks)? { nil }

  func change(_ task: RoundTask) -> RoundOutcome {
    let count = Int32(task.network.layout.count)
    return RoundOutcome(
      surgery: Surgery(network: task.network, origin: (0..<count).map { $0 }), scoreSeconds: 0)
  }
}
