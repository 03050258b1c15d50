import Comparison

/// Each strategy with the same structures from other starts beside it.
struct ControlTable {
  let board: Board
  let columns: BoardColumns

  /// Nil where there are no such controls.
  var html: HTML? {
    let controls = Control.allCases.filter { control in
      board.tables.flatMap(\.rows).contains { $0.control == control }
    }
    guard !controls.isEmpty else { return nil }
    let groups = board.tables.map { table in
      HTMLTable.Group(
        heading: NumberText.ratio(table.ratio),
        rows: table.rows.filter { $0.control == nil }.compactMap { row in
          self.row(row, in: table, controls)
        })
    }
    return .group([
      StatementList(
        controls.map { Statement(label: $0.rawValue, text: $0.summary) }
      ).html,
      HTMLTable(
        caption: nil, corner: "strategy",
        columns: [.init("test error")]
          + controls.flatMap { control in
            [HTMLTable.Column(control.rawValue), .init("strategy less \(control.rawValue)")]
          }, groups: groups
      ).html(label: "strategies and the controls of their structures"),
    ])
  }

  /// Nil where a strategy has no control at this ratio.
  private func row(
    _ row: Board.Row, in table: Board.Table, _ controls: [Control]
  ) -> HTMLTable.Row? {
    let own = controls.map { control in
      table.rows.first {
        $0.control == control && $0.id == row.id && $0.parameters == row.parameters
      }
    }
    guard own.contains(where: { $0 != nil }) else { return nil }
    return HTMLTable.Row(
      heading: row.strategy,
      cells: [.init(row.result.map { columns.text($0.test) } ?? NumberText.none)]
        + zip(controls, own).flatMap { control, other -> [HTMLTable.Cell] in
          [
            .init(other?.result.map { columns.text($0.test) } ?? NumberText.none),
            difference(row.result?.controls.first { $0.control == control }),
          ]
        })
  }

  private func difference(_ held: Board.ControlDifference?) -> HTMLTable.Cell {
    guard let held else { return .init(NumberText.none, .faint) }
    let text = columns.text(held.difference.interval)
    guard held.difference.isSignificant else { return .init(text) }
    return .init(text + " *", held.isBetter ? .good : .bad)
  }
}
