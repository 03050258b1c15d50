package import Comparison
import Networks

/// One strategy on one network, and all that is known of its way.
package struct TracedRun {
  package let result: CellResult
  /// Empty where it is not known.
  package let rounds: [RoundRecord]

  package init(_ result: CellResult, rounds: [RoundRecord]) {
    self.result = result
    self.rounds = rounds
  }

  /// The error and the size over the samples. A network that stands under several ratios is there once.
  var curve: [CurveMark] {
    var marks: [CurveMark] = []
    for mark in result.points.flatMap({ $0.curve ?? [] })
    where mark.samples > marks.last?.samples ?? -1 { marks.append(mark) }
    return marks
  }

  var json: JSON {
    .object([
      "benchmark": .string(result.key.benchmark),
      "strategy": .string(result.key.strategyText),
      "seed": .integer(result.key.replicate),
      "status": .string(result.status.rawValue),
      "curve": .array(
        curve.map { mark in
          .object([
            "samples": .integer(mark.samples), "error": JSON(mark.error),
            "weights": .integer(mark.weights),
          ])
        }),
      "changes": .array(rounds.filter(\.changedSomething).map(\.json)),
    ])
  }
}

extension RoundRecord {
  var changedSomething: Bool { !proposal.edits.isEmpty || weights != weightsBefore }

  var json: JSON {
    .object([
      "samples": .integer(samples),
      "step": JSON(step),
      "weights_goal": .integer(weightsGoal),
      "weights_before": .integer(weightsBefore),
      "weights": .integer(weights),
      "layers": .array(
        layers.map { layer in
          .object([
            "name": .string(layer.name), "units": .integer(layer.units),
            "weights": .integer(layer.weights),
          ])
        }),
      "edits": .object(
        Dictionary(
          proposal.edits.map { ($0.key.rawValue, JSON.integer($0.value)) },
          uniquingKeysWith: { first, _ in first })),
      "loss_before": JSON(lossBefore),
      "loss_after": JSON(lossAfter),
      "predicted_loss_change": JSON(proposal.predictedLossChange),
      "reasons": .array((proposal.notes ?? []).map { .string($0) }),
    ])
  }
}
