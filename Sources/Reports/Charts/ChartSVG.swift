/// A chart as a drawing in a page. Colours, line widths and letters are those of the page's style sheet.
struct ChartSVG {
  let chart: Chart
  /// Unique on the page; those of its parts begin with it.
  let id: String

  private static let size = (width: 520.0, height: 340.0)
  private static let margin = (left: 52.0, right: 14.0, top: 30.0, bottom: 48.0)
  /// Of a letter, on average: to see whether texts meet.
  private static let letterWidth = 7.5
  static let colours = 8
  private static let marks = 4

  private var plotWidth: Double { Self.size.width - Self.margin.left - Self.margin.right }
  private var plotHeight: Double { Self.size.height - Self.margin.top - Self.margin.bottom }

  /// The figure: the drawing, its legend, and its numbers as a table.
  var figure: HTML {
    .element(
      .figure, [],
      .element(.figcaption, [], .text(chart.title)), drawing, legend, numbers)
  }

  private var drawing: HTML {
    let (width, height) = Self.size
    return .element(
      .svg,
      [
        .init(.viewBox, "0 0 \(HTML.number(width)) \(HTML.number(height))"), .init(.role, "img"),
        .init(.class, "chart"), .init(.labelledBy, "\(id)-title \(id)-desc"),
      ],
      [
        .element(.title, [.init(.id, "\(id)-title")], .text(chart.title)),
        .element(.desc, [.init(.id, "\(id)-desc")], .text(chart.summary)),
        axes,
      ] + zip(chart.series, chart.looks).map(drawing))
  }

  // MARK: - Places

  private func left(_ value: Double) -> Double {
    Self.margin.left + chart.x.scale.clampedPlace(value) * plotWidth
  }

  private func top(_ value: Double) -> Double {
    Self.margin.top + (1 - chart.y.scale.clampedPlace(value)) * plotHeight
  }

  // MARK: - Axes

