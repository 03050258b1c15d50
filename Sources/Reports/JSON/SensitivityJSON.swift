package import Comparison
import Networks
import PluginHost

/// What pruning each layer alone costs, for programs: `schema` 1. Fields are added, never changed, under one
/// number.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func sensitivityJSON(_ sensitivity: Sensitivity, version: String) throws -> String {
  let loss = sensitivity.dense.loss.mean
  let tolerance = sensitivity.tolerance
  return try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "benchmark": .string(sensitivity.benchmark),
    "metric": .string(sensitivity.metric.identifier),
    "strategy": .string(sensitivity.strategy),
    "course": .string(sensitivity.course.rawValue),
    "quick": .bool(sensitivity.quick),
    "kernels": .string(sensitivity.kernels),
    "seed_list": .array(sensitivity.seeds.map { .integer($0) }),
    "densities": .array(sensitivity.densities.map { JSON($0) }),
    "fine_tuned": .bool(false),
    "rule": .object([
      "factor": JSON(tolerance), "negligible_share_of_loss": JSON(Sensitivity.negligible),
    ]),
    "dense": .object([
      "weights": .integer(sensitivity.dense.weights),
      "loss": sensitivity.dense.loss.json,
      "test": sensitivity.dense.test.json,
    ]),
    "layers": .array(
      sensitivity.layers.map { layer in
        .object([
          "name": .string(layer.name),
          "weights": .integer(layer.weights),
          "prediction_holds_to": JSON(layer.predictionHoldsTo),
          "points": .array(
            layer.points.map {
              .object(members($0.density, $0.result, $0.reason, loss: loss, tolerance: tolerance))
            }),
        ])
      }),
    "together": .array(
      sensitivity.together.map { together in
        var fields = members(
          together.density, together.result, together.reason, loss: loss, tolerance: tolerance)
        fields["sum_of_layers"] = together.sumOfLayers?.measured.json ?? .null
        fields["predicted_sum"] = together.sumOfLayers?.predicted?.json ?? .null
        fields["rise_over_sum"] = JSON(together.riseOverSum)
        return .object(fields)
      }),
  ]).text()
}

/// Of a layer or of all, at a density.
private func members(
  _ density: Double, _ result: Sensitivity.Result?, _ reason: String?, loss: Double,
  tolerance: Double
) -> [String: JSON] {
  let rise = result?.rise
  return [
    "density": JSON(density),
    "weights": JSON(result?.weights),
    "loss": result?.loss.json ?? .null,
    "test": result?.test.json ?? .null,
    "rise": rise?.measured.json ?? .null,
    "predicted": rise?.predicted?.json ?? .null,
    "predicted_over_rise": JSON(rise?.predictedOverMeasured(of: loss)),
    "holds": rise?.holds(within: tolerance, of: loss).map { .bool($0) } ?? .null,
    "reason": JSON(reason),
  ]
}
