package import Comparison
import Networks

/// What one strategy made of one network, ratio by ratio: what `run` prints.
package struct TrajectoryText {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  /// - Parameters:
  ///   - benchmark: The one that `result` is of.
  ///   - rounds: What the strategy did, as far as it is known.
  package func render(
    _ result: CellResult, of benchmark: Benchmark, rounds: [RoundRecord] = []
  ) -> String {
    let key = result.key
    let metric = benchmark.metric
    let title =
      "\(printable(key.strategyText)) on \(printable(key.benchmark)), seed \(key.replicate)"
    var text = heading(title, printable(benchmark.summary), style: style, width: width) + "\n"
    let table = table(result, of: benchmark).rendered(style: style, width: width)
    text += table.text + "\n"
    var lines = LabelledLines()
    lines.add("test error", metric.explanation)
    if benchmark.validatesOnTraining, !table.omitted.contains(Self.trainingHeading) {
      lines.add(
        Self.trainingHeading,
        "the error on the samples that the network is trained on, which are all there is for "
          + "validation")
    }
    lines.add(
      "counting",
      "\(effectiveRule); \(compactRule); widths are units by layer")
    lines.add(
      "time",
      "\(NumberText.seconds(result.seconds)) in all, at most "
        + "\(NumberText.bytes(result.peakMemoryBytes)) of memory; microseconds a sample in batches "
        + "of \(TrajectoryPoint.inferenceBatch), dense → pruned")
    let log = NoteLines(of: [result])
    // What the timeline says is not said twice.
    let told = Set(rounds.flatMap { $0.proposal.notes ?? [] })
    let notes = shownLines(
      log.lines.filter { !told.contains($0) }, of: key.strategy, leftOut: log.leftOut, limit: 12)
    for (index, note) in notes.enumerated() {
      lines.add(index == 0 ? "note" : "", note)
    }
    if result.status != .done {
      lines.add(result.status.rawValue, printable(result.reason ?? "no reason was given"))
    }
    if key.quick { lines.add("caution", "Training was shortened (--quick).") }
    lines.add(omitted: table.omitted, width: width)
    return text + lines.rendered(style: style, width: min(width ?? 100, 100))
      + curve(result, metric)
      + TimelineText(style: style, width: width).render(
        rounds, curve: TracedRun(result, rounds: rounds).curve, metric: metric)
  }

  /// Size and error over the samples.
  private func curve(_ result: CellResult, _ metric: Metric) -> String {
    let marks = TracedRun(result, rounds: []).curve
    let text = CurveText(style: style, width: width).render(marks, metric: metric)
    return text.isEmpty ? "" : "\n" + text
  }

  private static let trainingHeading = "training set"

  private func table(_ result: CellResult, of benchmark: Benchmark) -> TextTable {
    let metric = benchmark.metric
    let points = result.points
    let dense = result.dense
    let decimals = NumberText.decimals(
      for: points.map(\.test.error) + (dense.map { [$0.test.error] } ?? []), metric: metric)
    func fixed(_ value: Double) -> String { NumberText.fixed(value, decimals: decimals) }
    var columns: [TextTable.Column] = []
    var contents: [[TextTable.Cell]] = []
    func add(
      _ title: String, _ alignment: TextTable.Alignment = .right, dispensability: Int = 0,
      dense denseText: String?, _ text: (TrajectoryPoint) -> String
    ) {
      columns.append(.init(title: title, alignment: alignment, dispensability: dispensability))
      let first = dense == nil ? [] : [TextTable.Cell(denseText ?? "")]
      contents.append(first + points.map { TextTable.Cell(text($0)) })
    }
    add("ratio asked", dense: "dense") { NumberText.ratio($0.ratioRequested) }
    add("ratio", dense: "1.00×") { NumberText.fixed($0.ratioAchieved, decimals: 2) + "×" }
    add("weights", dense: dense.map { NumberText.count($0.counts.weights) }) {
      NumberText.count($0.counts.weights)
    }
    add("effective", dispensability: 5, dense: dense.map { NumberText.count($0.counts.weights) }) {
      NumberText.count($0.effectiveCounts.weights)
    }
    add("compact", dispensability: 4, dense: dense.map { NumberText.count($0.counts.weights) }) {
      NumberText.count($0.compactedCounts.weights)
    }
    add("FLOPs", dispensability: 3, dense: dense.map { NumberText.short($0.counts.operations) }) {
      NumberText.short($0.counts.operations)
    }
    add("before tuning", dense: nil) { fixed($0.beforeFineTuning.error) }
    add(metric.heading, dense: dense.map { fixed($0.test.error) }) { fixed($0.test.error) }
    // An error on the samples of the training must not pass for one on others.
    let validation = benchmark.validatesOnTraining ? Self.trainingHeading : "validation"
    add(validation, dispensability: 2, dense: dense.map { fixed($0.validation.error) }) {
      fixed($0.validation.error)
    }
    add("scoring s", dispensability: 6, dense: nil) { NumberText.significant($0.scoreSeconds) }
    add(
      "training s", dispensability: 7, dense: dense.map { NumberText.significant($0.trainSeconds) }
    ) { NumberText.significant($0.trainSeconds) }
    let times = alignedPairs(
      points.map {
        (
          NumberText.significant($0.denseMicroseconds),
          NumberText.significant($0.prunedMicroseconds)
        )
      }, separator: " → ")
    columns.append(.init(title: "µs a sample", alignment: .left, dispensability: 1))
    contents.append((dense == nil ? [] : [TextTable.Cell("")]) + times.map { .init($0) })
    if points.contains(where: { $0.planted != nil }) {
      add("found", .left, dense: "") { $0.planted?.text ?? NumberText.none }
    }
    add("widths", .left, dispensability: 8, dense: "") {
      $0.widths.map(String.init).joined(separator: "-")
    }
    var table = TextTable(columns: columns)
    for row in 0..<(contents.first?.count ?? 0) {
      table.lines.append(.cells(contents.map { $0[row] }))
    }
    return table
  }
}
