package import Comparison
import Datasets
import Networks
import Numerics
import PluginHost

/// The leaderboard for programs: `schema` 1. Fields are added, never changed, under one number;
/// readers ignore those they do not know.
package struct JSONBoard {
  /// The version of the program.
  package var version: String
  /// The version of the protocol: training, counting, schedule.
  package var protocolVersion: Int

  package init(version: String, protocolVersion: Int) {
    self.version = version
    self.protocolVersion = protocolVersion
  }

  /// - Parameter runs: Cells whose way is told step by step.
  /// - Throws: `EncodingError`, should a value not be representable.
  package func render(_ boards: [Board], runs: [TracedRun] = []) throws -> String {
    try JSON.object([
      "schema": .integer(1),
      "workbench": .string(version),
      "machine": machine(boards)?.json ?? .null,
      "protocol": .object([
        "version": .integer(protocolVersion),
        "interval": .string("95 % Student t over seeds"),
        "difference_interval": .string(
          "95 %, over seeds and, where they share test samples, over these"),
        "significance": .string("5 %, Holm's correction over the differences of a board"),
        "inference_batch": .integer(TrajectoryPoint.inferenceBatch),
        "flops": .string("a multiply-add as 2, remaining weights only"),
      ]),
      "boards": .array(boards.map(\.json)),
      "published": .array(published(boards)),
      "runs": .array(runs.map(\.json)),
    ]).text()
  }

  /// The machine of every measurement; where there are several, each board lists them.
  private func machine(_ boards: [Board]) -> Machine? {
    let machines = Set(boards.map(\.machine))
    return machines.count == 1 ? machines.first ?? nil : nil
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
      "kernels": .string(kernels),
      "seeds": .integer(seeds.count),
      "seed_list": .array(seeds.map { .integer($0) }),
      "counts_biases": .bool(prunesBiases),
      "validates_on_training": .bool(validatesOnTraining),
      "noise_floor": JSON(noiseFloor),
      "reference": .string(reference),
      "ratios": .array(tables.map { JSON($0.ratio) }),
      "dense": dense?.json ?? .null,
      "unpruned": unpruned.first.map { json(of: $0, ratio: nil) } ?? .null,
      "unpruned_others": .array(unpruned.dropFirst().map { json(of: $0, ratio: nil) }),
      "rows": .array(
        tables.flatMap { table in table.rows.map { json(of: $0, ratio: table.ratio) } }),
      "differences": .integer(differences),
      "smallest": .array(
        smallest.flatMap { entry in entry.found.map { $0.json(strategy: entry.strategy) } }),
      "failures": .array(failures.map(\.json)),
      "remarks": .array(remarks.map(\.json)),
      "measured": .array(measured.map(\.json)),
      "unequal_starts": .array(unequalStarts.map { .integer($0) }),
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
      "us": JSON(microseconds),
    ])
  }
}

extension Board {
  /// - Parameter ratio: Nil for a network that is not pruned.
  fileprivate func json(of row: Row, ratio: Double?) -> JSON {
    let result = row.result
    let (origin, sha256): (String, String?) =
      switch row.origin {
      case .builtIn: ("builtin", nil)
      case .plugin(let sha256): ("plugin", sha256)
      }
    return .object([
      "rank": JSON(row.rank),
      "strategy": .string(row.id),
      "title": .string(row.strategy),
      "parameters": .object(row.parameters.mapValues { .string($0) }),
      "origin": .string(origin),
      "control": JSON(row.control?.rawValue),
      "course": JSON(row.course?.rawValue),
      "plugin_sha256": JSON(sha256),
      "seeds": .array(row.seeds.map { .integer($0) }),
      "ratio_requested": JSON(ratio),
      "ratio_achieved": JSON(result?.ratioAchieved),
      "weights": JSON(result?.weights),
      "effective_weights": JSON(result?.effectiveWeights),
      "parameters_left": JSON(result?.parameters),
      "flops": JSON(result?.operations),
      "compacted_weights": JSON(result?.compactedWeights),
      "bits": JSON(result?.bits),
      "compacted_flops": JSON(result?.compactedOperations),
      "meets_budget": result.map { .bool($0.meetsBudget) } ?? .null,
      "budget": JSON(result?.budget.rawValue),
      "behind_random": JSON(result?.behindRandom?.rawValue),
      "controls": .array((result?.controls ?? []).map(\.json)),
      "test": result?.test.json ?? .null,
      "wrong": JSON(result?.wrong),
      "validation": result?.validation.json ?? .null,
      "average_error": JSON(result?.averageError),
      "before_finetune": result?.beforeFineTuning.json ?? .null,
      "difference": result?.difference?.json ?? .null,
      "score_seconds": JSON(result?.scoreSeconds),
      "train_seconds": JSON(result?.trainSeconds),
      "train_samples": JSON(result?.trainSamples),
      "training_cost": JSON(result?.trainingCost),
      "inference": inference(result),
      "measured_on": .array(row.measuredOn.map { .integer($0) }),
      "planted": result?.planted?.json ?? .null,
      "status": json(row.statuses),
      "later_status": json(row.laterStatuses),
      "reason": row.reasons.isEmpty ? .null : .string(row.reasons.joined(separator: "; ")),
      "notes": .array(
        (row.notes + [removalWords(result?.removal).map { "mask only, \($0)" }].compactMap { $0 })
          .map { .string($0) }),
      "notes_left_out": .integer(row.notesLeftOut),
    ])
  }

  /// Times of onnxruntime stand there where they were measured.
  private func inference(_ result: Board.Result?) -> JSON {
    var members: [String: JSON] = [
      "dense_us": JSON(result?.denseMicroseconds),
      "pruned_us": JSON(result?.prunedMicroseconds),
      "speedup": JSON(result?.speedUp),
    ]
    if let runtime = result?.runtime {
      members["onnxruntime_us"] = JSON(runtime.microseconds)
      members["onnxruntime_speedup"] = JSON(runtime.speedUp)
    }
    return .object(members)
  }

  private func json(_ statuses: [CellStatus: Int]) -> JSON {
    .object(
      Dictionary(
        statuses.filter { $0.value > 0 }.map { ($0.key.rawValue, JSON.integer($0.value)) },
        uniquingKeysWith: { first, _ in first }))
  }
}

extension Board.Difference {
  fileprivate var json: JSON {
    .object([
      "mean": JSON(interval.mean), "low": JSON(interval.low), "high": JSON(interval.high),
      "p_value": JSON(p), "p_holm": JSON(adjustedP), "significant": .bool(isSignificant),
      "seeds": .array(seeds.map { .integer($0) }),
    ])
  }
}

extension Board.ControlDifference {
  fileprivate var json: JSON {
    .object([
      "control": .string(control.rawValue), "difference": difference.json,
      "better": .bool(isBetter),
    ])
  }
}

extension Board.Estimate {
  var json: JSON {
    .object([
      "mean": JSON(mean), "low": JSON(interval?.low), "high": JSON(interval?.high),
      "values": .array(values.map { JSON($0) }),
    ])
  }
}

extension Metric {
  var identifier: String {
    switch self {
    case .errorPercent: "error_percent"
    case .thresholdErrorPercent: "threshold_error_percent"
    case .normalisedSquaredError: "nmse"
    }
  }
}
