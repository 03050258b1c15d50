package import Comparison
import Networks
import Numerics
import PluginHost

/// What pruning each layer alone costs, as tables for people.
package struct SensitivityText {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  package func render(_ sensitivity: Sensitivity) -> String {
    var text = heading(
      sensitivity.benchmark,
      "\(sensitivity.benchmarkSummary); \(printable(sensitivity.kernels)) kernels", style: style,
      width: width)
    let verb = sensitivity.course == .grow ? "grown" : "pruned"
    text += "\n"
    text += line(
      "each layer \(verb) alone by \(printable(sensitivity.strategy)), before any further training")
    let layers = layerTable(sensitivity).rendered(style: style, width: width)
    text += layers.text + "\n"
    text += line("all layers at once, each \(verb) as it was alone")
    let together = togetherTable(sensitivity).rendered(style: style, width: width)
    text += together.text + "\n"
    let omitted = layers.omitted + together.omitted.filter { !layers.omitted.contains($0) }
    return text + footers(sensitivity, omitted: omitted)
  }

  private func line(_ text: String) -> String {
    wrapped(text, width: width ?? .max).map { $0 + "\n" }.joined()
  }

  // MARK: - Tables

  private func layerTable(_ sensitivity: Sensitivity) -> TextTable {
    let errors = Errors(sensitivity)
    var table = TextTable(columns: [
      .init(title: "density", alignment: .right), .init(title: "weights", alignment: .right),
      .init(title: sensitivity.metric.heading, alignment: .right),
      .init(title: "loss", alignment: .right, dispensability: 1),
      .init(title: "rise", alignment: .right),
    ])
    if sensitivity.predicts { table.columns += predictionColumns }
    for layer in sensitivity.layers {
      table.lines.append(.heading(title(of: layer, in: sensitivity)))
      for point in layer.points {
        let density = TextTable.Cell(NumberText.plain(point.density))
        guard let result = point.result else {
          table.lines += unreached(density, point.reason, columns: table.columns.count)
          continue
        }
        var cells = [
          density, .init(weights(result.weights)), .init(errors.text(result.test)),
          .init(loss(result.loss.mean)), .init(loss(result.rise.measured.mean)),
        ]
        if sensitivity.predicts { cells += prediction(result.rise, in: sensitivity) }
        table.lines.append(.cells(cells))
      }
    }
    return table
  }

  private func togetherTable(_ sensitivity: Sensitivity) -> TextTable {
    let errors = Errors(sensitivity)
    var table = TextTable(columns: [
      .init(title: "density", alignment: .right),
      .init(title: "weights", alignment: .right, dispensability: 1),
      .init(title: sensitivity.metric.heading, alignment: .right),
      .init(title: "rise", alignment: .right),
      .init(title: "sum of layers", alignment: .right),
      .init(title: "rise/sum", alignment: .right, dispensability: 1),
    ])
    if sensitivity.predicts { table.columns += predictionColumns }
    for together in sensitivity.together {
      let density = TextTable.Cell(NumberText.plain(together.density))
      guard let result = together.result else {
        var lines = unreached(density, together.reason, columns: table.columns.count)
        if case .cells(var cells) = lines[0], let sum = together.sumOfLayers {
          cells[4] = TextTable.Cell(loss(sum.measured.mean))
          lines[0] = .cells(cells)
        }
        table.lines += lines
        continue
      }
      let sum = together.sumOfLayers?.measured.mean
      var cells = [
        density, TextTable.Cell(weights(result.weights)), .init(errors.text(result.test)),
        .init(loss(result.rise.measured.mean)), .init(sum.map(loss) ?? NumberText.none),
        .init(quotient(together.riseOverSum)),
      ]
      if sensitivity.predicts { cells += prediction(result.rise, in: sensitivity) }
      table.lines.append(.cells(cells))
    }
    return table
  }

  private var predictionColumns: [TextTable.Column] {
    [
      .init(title: "predicted", alignment: .right),
      .init(title: "pred./rise", alignment: .right, dispensability: 2),
      .init(title: "holds", alignment: .left, dispensability: 1),
    ]
  }

  private func prediction(
    _ rise: Sensitivity.Rise, in sensitivity: Sensitivity
  ) -> [TextTable.Cell] {
    guard let predicted = rise.predicted?.mean,
      let holds = rise.holds(within: sensitivity.tolerance, of: sensitivity.dense.loss.mean)
    else { return [.init(NumberText.none), .init(NumberText.none), .init("")] }
    return [
      .init(loss(predicted)),
      .init(quotient(rise.predictedOverMeasured(of: sensitivity.dense.loss.mean))),
      holds ? .init("yes", .good) : .init("no", .bad),
    ]
  }

  private func unreached(
    _ density: TextTable.Cell, _ reason: String?, columns: Int
  ) -> [TextTable.Line] {
    let cells = [density] + Array(repeating: TextTable.Cell(NumberText.none), count: columns - 1)
    return [.cells(cells)] + (reason.map { [.note(printable($0))] } ?? [])
  }

  private func title(of layer: Sensitivity.Layer, in sensitivity: Sensitivity) -> String {
    let size = "\(printable(layer.name))  \(NumberText.count(layer.weights)) weights"
    guard layer.points.contains(where: { $0.result?.rise.predicted != nil }) else { return size }
    let range =
      layer.predictionHoldsTo.map { "holds to density \(NumberText.plain($0))" }
      ?? "holds at no density"
    return "\(size); the prediction \(range)"
  }

  // MARK: - Footers

  private func footers(_ sensitivity: Sensitivity, omitted: [String]) -> String {
    var lines = LabelledLines()
    let dense = sensitivity.dense
    lines.add(
      "trained",
      "\(NumberText.count(dense.weights)) weights, test error \(Errors(sensitivity).text(dense.test)), "
        + "loss \(loss(dense.loss.mean))")
    lines.add("test error", sensitivity.metric.explanation)
    lines.add(
      "loss",
      "the mean over the training samples that strategies read; rise is what "
        + (sensitivity.course == .grow ? "growing" : "pruning")
        + " adds to it, and nothing is trained behind it")
    lines.add(
      "density",
      "the weights that a layer is asked to have, over those that it had; units come and go whole, and a "
        + "unit that comes adds weights to the next layer, too")
    if sensitivity.layers.contains(where: { $0.points.allSatisfy { $0.result == nil } }) {
      lines.add(
        "at once", "layers that reach no density alone stay as they are when all change at once")
    }
    if sensitivity.predicts {
      lines.add(
        "holds",
        "the predicted rise and the measured one are at most a factor of "
          + "\(NumberText.plain(sensitivity.tolerance)) apart, or both are below "
          + "\(NumberText.percent(Sensitivity.negligible)) of the loss before; a layer's prediction holds "
          + "to the last density of the grid before the first at which it does not")
    }
    let seeds = sensitivity.seeds.count
    lines.add(
      "seeds",
      seeds == 1 ? "1, which says nothing of the spread" : "\(seeds), of which these are the means")
    if sensitivity.quick {
      lines.add(
        "caution",
        "The networks' training was shortened (--quick): for trying out, not for conclusions.")
    }
    lines.add(omitted: omitted, width: width, format: "--format json")
    return lines.rendered(style: style, width: min(width ?? 100, 100))
  }

  // MARK: - Numbers

  private func weights(_ value: Double) -> String {
    NumberText.count(Int(clamping: value.rounded()))
  }

  /// Three digits, whatever the size: rises run over many powers of ten.
  private func loss(_ value: Double) -> String {
    guard value.isFinite else { return NumberText.none }
    return abs(value) >= 0.01 && abs(value) < 1000
      ? NumberText.significant(value) : DecimalText.scientific(value)
  }

  /// What is far from one says no more than that.
  private func quotient(_ quotient: Double?) -> String {
    guard let quotient else { return NumberText.none }
    return abs(quotient) >= 1000 ? "> 1000" : NumberText.fixed(quotient, decimals: 2)
  }
}

/// How the errors of a sensitivity are written.
private struct Errors {
  private let decimals: Int

  init(_ sensitivity: Sensitivity) {
    let results = sensitivity.layers.flatMap(\.points).compactMap(\.result)
    decimals = NumberText.decimals(
      for: results.map(\.test.mean) + [sensitivity.dense.test.mean], metric: sensitivity.metric)
  }

  func text(_ estimate: Board.Estimate) -> String {
    let mean = NumberText.fixed(estimate.mean, decimals: decimals)
    guard let interval = estimate.interval else { return mean }
    return "\(mean) ± \(NumberText.fixed(interval.halfWidth, decimals: decimals))"
  }
}
