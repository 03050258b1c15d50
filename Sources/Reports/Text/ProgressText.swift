package import Comparison

/// What is said on standard error while cells run.
package struct ProgressText: Sendable {
  package var style: Style

  package init(style: Style) {
    self.style = style
  }

  /// A line for a cell that ended, without a line end.
  package func finished(_ result: CellResult, done: Int, total: Int) -> String {
    let key = result.key
    let place = "\(printable(key.benchmark)) \(printable(key.strategyText)) seed \(key.replicate)"
    var text = "\(count(done, of: total)) \(place): "
    text += style.apply(result.status == .done ? .none : .bad, to: result.status.rawValue)
    if result.status != .done, let reason = result.reason { text += ", \(printable(reason))" }
    return text + " (\(NumberText.seconds(result.seconds)))"
  }

  /// The state of everything in one line of at most `width` characters, for a terminal.
  package func running(
    done: Int, total: Int, cells: [(key: CellKey, fraction: Double)], width: Int
  ) -> String {
    let parts = cells.map {
      "\(printable($0.key.benchmark)) \(printable($0.key.strategyText)) "
        + NumberText.percent(min(max($0.fraction, 0), 1))
    }
    return String("\(count(done, of: total)) \(parts.joined(separator: ", "))".prefix(width))
  }

  private func count(_ done: Int, of total: Int) -> String { "[\(done)/\(total)]" }
}
