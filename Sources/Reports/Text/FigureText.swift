package import Comparison
import Numerics

/// Published figures beside what was measured of them, as a table for people.
package struct FigureText {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  /// Names, what is claimed, and where.
  package func list(_ figures: [Figure]) -> String {
    var table = TextTable(columns: [.init(title: "figure", alignment: .left)])
    table.lines = figures.flatMap { figure -> [TextTable.Line] in
      [
        .cells([.init(figure.name)]),
        .note(figure.claim + (figure.isVerified ? "" : " (told from memory, unverified)")),
        .note(figure.source),
      ]
    }
    return table.rendered(style: style, width: width).text
      + "\nworkbench reproduce NAME runs it; add --quick for a short form with bounds of its own.\n"
  }

  package func render(_ outcomes: [Figure.Outcome]) -> String {
    let isQuick = outcomes.contains(where: \.quick)
    var table = TextTable(columns: [
      .init(title: "figure", alignment: .left, narrowest: 16),
      .init(title: "what", alignment: .left, dispensability: 1),
      .init(title: "published", alignment: .right),
      .init(title: isQuick ? "quick bound" : "bound", alignment: .right, dispensability: 2),
      .init(title: "measured", alignment: .right),
      .init(title: "95 % interval", alignment: .right, dispensability: 3),
      .init(title: "seeds", alignment: .right, dispensability: 4),
      .init(title: "verdict", alignment: .left),
    ])
    for outcome in outcomes {
      for (index, part) in outcome.parts.enumerated() {
        table.lines.append(.cells(cells(part, of: outcome, isFirst: index == 0)))
        if let reason = part.reason { table.lines.append(.note(printable(reason))) }
      }
    }
    let rendered = table.rendered(style: style, width: width)
    return rendered.text + "\n" + footers(outcomes, isQuick, omitted: rendered.omitted)
  }

  private func cells(
    _ outcome: Figure.Outcome.Part, of figure: Figure.Outcome, isFirst: Bool
  ) -> [TextTable.Cell] {
    let part = outcome.part
    func text(_ value: Double) -> String { Self.text(value, part.unit) }
    let measured = outcome.measured
    let range = measured?.interval.map { "\(text($0.low)) … \(text($0.high))" }
    let verdict: TextTable.Cell =
      switch outcome.verdict {
      case .better, .reproduced: .init(outcome.verdict.rawValue, .good)
      case .notReached: .init(outcome.verdict.rawValue, .bad)
      }
    let mark = figure.figure.isVerified ? "" : " ?"
    return [
      .init(isFirst ? figure.figure.name : ""), .init(part.label),
      .init(text(part.published) + mark),
      .init((part.better == .lower ? "≤ " : "≥ ") + text(outcome.bound)),
      .init(measured.map { text($0.mean) } ?? NumberText.none), .init(range ?? NumberText.none),
      .init("\(measured?.values.count ?? 0)"), verdict,
    ]
  }

  private func footers(
    _ outcomes: [Figure.Outcome], _ isQuick: Bool, omitted: [String]
  ) -> String {
    var lines = LabelledLines()
    if isQuick {
      lines.add(
        "quick",
        "training was shortened: the bounds are those that a wrong implementation would not reach, and say "
          + "nothing of the published figures")
    } else {
      lines.add(
        "verdicts",
        "reproduced: the mean is within the bound, which is the published figure and a tolerance; better: "
          + "the whole interval lies beyond the published figure")
    }
    if outcomes.contains(where: { !$0.figure.isVerified }) {
      lines.add("?", "told from memory: nobody saw it at its source")
    }
    for outcome in outcomes {
      lines.add(outcome.figure.name, outcome.figure.source + ": " + outcome.figure.claim)
      lines.add("", outcome.figure.conditions)
    }
    lines.add(omitted: omitted, width: width, format: "--format json")
    return lines.rendered(style: style, width: min(width ?? 100, 100))
  }

  private static func text(_ value: Double, _ unit: Figure.Unit) -> String {
    switch unit {
    case .percent: NumberText.fixed(value, decimals: 2) + " %"
    case .weights: NumberText.fixed(value, decimals: value == value.rounded() ? 0 : 1)
    case .share: NumberText.fixed(value, decimals: 2)
    case .ratio: NumberText.fixed(value, decimals: 2) + "×"
    }
  }
}
