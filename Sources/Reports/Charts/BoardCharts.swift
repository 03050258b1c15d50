import Comparison
import Datasets
import Networks
import Numerics

/// A board's curves, for a page or a terminal.
struct BoardCharts {
  let board: Board

  /// Those that there is something to show in.
  var all: [Chart] { [errorOverSize, errorOverCost].filter { !$0.isEmpty } }

  private var errorAxisTitle: String { "test error" }
  private var errorUnit: String? { board.metric == .normalisedSquaredError ? nil : "%" }

  var errorOverSize: Chart {
    chart(
      over: .weights, axis: ("weights left", nil),
      title: "Test error against size",
      published: publishedPoints)
  }

  var errorOverCost: Chart {
    chart(
      over: .trainingCost, axis: ("operations of all training", "× dense training"),
      title: "Test error against training cost", published: [])
  }

  private func chart(
    over abscissa: Board.Abscissa, axis: (title: String, unit: String?), title: String,
    published: [Chart.Point]
  ) -> Chart {
    let curves = board.curves(over: abscissa)
    let front = board.front(over: abscissa)
    var series: [Chart.Series] = []
    if front.count > 1 {
      series.append(
        Chart.Series(
          name: "best of all (Pareto front)",
          points: front.map { point($0.point, abscissa, $0.strategy) }, kind: .front))
    }
    series += curves.map { curve in
      Chart.Series(
        name: printable(curve.strategy),
        points: curve.points.map { point($0, abscissa, curve.strategy) },
        kind: curve.isControl ? .control : .measured)
    }
    if !published.isEmpty {
      series.append(
        Chart.Series(
          name: "by papers, each in its own way", points: published, kind: .published))
    }
    let points = series.flatMap(\.points)
    let errors = points.flatMap { point in
      // Only what is positive has a place among factors; an interval may reach below.
      [point.y, point.interval?.upperBound ?? point.y]
        + (point.interval.map { $0.lowerBound > point.y / 4 ? [$0.lowerBound] : [] } ?? [])
    }
    return Chart(
      title: "\(title): \(printable(board.benchmark))",
      summary: summary(curves, front: front, abscissa),
      x: .init(
        title: axis.title, unit: axis.unit, scale: .suiting(points.map(\.x))),
      y: .init(title: errorAxisTitle, unit: errorUnit, scale: .suiting(errors)),
      series: series)
  }

  private func point(
    _ point: Board.CurvePoint, _ abscissa: Board.Abscissa, _ strategy: String
  ) -> Chart.Point {
    let mean = NumberText.significant(point.test.mean)
    let interval = point.test.interval
    let spread = interval.map { " ± " + NumberText.significant($0.halfWidth) } ?? ""
    return Chart.Point(
      x: point.value, y: point.test.mean,
      interval: interval.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil },
      words: "\(printable(strategy)): \(mean)\(spread) at \(text(point.value, abscissa))")
  }

  private func text(_ value: Double, _ abscissa: Board.Abscissa) -> String {
    switch abscissa {
    case .weights: "\(NumberText.count(Int(clamping: value))) weights"
    case .trainingCost: "\(NumberText.significant(value)) × dense training"
    }
  }

  /// Of papers that report an error of this kind, at the size that their ratio leaves of this network.
  private var publishedPoints: [Chart.Point] {
    guard board.metric == .errorPercent, let dense = board.dense?.counts.weights else { return [] }
    return board.nearestPublished.compactMap { result in
      guard let ratio = result.ratio, ratio > 0, let error = result.prunedError else { return nil }
      return Chart.Point(
        x: Double(dense) / ratio, y: error,
        words: "\(printable(result.method)), \(result.year): \(NumberText.plain(error)) % "
          + "at \(NumberText.ratio(ratio))"
          + result.conditions.map { "; \($0)" }.joined())
    }
  }

  private func summary(
    _ curves: [Board.Curve], front: [(strategy: String, point: Board.CurvePoint)],
    _ abscissa: Board.Abscissa
  ) -> String {
    let best = front.map { strategy, point in
      "\(printable(strategy)) with \(NumberText.significant(point.test.mean)) at "
        + text(point.value, abscissa)
    }
    return "\(curves.count) curves of the mean test error, with 95 % intervals over seeds. "
      + (best.isEmpty ? "" : "On the front: \(best.joined(separator: "; ")).")
  }
}
