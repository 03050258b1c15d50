package import Comparison
package import Networks
import PluginHost

/// What a strategy did to one network, in order: the rounds in which something changed, and the update
/// points of training periods, taken together where there are many.
package struct TimelineText {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  package var width: Int?

  /// Rows that the update points of a training period share, and of one of many periods.
  private static let rowsAPeriod = (few: 4, many: 1)
  private static let manyPeriods = 6
  /// Rows of a period whose strategy says why it changed something.
  private static let rowsWithReasons = 64

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  /// Empty where nothing changed.
  ///
  /// - Parameters:
  ///   - curve: The error over the samples, as far as it is known.
  ///   - metric: What the error is.
  package func render(
    _ rounds: [RoundRecord], curve: [CurveMark] = [], metric: Metric? = nil
  ) -> String {
    let events = Self.events(of: rounds)
    guard !events.isEmpty else { return "" }
    var table = TextTable(columns: [
      .init(title: "samples", alignment: .right), .init(title: "weights", alignment: .right),
      .init(title: "layer by layer", alignment: .left, dispensability: 4),
      .init(title: "widths", alignment: .left, dispensability: 1),
      .init(title: "what changed", alignment: .left),
      .init(title: "error", alignment: .right, dispensability: 2),
      .init(title: "loss", alignment: .right, dispensability: 5),
      .init(title: "change", alignment: .right, dispensability: 3),
      .init(title: "predicted", alignment: .right, dispensability: 3),
      .init(title: "scores", alignment: .left, dispensability: 6),
    ])
    let hasErrors = metric != nil && !curve.isEmpty
    let errors = events.map { event in
      metric.flatMap { error(at: event.records[0].samples, in: curve, metric: $0) } ?? ""
    }
    if !hasErrors { table.columns.removeAll { $0.title == "error" } }
    for (event, error) in zip(events, errors) {
      var cells = cells(of: event)
      if hasErrors { cells.insert(error, at: Self.errorColumn) }
      table.lines.append(.cells(cells.map { .init($0) }))
      for note in event.last.proposal.notes ?? [] { table.lines.append(.note(printable(note))) }
    }
    var lines = LabelledLines()
    lines.add(
      "timeline",
      "samples shown before, the dense network's included; what was changed, in connections, units or "
        + "layers; "
        + (hasErrors ? "the error on validation samples, as it was last measured before; " : "")
        + "the training loss on the samples that the strategy read and its change by surgery, "
        + "before any training; the least, mean and largest of its scores")
    let text = table.rendered(style: style, width: width)
    lines.add(omitted: text.omitted, width: width)
    return "\n" + text.text + "\n" + lines.rendered(style: style, width: min(width ?? 100, 100))
  }

  private static let errorColumn = 5

  private func error(at samples: Int, in curve: [CurveMark], metric: Metric) -> String? {
    let decimals = NumberText.decimals(for: curve.suffix(1).map(\.error), metric: metric)
    return (curve.last { $0.samples <= samples } ?? curve.first).map {
      NumberText.fixed($0.error, decimals: decimals)
    }
  }

  /// A round, or neighbouring update points of a period.
  private struct Event {
    var records: [RoundRecord]
    var last: RoundRecord { records[records.count - 1] }
  }

  private static func events(of rounds: [RoundRecord]) -> [Event] {
    let periods = rounds.count { $0.step == nil }
    let hasReasons = rounds.contains { $0.step != nil && $0.proposal.notes != nil }
    let rowsAPeriod =
      hasReasons
      ? Self.rowsWithReasons
      : periods < manyPeriods ? Self.rowsAPeriod.few : Self.rowsAPeriod.many
    var events: [Event] = []
    var updates: [RoundRecord] = []
    func flush() {
      let size = max(1, (updates.count + rowsAPeriod - 1) / rowsAPeriod)
      for start in stride(from: 0, to: updates.count, by: size) {
        events.append(Event(records: Array(updates[start..<min(start + size, updates.count)])))
      }
      updates = []
    }
    for round in rounds {
      if round.step == nil { flush() }
      guard round.changedSomething else { continue }
      if round.step == nil {
        events.append(Event(records: [round]))
      } else {
        updates.append(round)
      }
    }
    flush()
    return events
  }

  private func cells(of event: Event) -> [String] {
    let (first, last) = (event.records[0], event.last)
    var edits: [Edit.Kind: Int] = [:]
    for record in event.records { edits.merge(record.proposal.edits, uniquingKeysWith: &+) }
    let changes = Edit.Kind.allCases.compactMap { kind in
      edits[kind].map { "\(kind.rawValue) \(NumberText.count($0))" }
    }
    let points = event.records.count
    let isUpdate = first.step != nil
    let what =
      (isUpdate && points > 1 ? "\(points) update points: " : "")
      + (changes.isEmpty ? "weights without effect masked" : changes.joined(separator: ", "))
    let change = sum(
      event.records.map { record in
        record.lossAfter.flatMap { after in record.lossBefore.map { after - $0 } }
      })
    return [
      NumberText.short(first.samples)
        + (points > 1 ? "–\(NumberText.short(last.samples))" : ""),
      "\(NumberText.count(first.weightsBefore)) → \(NumberText.count(last.weights))",
      last.layers.map { NumberText.count($0.weights) }.joined(separator: " "),
      last.layers.map { String($0.units) }.joined(separator: "-"), what,
      points > 1 ? "" : first.lossBefore.map(NumberText.anySize) ?? "",
      change.map(NumberText.signedAnySize) ?? "",
      sum(event.records.map(\.proposal.predictedLossChange)).map(NumberText.signedAnySize) ?? "",
      last.proposal.scores.map {
        [$0.least, $0.mean, $0.largest].map(NumberText.anySize).joined(separator: " ")
      } ?? "",
    ]
  }

  /// Nil unless all are known.
  private func sum(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.count == values.count ? known.reduce(0, +) : nil
  }
}
