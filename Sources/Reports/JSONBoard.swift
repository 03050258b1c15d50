package import Comparison
import Datasets
import Networks
import Numerics

/// The leaderboard for programs: `schema` 1. Fields are added, never changed, under one number;
/// readers ignore those they do not know.
package struct JSONBoard {
  /// The version of the program.
  package var version: String
  package var machine: Machine
  /// The version of the protocol: training, counting, schedule.
  package var protocolVersion: Int

  package init(version: String, machine: Machine, protocolVersion: Int) {
    self.version = version
    self.machine = machine
    self.protocolVersion = protocolVersion
  }

  /// - Throws: `EncodingError`, should a value not be representable.
  package func render(_ boards: [Board]) throws -> String {
    try JSON.object([
      "schema": .integer(1),
      "workbench": .string(version),
      "machine": .object([
        "processor": .string(machine.processor),
        "cores": .integer(machine.cores),
        "system": .string(machine.system),
      ]),
      "protocol": .object([
        "version": .integer(protocolVersion),
        "interval": .string("95 % Student t over seeds"),
        "inference_batch": .integer(TrajectoryPoint.inferenceBatch),
        "flops": .string("a multiply-add as 2, remaining weights only"),
      ]),
      "boards": .array(boards.map(\.json)),
      "published": .array(published(boards)),
    ]).text()
  }

  /// One benchmark may have several boards, and is listed once.
  private func published(_ boards: [Board]) -> [JSON] {
    var listed: Set<String> = []
    return boards.filter { listed.insert($0.benchmark).inserted }.flatMap { board in
      board.published.map { $0.json(benchmark: board.benchmark) }
    }
  }
}

extension Board {
  fileprivate var json: JSON {
    .object([
      "benchmark": .string(benchmark),
      "summary": .string(benchmarkSummary),
      "metric": .string(metric.identifier),
      "quick": .bool(quick),
      "seeds": .integer(replicates),
      "counts_biases": .bool(prunesBiases),
      "reference": .string(reference),
      "ratios": .array(tables.map { JSON($0.ratio) }),
      "dense": dense?.json ?? .null,
      "unpruned": unpruned.map { $0.json(ratio: nil) } ?? .null,
      "rows": .array(
        tables.flatMap { table in table.rows.map { $0.json(ratio: table.ratio) } }),
    ])
  }
}

extension Board.Dense {
  fileprivate var json: JSON {
    .object([
      "weights": .integer(counts.weights),
      "parameters": .integer(counts.parameters),
      "flops": .integer(counts.operations),
      "test": test.json,
      "validation": validation.json,
      "train_seconds": JSON(trainSeconds),
    ])
  }
}

extension Board.Row {
  /// - Parameter ratio: Nil for a network that is not pruned.
  fileprivate func json(ratio: Double?) -> JSON {
    let (origin, sha256): (String, String?) =
      switch origin {
      case .builtIn: ("builtin", nil)
      case .plugin(let sha256): ("plugin", sha256)
      }
    return .object([
      "rank": JSON(rank),
      "strategy": .string(id),
      "title": .string(strategy),
      "parameters": .object(parameters.mapValues { .string($0) }),
      "origin": .string(origin),
      "plugin_sha256": JSON(sha256),
      "ratio_requested": JSON(ratio),
      "ratio_achieved": JSON(result?.ratioAchieved),
      "weights": JSON(result?.weights),
      "parameters_left": JSON(result?.parameters),
      "flops": JSON(result?.operations),
      "compacted_weights": JSON(result?.compactedWeights),
      "compacted_flops": JSON(result?.compactedOperations),
      "meets_budget": result.map { .bool($0.meetsBudget) } ?? .null,
      "test": result?.test.json ?? .null,
      "validation": result?.validation.json ?? .null,
      "before_finetune": result?.beforeFineTuning.json ?? .null,
      "difference": result?.difference?.json ?? .null,
      "score_seconds": JSON(result?.scoreSeconds),
      "train_seconds": JSON(result?.trainSeconds),
      "train_samples": JSON(result?.trainSamples),
      "inference": .object([
        "dense_us": JSON(result?.denseMicroseconds),
        "pruned_us": JSON(result?.prunedMicroseconds),
      ]),
      "planted": result?.planted?.json ?? .null,
      "status": .object(
        Dictionary(
          statuses.filter { $0.value > 0 }.map { ($0.key.rawValue, JSON.integer($0.value)) },
          uniquingKeysWith: { first, _ in first })),
      "reason": reasons.isEmpty ? .null : .string(reasons.joined(separator: "; ")),
      "notes": .array(notes.map { .string($0) }),
    ])
  }
}

extension Board.Estimate {
  fileprivate var json: JSON {
    .object([
      "mean": JSON(mean), "low": JSON(interval?.low), "high": JSON(interval?.high),
      "values": .array(values.map { JSON($0) }),
    ])
  }
}

extension Statistics.Interval {
  fileprivate var json: JSON {
    .object(["mean": JSON(mean), "low": JSON(low), "high": JSON(high)])
  }
}

extension PlantedRecall {
  fileprivate var json: JSON {
    .object([
      "dead_inputs": .integer(deadInputs),
      "dead_inputs_removed": .integer(deadInputsRemoved),
      "surplus_units": .integer(surplusUnits),
      "surplus_units_removed": .integer(surplusUnitsRemoved),
    ])
  }
}

extension PublishedResult {
  /// - Parameter benchmark: Whose task and network the result is of.
  fileprivate func json(benchmark: String) -> JSON {
    .object([
      "benchmark": .string(benchmark),
      "method": .string(method),
      "year": .integer(year),
      "paper": .string(paper),
      "dataset": .string(dataset),
      "architecture": .string(architecture),
      "metric": .string(metric),
      "dense_parameters": JSON(denseParameters),
      "parameters_left": JSON(parametersLeft),
      "ratio": JSON(ratio),
      "dense_error_percent": JSON(denseError),
      "error_percent": JSON(prunedError),
      "remark": .string(remark),
      "source": .string(source),
      "verified": .bool(isVerified),
    ])
  }
}

extension Metric {
  fileprivate var identifier: String {
    switch self {
    case .errorPercent: "error_percent"
    case .thresholdErrorPercent: "threshold_error_percent"
    case .normalisedSquaredError: "nmse"
    }
  }
}
