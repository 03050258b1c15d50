package import Comparison
import Foundation

/// The curves of a page in a terminal: lines of dots, and a letter at each point that was measured.
package struct PlotText {
  package var style: Style
  /// Columns of the terminal.
  package var width: Int
  /// Whether there are letters beside those of ASCII.
  package var isUnicode: Bool

  package init(style: Style, width: Int, isUnicode: Bool) {
    self.style = style
    self.width = width
    self.isUnicode = isUnicode
  }

  /// The curves of a board.
  package func render(_ board: Board) -> String {
    BoardCharts(board: board).all.map { "\n" + render($0) }.joined()
  }

  /// Size over training and predictions of runs on one benchmark.
  package func render(_ runs: [TracedRun], benchmark: String) -> String {
    let charts = RunCharts(runs: runs, benchmark: benchmark)
    return [charts.capacity, charts.predictions].filter { !$0.isEmpty }
      .map { "\n" + render($0) }.joined()
  }

  private static let rows = 18
  private static let widest = 84

  func render(_ chart: Chart) -> String {
    let ticks = Chart.ticks(of: chart.y, room: 5)
    let labelWidth = ticks.map(\.text.count).max() ?? 1
    let columns = max(20, min(width, Self.widest) - labelWidth - 2)
    var grid = PlotGrid(columns: columns, rows: Self.rows)
    for (series, look) in zip(chart.series, chart.looks) {
      draw(series, look, of: chart, in: &grid)
    }
    var text = wrapped(chart.title, width: width).map { style.apply(.strong, to: $0) + "\n" }
      .joined()
    text += shown(chart.y.label) + "\n"
    for (row, line) in grid.lines(isUnicode: isUnicode).enumerated() {
      let tick = ticks.first { grid.row(of: $0.place) == row }
      let label = tick?.text ?? ""
      let bar = isUnicode ? (tick == nil ? "│" : "┤") : (tick == nil ? "|" : "+")
      let padding = String(repeating: " ", count: labelWidth - label.count)
      text += withoutTrailingSpaces(padding + label + " " + bar + line) + "\n"
    }
    text += axis(chart.x, columns: columns, indent: labelWidth + 1)
    text += legend(of: chart)
    return text
  }

  private func draw(
    _ series: Chart.Series, _ look: Int?, of chart: Chart, in grid: inout PlotGrid
  ) {
    let places = series.points.compactMap { point -> (x: Double, y: Double)? in
      guard chart.x.scale.place(point.x) != nil, chart.y.scale.place(point.y) != nil else {
        return nil
      }
      return (chart.x.scale.clampedPlace(point.x), chart.y.scale.clampedPlace(point.y))
    }
    switch series.kind {
    case .measured, .control, .diagonal:
      for (from, to) in zip(places, places.dropFirst()) { grid.line(from, to) }
    case .steps:
      for (from, to) in zip(places, places.dropFirst()) {
        grid.line(from, (to.x, from.y))
        grid.line((to.x, from.y), to)
      }
    case .front, .scattered, .published: break
    }
    // Of hundreds of measurements a letter in some says whose they are.
    let stride = series.kind == .steps ? max(1, (places.count + 5) / 6) : 1
    let sign = sign(series.kind, look)
    guard let sign else { return }
    for (index, place) in places.enumerated()
    where index % stride == 0 || index == places.count - 1 { grid.put(sign, at: place) }
  }

  private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

  /// Nil for what has no points of its own.
  private func sign(_ kind: Chart.Series.Kind, _ look: Int?) -> Character? {
    if let look { return Self.letters[look % Self.letters.count] }
    return kind == .published ? "*" : nil
  }

  private func axis(_ axis: Chart.Axis, columns: Int, indent: Int) -> String {
    var line = Array(repeating: Character(isUnicode ? "─" : "-"), count: columns)
    var labels = Array(repeating: Character(" "), count: columns + indent + 1)
    var end = -1
    for tick in Chart.ticks(of: axis, room: max(3, columns / 9)) {
      let column = min(columns - 1, Int(tick.place * Double(columns)))
      line[column] = isUnicode ? "┬" : "+"
      let start = indent + 1 + column - tick.text.count / 2
      guard start > end, start >= 0, start + tick.text.count <= labels.count else { continue }
      for (offset, letter) in tick.text.enumerated() { labels[start + offset] = letter }
      end = start + tick.text.count
    }
    let space = String(repeating: " ", count: indent)
    let title = String(shown(axis.label).prefix(width))
    let titleIndent = max(0, indent + 1 + columns - title.count)
    return space + (isUnicode ? "└" : "+") + String(line) + "\n"
      + withoutTrailingSpaces(String(labels)) + "\n"
      + String(repeating: " ", count: titleIndent) + title + "\n"
  }

  private func legend(of chart: Chart) -> String {
    var entries: [String] = []
    for (series, look) in zip(chart.series, chart.looks) {
      guard let sign = sign(series.kind, look) else { continue }
      entries.append("\(sign) \(series.name)")
    }
    entries.append("# several")
    var lines: [String] = []
    for entry in entries {
      if let last = lines.last, last.count + 3 + entry.count <= width {
        lines[lines.count - 1] = last + "   " + entry
      } else {
        lines.append(String(entry.prefix(width)))
      }
    }
    return lines.map { shown($0) + "\n" }.joined()
  }

  private func shown(_ text: String) -> String {
    isUnicode ? text : String(text.map { $0.isASCII ? $0 : $0 == "×" ? "x" : "?" })
  }

  private func withoutTrailingSpaces(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return shown(text)
  }
}

/// The characters of a plot, each of two by four dots.
struct PlotGrid {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var signs: [Character?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    signs = Array(repeating: nil, count: columns * rows)
  }

  /// From above, of a place that counts from below.
  func row(of place: Double) -> Int { min(rows - 1, max(0, Int((1 - place) * Double(rows)))) }

  private func column(of place: Double) -> Int {
    min(columns - 1, max(0, Int(place * Double(columns))))
  }

  mutating func put(_ sign: Character, at place: (x: Double, y: Double)) {
    let cell = row(of: place.y) * columns + column(of: place.x)
    signs[cell] = signs[cell].map { $0 == sign ? sign : "#" } ?? sign
  }

  mutating func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
    let width = Double(2 * columns - 1)
    let height = Double(4 * rows - 1)
    let steps = max(
      1, Int(max(abs(to.x - from.x) * width, abs(to.y - from.y) * height).rounded(.up)))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = Int(((from.x + share * (to.x - from.x)) * width).rounded())
      let y = Int(((1 - from.y - share * (to.y - from.y)) * height).rounded())
      guard (0..<2 * columns).contains(x), (0..<4 * rows).contains(y) else { continue }
      dots[y / 4 * columns + x / 2] |= Self.bits[y % 4][x % 2]
    }
  }

  /// Those of a braille character, from its first row down.
  private static let bits: [[UInt8]] = [[1, 8], [2, 16], [4, 32], [64, 128]]

  func lines(isUnicode: Bool) -> [String] {
    (0..<rows).map { row in
      String(
        (0..<columns).map { column -> Character in
          let cell = row * columns + column
          if let sign = signs[cell] { return sign }
          guard dots[cell] != 0 else { return " " }
          guard isUnicode else { return "." }
          return Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? "."
        })
    }
  }
}
