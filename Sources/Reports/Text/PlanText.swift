package import Comparison

/// What a comparison would run, and what of it the store has: what `--dry-run` prints.
package struct PlanText {
  package var style: Style

  package init(style: Style) {
    self.style = style
  }

  /// - Parameters:
  ///   - stored: Keys of the cells that have a result.
  ///   - trainingSamples: Samples that all cells not stored are going to train on, together.
  package func render(_ plan: ComparisonPlan, stored: Set<CellKey>, trainingSamples: Int) -> String
  {
    var table = TextTable(columns: [
      .init(title: "benchmark", alignment: .left), .init(title: "strategy", alignment: .left),
      .init(title: "seed", alignment: .right), .init(title: "ratios", alignment: .left),
      .init(title: "state", alignment: .left),
    ])
    let cells = plan.denseCells + plan.cells
    for cell in cells {
      let isStored = stored.contains(cell.key)
      let ratios = cell.key.ratios.map(NumberText.ratio).joined(separator: " ")
      table.lines.append(
        .cells([
          .init(printable(cell.key.benchmark)), .init(printable(cell.key.strategyText)),
          .init(String(cell.key.replicate)), .init(ratios.isEmpty ? NumberText.none : ratios),
          .init(isStored ? "stored" : "to run", isStored ? .faint : .none),
        ]))
    }
    let storedCount = cells.count { stored.contains($0.key) }
    return table.rendered(style: style, width: nil).text + "\n"
      + "\(cells.count) cells: \(storedCount) stored, \(cells.count - storedCount) to run, "
      + "\(NumberText.count(trainingSamples)) training samples in all\n"
  }
}
