package import Comparison
import Networks
import PluginHost

/// What a strategy did, layer by layer, for programs: `schema` 1. Fields are added, never changed, under one
/// number.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func explanationJSON(_ explanation: Explanation, version: String) throws -> String {
  let result = explanation.result
  return try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "benchmark": .string(result.key.benchmark),
    "strategy": .string(result.key.strategyText),
    "seed": .integer(result.key.replicate),
    "status": .string(result.status.rawValue),
    "reason": JSON(result.reason),
    "rounds": .array(explanation.rounds.map(\.json)),
    "layers": .array(
      explanation.layers.map { layer in
        .object([
          "name": .string(layer.name), "dense_weights": JSON(layer.dense),
          "changes": .array(
            layer.changes.map { change in
              .object([
                "round": .integer(change.round), "weights_before": JSON(change.weightsBefore),
                "weights": .integer(change.weights), "units_before": JSON(change.unitsBefore),
                "units": .integer(change.units),
              ])
            }),
        ])
      }),
  ]).text()
}
