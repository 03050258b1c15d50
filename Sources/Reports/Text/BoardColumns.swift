import Comparison
import Networks
import Numerics
import PluginHost

/// The cells of a board's table, aligned over all ratios.
struct BoardColumns {
  let table: TextTable
  /// The title of the column of differences; nil where there are none.
  let differenceTitle: String?
  private let digits: BoardDigits

  init(_ board: Board) {
    let rows = board.tables.flatMap(\.rows) + board.unpruned
    let results = rows.compactMap(\.result)
    let dense = board.dense.map { [$0.test.mean] } ?? []
    digits = BoardDigits(
      metric: board.metric,
      ordinary: NumberText.decimals(
        for: dense + results.flatMap { [$0.test.mean, $0.beforeFineTuning.mean] },
        metric: board.metric))
    let name = printable(board.reference)
    differenceTitle =
      results.contains { $0.difference != nil }
      ? name.count > 12 ? "vs reference" : "vs \(name)" : nil
    table = Self.table(of: board, rows: rows, difference: differenceTitle, digits: digits)
  }

  func text(_ error: Double) -> String { digits.text(error) }

  /// A mean and half its interval: `1.62 ± 0.05`.
  func text(_ estimate: Board.Estimate) -> String {
    let parts = digits.parts(estimate)
    return parts.left + (parts.right.map { " ± " + $0 } ?? "")
  }

  /// A difference and half its interval: `-0.12 ± 0.05`.
  func text(_ difference: Statistics.Interval) -> String {
    let parts = digits.parts(difference)
    return parts.left + (parts.right.map { " ± " + $0 } ?? "")
  }

  private static func table(
    of board: Board, rows: [Board.Row], difference: String?, digits: BoardDigits
  ) -> TextTable {
    var columns: [TextTable.Column] = []
    var contents: [[TextTable.Cell]] = []
    func add(
      _ title: String, _ alignment: TextTable.Alignment, dispensability: Int = 0,
      narrowest: Int? = nil, _ cells: [TextTable.Cell]
    ) {
      columns.append(
        .init(
          title: title, alignment: alignment, dispensability: dispensability, narrowest: narrowest))
      contents.append(cells)
    }
    func numbers(_ text: (Board.Result) -> String) -> [TextTable.Cell] {
      rows.map { $0.result.map { .init(text($0)) } ?? .init(NumberText.none, .faint) }
    }
    func counts(_ value: (Board.Result) -> Double) -> [TextTable.Cell] {
      numbers { NumberText.count(Int(clamping: value($0))) }
    }

    add("#", .right, rows.map { .init($0.rank.map(String.init) ?? NumberText.none) })
    add(
      "strategy", .left, narrowest: 8,
      rows.map { .init(printable($0.strategy), $0.isDone ? .none : .faint) })
    add(board.metric.heading, .left, testErrors(rows, digits))
    if let difference {
      add(difference, .left, dispensability: 1, differenceCells(rows, digits))
    }
    add("weights", .right, counts(\.weights))
    add("effective", .right, dispensability: 4, counts(\.effectiveWeights))
    add("compact", .right, dispensability: 7, counts(\.compactedWeights))
    if rows.contains(where: { $0.result?.savesBits ?? false }) {
      add(
        "bits", .right, dispensability: 4,
        numbers { $0.bits.map { NumberText.short(Int(clamping: $0)) } ?? NumberText.none })
    }
    add(
      "ratio", .right, dispensability: 2,
      numbers { NumberText.fixed($0.ratioAchieved, decimals: 2) + "×" })
    add(
      "FLOPs", .right, dispensability: 6, numbers { NumberText.short(Int(clamping: $0.operations)) }
    )
    add(
      "before tuning", .right, dispensability: 5,
      numbers { digits.text($0.beforeFineTuning.mean) })
    if rows.contains(where: { $0.result?.averageError != nil }) {
      add(
        "over the run", .right, dispensability: 5,
        numbers {
          $0.averageError.map { digits.text($0) } ?? NumberText.none
        })
    }
    if rows.contains(where: { $0.course.map { $0 != .prune } ?? false }) {
      add("course", .left, dispensability: 3, rows.map { .init($0.course?.rawValue ?? "") })
    }
    if rows.contains(where: { $0.result?.trainingCost != nil }) {
      add(
        "training", .right, dispensability: 4,
        numbers {
          $0.trainingCost.map { NumberText.fixed($0, decimals: 2) + "×" } ?? NumberText.none
        })
    }
    add("scoring s", .right, dispensability: 9, numbers { NumberText.significant($0.scoreSeconds) })
    add("µs", .right, dispensability: 8, numbers { NumberText.significant($0.prunedMicroseconds) })
    add(
      "speed-up", .right, dispensability: 3,
      numbers { $0.speedUp.map { NumberText.fixed($0, decimals: 2) + "×" } ?? NumberText.none })
    if rows.contains(where: { $0.result?.runtime != nil }) {
      add(
        "onnxruntime µs", .right, dispensability: 1,
        numbers {
          $0.runtime.map { NumberText.significant($0.microseconds) } ?? NumberText.none
        })
      add(
        "its speed-up", .right, dispensability: 1,
        numbers {
          $0.runtime.map { NumberText.fixed($0.speedUp, decimals: 2) + "×" } ?? NumberText.none
        })
    }
    if rows.contains(where: { $0.result?.planted != nil }) {
      add("found", .left, dispensability: 3, numbers { $0.planted?.text ?? NumberText.none })
    }
    add(
      "status", .left, narrowest: 20,
      rows.map { .init($0.statusText(of: board.seeds), $0.isWhole ? .none : .bad) })

    var table = TextTable(columns: columns)
    var next = 0
    func addRows(_ count: Int) {
      for row in next..<next + count { table.lines.append(.cells(contents.map { $0[row] })) }
      next += count
    }
    for ratioTable in board.tables {
      let goal = ratioTable.weightsGoal.map { "  \(NumberText.count($0)) weights to leave" }
      table.lines.append(.heading(NumberText.ratio(ratioTable.ratio) + (goal ?? "")))
      addRows(ratioTable.rows.count)
    }
    if !board.unpruned.isEmpty {
      table.lines.append(.heading("not pruned, with the same extra training"))
      addRows(board.unpruned.count)
    }
    return table
  }

