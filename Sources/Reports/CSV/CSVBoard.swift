package import Comparison
import Networks
import Numerics
import PluginHost

/// Boards as comma-separated values: a line for each row and seed, with what is known of the seed alone, and
/// behind it what is known of the row. Fields are added at the end, never moved.
package struct CSVBoard {
  package init() {}

  package func render(_ boards: [Board]) -> String {
    var table = CSVTable(columns: Self.places + Self.ofSeed.map(\.name) + Self.ofRow.map(\.name))
    for board in boards {
      if let dense = board.dense { add(dense, of: board, to: &table) }
      for row in board.unpruned { add(row, ratio: nil, of: board, to: &table) }
      for ratioTable in board.tables {
        for row in ratioTable.rows { add(row, ratio: ratioTable.ratio, of: board, to: &table) }
      }
    }
    return table.rendered
  }

  private typealias Field = CSVTable.Field

  private static let places = [
    "benchmark", "kernels", "quick", "metric", "ratio_requested", "title",
  ]

  private func place(_ board: Board, ratio: Double?, _ title: String) -> [Field] {
    [
      .text(board.benchmark), .text(board.kernels), .flag(board.quick),
      .text(board.metric.identifier), Field(ratio), .text(title),
    ]
  }

  private func add(_ row: Board.Row, ratio: Double?, of board: Board, to table: inout CSVTable) {
    for (index, seed) in row.seeds.enumerated() {
      table.add(
        place(board, ratio: ratio, row.strategy)
          + Self.ofSeed.map { $0.field(seed, row.result, index) }
          + Self.ofRow.map { $0.field(row) })
    }
  }

  /// The networks that all start from have a line a seed, too.
  private func add(_ dense: Board.Dense, of board: Board, to table: inout CSVTable) {
    for (index, test) in dense.test.values.enumerated() {
      let seed = board.seeds.count == dense.test.values.count ? board.seeds[index] : nil
      let validation = dense.validation.values
      table.add(
        place(board, ratio: nil, "dense") + [
          Field(seed), .number(test), Field(index < validation.count ? validation[index] : nil),
        ])
    }
  }

  private static let ofSeed: [(name: String, field: @Sendable (Int, Board.Result?, Int) -> Field)] =
    {
      @Sendable func value(_ estimate: Board.Estimate?, _ index: Int) -> Field {
        Field(estimate.flatMap { index < $0.values.count ? $0.values[index] : nil })
      }
      return [
        ("seed", { seed, _, _ in .count(seed) }),
        ("test", { value($1?.test, $2) }),
        ("validation", { value($1?.validation, $2) }),
        ("before_finetune", { value($1?.beforeFineTuning, $2) }),
      ]
    }()

  private static let ofRow: [(name: String, field: @Sendable (Board.Row) -> Field)] = [
    ("rank", { Field($0.rank) }),
    ("strategy", { .text($0.id) }),
    (
      "parameters",
      { row in
        .text(
          row.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
            separator: ";"))
      }
    ),
    ("control", { Field($0.control?.rawValue) }),
    ("course", { Field($0.course?.rawValue) }),
    (
      "plugin_sha256",
      { row in
        if case .plugin(let digest) = row.origin { .text(digest) } else { .none }
      }
    ),
    ("test_mean", { Field($0.result?.test.mean) }),
    ("test_low", { Field($0.result?.test.interval?.low) }),
    ("test_high", { Field($0.result?.test.interval?.high) }),
    ("difference", { Field($0.result?.difference?.interval.mean) }),
    ("difference_low", { Field($0.result?.difference?.interval.low) }),
    ("difference_high", { Field($0.result?.difference?.interval.high) }),
    ("p_holm", { Field($0.result?.difference?.adjustedP) }),
    ("weights", { Field($0.result?.weights) }),
    ("effective_weights", { Field($0.result?.effectiveWeights) }),
    ("compacted_weights", { Field($0.result?.compactedWeights) }),
    ("parameters_left", { Field($0.result?.parameters) }),
    ("bits", { Field($0.result?.bits) }),
    ("ratio_achieved", { Field($0.result?.ratioAchieved) }),
    ("flops", { Field($0.result?.operations) }),
    ("compacted_flops", { Field($0.result?.compactedOperations) }),
    ("average_error", { Field($0.result?.averageError) }),
    ("training_cost", { Field($0.result?.trainingCost) }),
    ("train_samples", { Field($0.result?.trainSamples) }),
    ("score_seconds", { Field($0.result?.scoreSeconds) }),
    ("train_seconds", { Field($0.result?.trainSeconds) }),
    ("dense_us", { Field($0.result?.denseMicroseconds) }),
    ("pruned_us", { Field($0.result?.prunedMicroseconds) }),
    ("speedup", { Field($0.result?.speedUp) }),
    ("onnxruntime_us", { Field($0.result?.runtime?.microseconds) }),
    ("onnxruntime_speedup", { Field($0.result?.runtime?.speedUp) }),
    ("budget", { Field($0.result?.budget.rawValue) }),
    ("behind_random", { Field($0.result?.behindRandom?.rawValue) }),
    ("status", { .text(words($0.statuses)) }),
    ("later_status", { .text(words($0.laterStatuses)) }),
    ("reason", { Field($0.reasons.isEmpty ? nil : $0.reasons.joined(separator: "; ")) }),
  ]

  private static func words(_ statuses: [CellStatus: Int]) -> String {
    CellStatus.allCases.compactMap { status in
      statuses[status].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
    }.joined(separator: "; ")
  }
}
