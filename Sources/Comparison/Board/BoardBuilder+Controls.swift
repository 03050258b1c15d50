import Numerics

extension BoardBuilder {
  /// With the differences to the controls of its own structures. A control is held against nothing else:
  /// it enters no claim about strategies.
  func held(_ row: Board.Row, of entrant: Entrant, ratio: Double) -> Board.Row {
    var row = row
    guard entrant.control == nil else {
      row.result?.difference = nil
      return row
    }
    row.result?.controls = Control.allCases.compactMap { control in
      difference(of: entrant, to: entrant.under(control), ratio: ratio).map {
        Board.ControlDifference(control: control, difference: $0)
      }
    }
    return row
  }

  /// Whether a control has no place in a table: the strategy left it no structure at this ratio.
  func lacksStructure(_ entrant: Entrant, at ratio: Double) -> Bool {
    guard entrant.control != nil else { return false }
    return (cells[entrant.withoutControl] ?? []).contains { $0.point(at: ratio) == nil }
  }

  /// Adjusts the p-values of all differences to controls for their number.
  static func correctControls(_ tables: inout [Board.Table]) {
    var places: [(table: Int, row: Int, control: Int, p: Double)] = []
    for table in tables.indices {
      for row in tables[table].rows.indices {
        for (control, held) in (tables[table].rows[row].result?.controls ?? []).enumerated() {
          if let p = held.difference.p { places.append((table, row, control, p)) }
        }
      }
    }
    for (place, adjusted) in zip(places, Statistics.holm(places.map(\.p))) {
      tables[place.table].rows[place.row].result?.controls[place.control].difference.adjustedP =
        adjusted
    }
  }
}
