import Comparison
import Networks

/// The summary below the tables: how small each strategy gets while it is about as good as the dense
/// network.
struct SmallestNetworks {
  private let board: Board
  private let columns: BoardColumns

  init(_ board: Board, columns: BoardColumns) {
    self.board = board
    self.columns = columns
  }

  static let heading =
    "the smallest network whose mean validation error is within so much of that of the dense ones: "
    + "weights, ratio, test error"

  /// Nil where there is nothing to choose by.
  var table: TextTable? {
    guard let first = board.smallest.first else { return nil }
    let isPercent = board.metric != .normalisedSquaredError
    var table = TextTable(columns: [.init(title: "strategy", alignment: .left, narrowest: 8)])
    var contents = [board.smallest.map { TextTable.Cell(printable($0.strategy)) }]
    for (place, found) in first.found.enumerated() {
      table.columns.append(
        .init(
          title: "within \(NumberText.plain(found.tolerance))\(isPercent ? " points" : "")",
          alignment: .left, dispensability: place == 1 ? 2 : place == 0 ? 1 : 0))
      contents.append(cells(board.smallest.map { $0.found[place].network }))
    }
    for row in board.smallest.indices {
      table.lines.append(.cells(contents.map { $0[row] }))
    }
    return table
  }

  /// Empty where there is no table.
  func rendered(style: Style, width: Int?) -> String {
    guard let table else { return "" }
    return wrapped(Self.heading, width: min(width ?? 100, 100)).map {
      style.apply(.strong, to: $0) + "\n"
    }.joined() + table.rendered(style: style, width: width).text + "\n"
  }

  private func cells(_ networks: [Board.Smallest.Network?]) -> [TextTable.Cell] {
    let sizes = networks.map { network -> (left: String, right: String?) in
      guard let network else { return (NumberText.none, nil) }
      return (
        NumberText.count(Int(clamping: network.weights)),
        NumberText.fixed(network.ratioAchieved, decimals: 2) + "×"
      )
    }
    let pairs = zip(alignedPairs(sizes, separator: "  "), networks).map { size, network in
      (left: size, right: network.map { columns.text($0.test) })
    }
    return zip(alignedPairs(pairs, separator: "  "), networks).map { text, network in
      network == nil ? .init(NumberText.none, .faint) : .init(text)
    }
  }
}
