import Comparison
import Networks
import Numerics

/// The cells of a board's table, aligned over all ratios.
struct BoardColumns {
  let table: TextTable
  let showsDifference: Bool
  /// How many differences with an interval are shown.
  let differences: Int
  private let decimals: Int

  init(_ board: Board) {
    let rows = board.tables.flatMap(\.rows) + (board.unpruned.map { [$0] } ?? [])
    let results = rows.compactMap(\.result)
    let dense = board.dense.map { [$0.test.mean] } ?? []
    decimals = NumberText.decimals(
      for: dense + results.flatMap { [$0.test.mean, $0.beforeFineTuning.mean] },
      metric: board.metric)
    differences = results.count { $0.difference != nil }
    showsDifference = differences > 0
    table = Self.table(of: board, rows: rows, decimals: decimals)
  }

  /// A mean and half its interval: `1.62 ± 0.05`.
  func text(_ estimate: Board.Estimate) -> String {
    let mean = NumberText.fixed(estimate.mean, decimals: decimals)
    guard let interval = estimate.interval else { return mean }
    return mean + " ± " + NumberText.fixed(interval.halfWidth, decimals: decimals)
  }

  private static func table(of board: Board, rows: [Board.Row], decimals: Int) -> TextTable {
    var columns: [TextTable.Column] = []
    var contents: [[TextTable.Cell]] = []
    func add(
      _ title: String, _ alignment: TextTable.Alignment, dispensability: Int = 0,
      _ cells: [TextTable.Cell]
    ) {
      columns.append(
        .init(title: title, alignment: alignment, dispensability: dispensability))
      contents.append(cells)
    }
    func numbers(_ text: (Board.Result) -> String) -> [TextTable.Cell] {
      rows.map { $0.result.map { .init(text($0)) } ?? .init(NumberText.none, .faint) }
    }

    add("#", .right, rows.map { .init($0.rank.map(String.init) ?? NumberText.none) })
    add("strategy", .left, rows.map { .init(printable($0.strategy), $0.isDone ? .none : .faint) })
    add(board.metric.heading, .left, testErrors(rows, decimals: decimals))
    if rows.contains(where: { $0.result?.difference != nil }) {
      let name = printable(board.reference)
      add(
        name.count > 12 ? "vs reference" : "vs \(name)", .left, dispensability: 1,
        differenceCells(rows, decimals: decimals))
    }
    add("weights", .right, numbers { NumberText.count(Int(clamping: $0.weights)) })
    add(
      "compact", .right, dispensability: 5,
      numbers { NumberText.count(Int(clamping: $0.compactedWeights)) })
    add("ratio", .right, numbers { NumberText.fixed($0.ratioAchieved, decimals: 2) + "×" })
    add(
      "FLOPs", .right, dispensability: 3,
      numbers { NumberText.short(Int(clamping: $0.operations)) })
    add(
      "before tuning", .right, dispensability: 4,
      numbers { NumberText.fixed($0.beforeFineTuning.mean, decimals: decimals) })
    add("scoring s", .right, dispensability: 6, numbers { NumberText.significant($0.scoreSeconds) })
    add("µs a sample", .left, dispensability: 2, times(rows))
    if rows.contains(where: { $0.result?.planted != nil }) {
      add("found", .left, dispensability: 2, numbers { $0.planted?.text ?? NumberText.none })
    }
    add(
      "status", .left,
      rows.map { .init(statusText($0, of: board.replicates), $0.isDone ? .none : .bad) })

    var table = TextTable(columns: columns)
    var next = 0
    func addRows(_ count: Int) {
      for row in next..<next + count { table.lines.append(.cells(contents.map { $0[row] })) }
      next += count
    }
    for ratioTable in board.tables {
      table.lines.append(
        .heading(
          "\(NumberText.ratio(ratioTable.ratio))  "
            + "\(NumberText.count(ratioTable.weightsGoal)) weights to leave"))
      addRows(ratioTable.rows.count)
    }
    if board.unpruned != nil {
      table.lines.append(.heading("not pruned, with the same extra training"))
      addRows(1)
    }
    return table
  }

  private static func testErrors(_ rows: [Board.Row], decimals: Int) -> [TextTable.Cell] {
    let pairs = rows.map { row -> (left: String, right: String?) in
      guard let test = row.result?.test else { return (NumberText.none, nil) }
      return (
        NumberText.fixed(test.mean, decimals: decimals),
        test.interval.map { NumberText.fixed($0.halfWidth, decimals: decimals) }
      )
    }
    return zip(rows, alignedPairs(pairs, separator: " ± ")).map { row, text in
      .init(text, row.rank == 1 ? .strong : row.isDone ? .none : .faint)
    }
  }

  private static func differenceCells(_ rows: [Board.Row], decimals: Int) -> [TextTable.Cell] {
    let pairs = rows.map { row -> (left: String, right: String?) in
      guard let difference = row.result?.difference else { return (NumberText.none, nil) }
      return (
        NumberText.signed(difference.mean, decimals: decimals),
        NumberText.fixed(difference.halfWidth, decimals: decimals)
      )
    }
    return zip(rows, alignedPairs(pairs, separator: " ± ")).map { row, text in
      guard let difference = row.result?.difference else { return .init(text + "  ", .faint) }
      if difference.high < 0 { return .init(text + " *", .good) }
      if difference.low > 0 { return .init(text + " *", .bad) }
      return .init(text + "  ")
    }
  }

  private static func times(_ rows: [Board.Row]) -> [TextTable.Cell] {
    let pairs = rows.map { row -> (left: String, right: String?) in
      guard let result = row.result else { return (NumberText.none, nil) }
      return (
        NumberText.significant(result.denseMicroseconds),
        NumberText.significant(result.prunedMicroseconds)
      )
    }
    return zip(rows, alignedPairs(pairs, separator: " → ")).map { row, text in
      .init(text, row.isDone ? .none : .faint)
    }
  }

  private static func statusText(_ row: Board.Row, of replicates: Int) -> String {
    var parts = CellStatus.allCases.compactMap { status in
      row.statuses[status].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
    }
    let missing = replicates - row.statuses.values.reduce(0, +)
    if missing > 0 { parts.append("\(missing) not run") }
    return parts.joined(separator: ", ")
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
