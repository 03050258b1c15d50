package import Timing

/// A bench report as a table.
package struct BenchText {
  private let report: BenchReport
  /// What the ratios are taken to, and its name.
  private let other: (report: BenchReport, name: String)?
  private let style: Style

  package init(_ report: BenchReport, against other: (BenchReport, String)? = nil, style: Style) {
    self.report = report
    self.other = other.map { (report: $0.0, name: $0.1) }
    self.style = style
  }

  package func rendered(width: Int?) -> String {
    let machine = report.machine
    var text =
      "\(machine.processor), \(machine.cores) cores, kernels \(machine.kernels), "
      + "linear algebra \(machine.algebra), threads \(report.threads), "
      + "median of \(report.rounds) rounds\n\n"
    var columns = [
      TextTable.Column(title: "row", alignment: .left),
      TextTable.Column(title: "median", alignment: .right),
      TextTable.Column(title: "unit", alignment: .left),
      TextTable.Column(title: "low", alignment: .right, dispensability: 2),
      TextTable.Column(title: "high", alignment: .right, dispensability: 2),
      TextTable.Column(title: "GFLOP/s", alignment: .right, dispensability: 1),
      TextTable.Column(title: "ceiling", alignment: .right, dispensability: 1),
      TextTable.Column(title: "MiB", alignment: .right, dispensability: 3),
    ]
    if other != nil {
      columns += [
        TextTable.Column(title: "other", alignment: .right),
        TextTable.Column(title: "ratio", alignment: .right),
      ]
    }
    var table = TextTable(columns: columns)
    table.lines = report.rows.map { .cells(cells($0)) }
    text += table.rendered(style: style, width: width).text
    text += "\n" + remarks()
    return text
  }

  private func cells(_ row: BenchRow) -> [TextTable.Cell] {
    var texts = [
      row.name, number(row.median), row.unit.rawValue, number(row.low), number(row.high),
      row.gigaflops.map(number) ?? "",
      row.ceilingShare.map { "\(Int(($0 * 100).rounded()))%" } ?? "",
      row.peakBytes.map { number(Double($0) / 1_048_576) } ?? "",
    ]
    if let other {
      let match = other.report.row(like: row)
      texts.append(match.map { number($0.median) } ?? "")
      texts.append(match.map { NumberText.fixed(row.ratio(to: $0), decimals: 2) } ?? "")
    }
    return texts.map { TextTable.Cell($0) }
  }

  private func remarks() -> String {
    var lines = [
      "GFLOP/s count live weights alone; ceiling is their share of the core's multiply-adds, times "
        + "the threads.",
      "Masked networks have the same share of every layer's weights masked, at random.",
    ]
    if let other {
      lines.append(
        "ratio: how many times as good as \(other.name) (\(other.report.program), "
          + "\(other.report.machine.processor)); above 1 this run is better.")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func number(_ value: Double) -> String {
    switch abs(value) {
    case 1000...: NumberText.fixed(value, decimals: 0)
    case 10...: NumberText.fixed(value, decimals: 1)
    case 0.1...: NumberText.fixed(value, decimals: 3)
    default: NumberText.plain(DecimalText.rounded(value, digits: 2))
    }
  }
}
