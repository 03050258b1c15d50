package import Comparison

/// Boards for a page of Markdown, such as a README: a table a ratio, and below it in words what the numbers
/// are and what went wrong.
package struct MarkdownBoard {
  package init() {}

  package func render(_ boards: [Board]) -> String {
    Markdown.blocks(boards.flatMap(blocks)).source
  }

  private func blocks(_ board: Board) -> [Markdown] {
    let columns = BoardColumns(board)
    let statements =
      BoardWords(board, columns: columns).statements() + RemarkWords(board: board).statements
      + board.publishedStatements(sources: "the report in JSON")
    var blocks = [
      Markdown.paragraph([
        .strong(board.benchmark),
        .text("\(board.benchmarkSummary); \(board.kernels) kernels"),
      ])
    ]
    blocks += tables(columns.table)
    let smallest = SmallestNetworks(board, columns: columns)
    if let table = smallest.table {
      blocks.append(.paragraph([.text(SmallestNetworks.heading)]))
      blocks += tables(table)
    }
    blocks.append(list(statements))
    return blocks
  }

  /// A table for each heading, which stands before it.
  private func tables(_ table: TextTable) -> [Markdown] {
    table.sections.flatMap { heading, rows in
      [
        heading.map { .paragraph([.strong($0)]) } ?? .empty,
        .table(
          table.columns.map { ($0.title, $0.alignment == .right) },
          rows: rows.map { $0.map(Self.cell) }),
      ]
    }
  }

  /// What stands in columns of their own in a terminal is one text here.
  private static func cell(_ cell: TextTable.Cell) -> Markdown {
    cell.emphasis == .strong ? .strong(cell.text) : .text(cell.text)
  }

  /// Statements of one label are one item.
  private func list(_ statements: [Statement]) -> Markdown {
    var items: [(label: String, texts: [String])] = []
    for statement in statements {
      if items.last?.label == statement.label {
        items[items.count - 1].texts.append(statement.text)
      } else {
        items.append((statement.label, [statement.text]))
      }
    }
    return .list(
      items.map { [.strong($0.label), .text($0.texts.joined(separator: "; "))] })
  }
}
