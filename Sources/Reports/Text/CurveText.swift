import Comparison
import Foundation
import Networks

/// The size and the error of a run over the samples shown, a line each.
struct CurveText {
  let style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  let width: Int?

  private static let levels = Array("▁▂▃▄▅▆▇█")
  /// Characters of a plot at most: it is a sketch, the numbers are in the JSON.
  private static let widest = 48

  /// Empty where fewer than two marks are known.
  func render(_ marks: [CurveMark], metric: Metric) -> String {
    guard marks.count > 1, let first = marks.first, let last = marks.last,
      last.samples > first.samples
    else { return "" }
    let decimals = NumberText.decimals(for: [last.error], metric: metric)
    let rows = [
      (
        "weights", marks.map { Double($0.weights) },
        NumberText.count(first.weights), NumberText.count(last.weights)
      ),
      (
        "error", marks.map(\.error), NumberText.fixed(first.error, decimals: decimals),
        NumberText.fixed(last.error, decimals: decimals)
      ),
    ]
    let left = rows.map(\.2.count).max() ?? 0
    let right = rows.map(\.3.count).max() ?? 0
    let columns = min(Self.widest, max(8, (width ?? 100) - left - right - 11))
    return rows.map { label, values, begin, end in
      let padding = String(repeating: " ", count: 9 - label.count + left - begin.count)
      return style.apply(.faint, to: label) + padding + begin + " "
        + line(values, at: marks.map(\.samples), columns: columns) + " \(end)\n"
    }.joined()
  }

  /// On a logarithmic scale: both sizes and errors change by factors.
  private func line(_ values: [Double], at samples: [Int], columns: Int) -> String {
    let logs = values.map { log(max($0, 1e-6)) }
    let (least, largest) = (logs.min() ?? 0, logs.max() ?? 0)
    let (begin, end) = (samples[0], samples[samples.count - 1])
    return String(
      (0..<columns).map { column in
        let at = Double(begin) + (Double(column) + 0.5) / Double(columns) * Double(end - begin)
        let index = samples.lastIndex { Double($0) <= at } ?? 0
        let share = largest > least ? (logs[index] - least) / (largest - least) : 0
        return Self.levels[min(Self.levels.count - 1, Int(share * Double(Self.levels.count)))]
      })
  }
}
