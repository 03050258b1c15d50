package import Comparison

/// The leaderboard for a terminal: a table a benchmark, grouped by ratio, and below it in words what
/// the numbers are, what they cannot say and what went wrong.
package struct TextBoard {
  package var style: Style
  /// Columns of the terminal; nil where the text may be as wide as it needs.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  package func render(_ boards: [Board]) -> String {
    boards.map(render).joined(separator: "\n")
  }

  package func render(_ board: Board) -> String {
    let columns = BoardColumns(board)
    let table = columns.table.rendered(style: style, width: width)
    var text = heading(
      printable(board.benchmark),
      "\(printable(board.benchmarkSummary)); \(printable(board.kernels)) kernels",
      style: style, width: width)
    text += "\n" + table.text + "\n"
    text += SmallestNetworks(board, columns: columns).rendered(style: style, width: width)
    var lines = LabelledLines()
    let statements =
      BoardWords(board, columns: columns).statements(omitting: table.omitted)
      + RemarkWords(board: board).statements
      + board.publishedStatements(sources: "--format json")
    lines.add(statements)
    lines.add(omitted: table.omitted, width: width, format: "--format csv")
    return text + lines.rendered(style: style, width: min(width ?? 100, 100))
  }
}
