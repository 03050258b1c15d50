package import Comparison
import Networks

/// What a network is and where it comes from, for programs: `schema` 1. Fields are added, never changed, under
/// one number.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func portraitJSON(_ portrait: Portrait, name: String, version: String) throws -> String {
  let network = portrait.network
  return try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "name": .string(name),
    "weights": .integer(portrait.allWeights),
    "live_weights": .integer(network.counts.weights),
    "effective_weights": .integer(portrait.effective.weights),
    "live_parameters": .integer(network.counts.parameters),
    "flops": .integer(network.counts.operations),
    "counts_biases": .bool(network.prunesBiases),
    "layers": .array(portrait.nodes.map(\.json)),
    "file": .object(portrait.lineage.mapValues { .string($0) }),
    "lineage": portrait.result.map { Lineage($0).json } ?? .null,
  ]).text()
}

extension Portrait.Node {
  fileprivate var json: JSON {
    .object([
      "name": .string(name), "operation": .string(kind),
      "reads": .array(inputs.map { .string($0) }),
      "shape": .array([shape.channels, shape.height, shape.width].map { .integer($0) }),
      "units": JSON(parameters?.units), "weights": JSON(parameters?.weights),
      "live_weights": JSON(parameters?.liveWeights), "biases": JSON(parameters?.biases),
      "live_biases": JSON(parameters?.liveBiases),
    ])
  }
}

extension Lineage {
  fileprivate var json: JSON {
    let key = result.key
    return .object([
      "benchmark": .string(key.benchmark), "benchmark_version": .integer(key.benchmarkVersion),
      "benchmark_sha256": JSON(key.benchmarkSHA256), "quick": .bool(key.quick),
      "strategy": .string(key.strategy), "strategy_version": .string(key.strategyVersion),
      "parameters": .object(key.parameters.mapValues { .string($0) }),
      "control": JSON(key.control?.rawValue), "plugin_sha256": JSON(key.pluginSHA256),
      "seed": .integer(key.replicate), "kernels": .string(key.kernels),
      "protocol": .integer(key.protocolVersion), "start_sha256": JSON(result.startSHA256),
      "structures_sha256": JSON(result.structuresSHA256),
      "model_sha256": JSON(result.files[Store.modelName]),
      "status": .string(result.status.rawValue),
      "reason": JSON(result.reason), "ratio_requested": JSON(result.points.last?.ratioRequested),
      "ratio_achieved": JSON(result.points.last?.ratioAchieved),
      "test_error": JSON(result.points.last?.test.error ?? result.dense?.test.error),
    ])
  }
}