  private static func testErrors(_ rows: [Board.Row], _ digits: BoardDigits) -> [TextTable.Cell] {
    let pairs = rows.map { row in
      row.result.map { digits.parts($0.test) } ?? (NumberText.none, nil)
    }
    return zip(rows, alignedPairs(pairs, separator: " ± ")).map { row, text in
      .init(text, row.rank == 1 ? .strong : row.isDone ? .none : .faint)
    }
  }

  private static func differenceCells(
    _ rows: [Board.Row], _ digits: BoardDigits
  ) -> [TextTable.Cell] {
    let pairs = rows.map { row in
      row.result?.difference.map { digits.parts($0.interval) } ?? (NumberText.none, nil)
    }
    return zip(rows, alignedPairs(pairs, separator: " ± ")).map { row, text in
      guard let difference = row.result?.difference else { return .init(text + "  ", .faint) }
      guard difference.isSignificant else { return .init(text + "  ") }
      return .init(text + " *", difference.interval.mean < 0 ? .good : .bad)
    }
  }
}

extension Board.Row {
  /// Whether every cell is done, at this ratio and after it.
  fileprivate var isWhole: Bool { isDone && laterStatuses.isEmpty }

  /// How cells ended at this ratio and after it, and how many others have that this row has not.
  fileprivate func statusText(of all: [Int]) -> String {
    func counts(_ statuses: [CellStatus: Int]) -> [String] {
      CellStatus.allCases.compactMap { status in
        statuses[status].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
      }
    }
    let later = counts(laterStatuses)
    let missing = Set(all).subtracting(seeds).count
    return
      (counts(statuses) + (later.isEmpty ? [] : ["later " + later.joined(separator: ", ")])
      + (missing > 0 ? ["\(missing) not run"] : [])).joined(separator: ", ")
  }
}

extension Int {
  /// The nearest integer; the largest or smallest where `value` lies outside, 0 for nan.
  init(clamping value: Double) {
    guard !value.isNaN else {
      self = 0
      return
    }
    self = Int(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
  }
}

extension PlantedRecall {
  /// What was found of each kind: `5/5 inputs, 18/20 units`.
  var text: String {
    var parts: [String] = []
    if deadInputs > 0 { parts.append("\(deadInputsRemoved)/\(deadInputs) inputs") }
    if surplusUnits > 0 { parts.append("\(surplusUnitsRemoved)/\(surplusUnits) units") }
    return parts.isEmpty ? NumberText.none : parts.joined(separator: ", ")
  }
}