  private var axes: HTML {
    let (left, top) = (Self.margin.left, Self.margin.top)
    let (right, bottom) = (left + plotWidth, top + plotHeight)
    var parts: [HTML] = []
    var end = -Double.infinity
    for tick in Chart.ticks(of: chart.x, room: 8) {
      let x = left + tick.place * plotWidth
      parts.append(line(x, top, x, bottom, "grid"))
      let half = Double(tick.text.count) * Self.letterWidth / 2
      guard x - half > end + 6, x + half <= Self.size.width else { continue }
      end = x + half
      parts.append(label(tick.text, x, bottom + 18, "middle", "tick"))
    }
    for tick in Chart.ticks(of: chart.y, room: 7) {
      let y = top + (1 - tick.place) * plotHeight
      parts.append(line(left, y, right, y, "grid"))
      parts.append(label(tick.text, left - 7, y + 4.5, "end", "tick"))
    }
    parts.append(
      .element(
        .path,
        [
          .init(.class, "axis"),
          .init(
            .d,
            "M\(HTML.number(left)) \(HTML.number(top))V\(HTML.number(bottom))H\(HTML.number(right))"
          ),
        ]))
    parts.append(label(chart.y.label, 4, 16, "start", "axis-title"))
    parts.append(label(chart.x.label, right, Self.size.height - 8, "end", "axis-title"))
    return .element(.g, [.init(.hidden, "true")], parts)
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> HTML
  {
    .element(
      .line,
      [.init(.class, kind), .init(.x1, x1), .init(.y1, y1), .init(.x2, x2), .init(.y2, y2)])
  }

  private func label(
    _ text: String, _ x: Double, _ y: Double, _ anchor: String, _ kind: String
  ) -> HTML {
    .element(
      .text, [.init(.class, kind), .init(.x, x), .init(.y, y), .init(.textAnchor, anchor)],
      .text(text))
  }

  // MARK: - Series

  private func drawing(_ series: Chart.Series, look: Int?) -> HTML {
    let points = series.points
      .filter { chart.x.scale.place($0.x) != nil && chart.y.scale.place($0.y) != nil }
    var parts: [HTML] = []
    let intervals = points.compactMap { point in
      point.interval.map { range in
        let (x, low, high) = (
          HTML.number(left(point.x)), HTML.number(top(range.lowerBound)),
          HTML.number(top(range.upperBound))
        )
        return "M\(x) \(low)V\(high)m-3 0h6M\(x) \(low)m-3 0h6"
      }
    }
    if !intervals.isEmpty {
      parts.append(path(intervals.joined(), "interval"))
    }
    if let line = line(of: series.kind, points) { parts.append(path(line, "line")) }
    if series.kind != .front, series.kind != .diagonal, series.kind != .steps {
      parts += points.map { mark($0, kind: series.kind, look: look) }
    }
    return .element(.g, [.init(.class, Self.styleClass(series.kind, look))], parts)
  }

  private func path(_ places: String, _ kind: String) -> HTML {
    .element(.path, [.init(.class, kind), .init(.d, places)])
  }

  private func line(of kind: Chart.Series.Kind, _ points: [Chart.Point]) -> String? {
    guard points.count > 1, kind != .scattered, kind != .published else { return nil }
    var text = ""
    for point in points {
      let (x, y) = (HTML.number(left(point.x)), HTML.number(top(point.y)))
      if text.isEmpty {
        text = "M\(x) \(y)"
      } else {
        text += kind == .steps || kind == .front ? "H\(x)V\(y)" : "L\(x) \(y)"
      }
    }
    return text
  }

  private func mark(_ point: Chart.Point, kind: Chart.Series.Kind, look: Int?) -> HTML {
    .element(
      .path,
      [
        .init(.class, "mark"),
        .init(.d, Self.shape(look, kind, left(point.x), top(point.y))),
      ],
      .element(.title, [], .text(point.words)))
  }

  /// Series whose colours are alike differ in shape.
  private static func shape(
    _ look: Int?, _ kind: Chart.Series.Kind, _ x: Double, _ y: Double
  ) -> String {
    let (left, top) = (HTML.number(x), HTML.number(y))
    guard let look else { return "M\(left) \(top)m-5 0l5 -5l5 5l-5 5z" }
    return switch (look / colours + look) % marks {
    case 0: "M\(left) \(top)m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
    case 1: "M\(left) \(top)m-3.6 -3.6h7.2v7.2h-7.2z"
    case 2: "M\(left) \(top)m-4.4 3.4l4.4 -7.6l4.4 7.6z"
    default: "M\(left) \(top)m-4.8 0l4.8 -4.8l4.8 4.8l-4.8 4.8z"
    }
  }

  private static func styleClass(_ kind: Chart.Series.Kind, _ look: Int?) -> String {
    let own =
      switch kind {
      case .measured, .steps, .scattered: "series"
      case .control: "series control"
      case .published: "published"
      case .front: "front"
      case .diagonal: "diagonal"
      }
    return look.map { "\(own) c\($0 % colours) d\($0 / colours % 3)" } ?? own
  }

  // MARK: - Beside the drawing

  private var legend: HTML {
    let entries = zip(chart.series, chart.looks).map { series, look -> HTML in
      let line =
        series.kind == .scattered || series.kind == .published
        ? HTML.nothing : path("M0 7H24", "line")
      let mark =
        [.front, .diagonal, .steps].contains(series.kind)
        ? HTML.nothing : path(Self.shape(look, series.kind, 12, 7), "mark")
      return .element(
        .li, [],
        .element(
          .svg,
          [
            .init(.viewBox, "0 0 24 14"), .init(.width, 24), .init(.height, 14),
            .init(.hidden, "true"),
          ],
          .element(.g, [.init(.class, Self.styleClass(series.kind, look))], line, mark)),
        .text(" " + series.name))
    }
    return .element(.ul, [.init(.class, "legend")], entries)
  }

  /// The same as a table: for those who read numbers or hear them.
  private var numbers: HTML {
    let columns = [chart.x.label, chart.y.label]
    let rows = chart.series.filter(\.isOwn).flatMap { series in
      thinned(series.points).map { point in
        HTMLTable.Row(
          heading: series.name,
          cells: [
            .init(NumberText.plain(DecimalText.rounded(point.x, digits: 6)), isNumeric: true),
            .init(Self.text(point), isNumeric: true),
          ])
      }
    }
    return .element(
      .details, [],
      .element(.summary, [], .text("the numbers of this figure")),
      HTMLTable(
        caption: nil, corner: "series", columns: columns.map { .init($0, isNumeric: true) },
        groups: [.init(heading: nil, rows: rows)]
      ).html(label: chart.title))
  }

  private static func text(_ point: Chart.Point) -> String {
    let value = NumberText.plain(DecimalText.rounded(point.y, digits: 4))
    guard let interval = point.interval else { return value }
    let half = (interval.upperBound - interval.lowerBound) / 2
    return value + " ± " + NumberText.plain(DecimalText.rounded(half, digits: 2))
  }

  /// Curves of hundreds of points are told by some of them.
  private func thinned(_ points: [Chart.Point]) -> [Chart.Point] {
    let step = max(1, (points.count + 23) / 24)
    return points.indices.filter { $0 % step == 0 || $0 == points.count - 1 }.map { points[$0] }
  }
}
