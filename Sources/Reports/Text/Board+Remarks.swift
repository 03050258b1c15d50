import Comparison

extension Board {
  typealias Remark = (label: String, text: String)
  private typealias Place = (ratio: Double, row: Row)

  /// What is to be said of single rows, by kind.
  var remarks: [Remark] {
    noSpeedRemark + unrankedRemark + plantedRemark + noteRemarks + failureRemarks
  }

  /// "Pruned, but not faster" is said in words, so that no one has to find it in the numbers.
  private var noSpeedRemark: [Remark] {
    remark(
      "no speed-up", "here inference takes as long as that of the dense network:",
      rowsByRatio.filter { $0.row.result?.isNotFaster ?? false })
  }

  private var unrankedRemark: [Remark] {
    remark(
      "not ranked", "left more weights than asked for, so not held against the others:",
      rowsByRatio.filter { !($0.row.result?.meetsBudget ?? true) })
  }

  private var plantedRemark: [Remark] {
    guard rowsByRatio.contains(where: { $0.row.result?.planted != nil }) else { return [] }
    let text =
      "of the inputs that decide nothing and the hidden units that the task does not need, how many "
      + "were removed, over all seeds"
    return [("found", text)]
  }

  /// What strategies logged of the methods they chose, and the host of what they left.
  private var noteRemarks: [Remark] {
    remarks("note", rowsByRatio, texts: \.notes)
  }

  private var failureRemarks: [Remark] {
    func isSkipped(_ row: Row) -> Bool { row.statuses.keys.contains(.skipped) }
    return remarks("failed", rowsByRatio.filter { !isSkipped($0.row) }, texts: \.reasons)
      + remarks("skipped", rowsByRatio.filter { isSkipped($0.row) }, texts: \.reasons)
  }

  private var rowsByRatio: [Place] {
    tables.flatMap { table in table.rows.map { (table.ratio, $0) } }
  }

  private func remark(_ label: String, _ text: String, _ places: [Place]) -> [Remark] {
    places.isEmpty ? [] : [(label, text + " " + names(places))]
  }

  /// Each text once, behind the strategies it is said of, and of one strategy only a few.
  private func remarks(
    _ label: String, _ places: [Place], texts: KeyPath<Row, [String]>
  ) -> [Remark] {
    var order: [String] = []
    var placesByText: [String: [Place]] = [:]
    for place in places {
      for text in shownLines(place.row[keyPath: texts], of: place.row.id, limit: 5) {
        if placesByText[text] == nil { order.append(text) }
        placesByText[text, default: []].append(place)
      }
    }
    return order.enumerated().map { index, text in
      (index == 0 ? label : "", "\(names(placesByText[text] ?? [])): \(text)")
    }
  }

  /// Strategies with the ratios at which something is so, unless it is so at all of them.
  private func names(_ places: [Place]) -> String {
    var order: [String] = []
    var ratios: [String: [Double]] = [:]
    for place in places {
      let name = printable(place.row.strategy)
      if ratios[name] == nil { order.append(name) }
      ratios[name, default: []].append(place.ratio)
    }
    return order.map { name in
      let list = ratios[name] ?? []
      guard list.count < tables.count else { return name }
      return "\(name) at \(list.map(NumberText.ratio).joined(separator: " "))"
    }.joined(separator: ", ")
  }
}

extension Board.Result {
  /// Whether the zeros made inference at best a twentieth faster.
  fileprivate var isNotFaster: Bool { prunedMicroseconds > 0.95 * denseMicroseconds }
}
