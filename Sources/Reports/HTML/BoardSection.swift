import Comparison
import Datasets
import Networks

/// One board of a page, with everything that is known of it.
struct BoardSection {
  private let told: ToldBoard
  private let id: String
  private let columns: BoardColumns

  private var board: Board { told.board }

  init(_ told: ToldBoard, id: String) {
    self.told = told
    self.id = id
    columns = BoardColumns(told.board)
  }

  static func title(_ board: Board) -> String {
    printable(board.benchmark) + (board.quick ? ", shortened training" : "")
      + (board.prunesBiases ? ", biases count" : "")
  }

  var html: HTML {
    let statements = BoardWords(board, columns: columns).statements()
    let caution = statements.filter { $0.label == "caution" }
    return .element(
      .section, [.init(.id, id), .init(.class, "board")],
      [
        .element(.h2, [], .text(Self.title(board))),
        .element(
          .p, [.init(.class, "soft")],
          .text("\(board.benchmarkSummary); \(board.kernels) kernels")),
      ]
        + caution.map { .element(.p, [.init(.class, "caution")], .text($0.text)) }
        + [
          part("Board", boardTable),
          part("Error against size and cost", figures(BoardCharts(board: board).all, "curves")),
          part("The smallest good networks", smallest),
          part(
            "Controls beside their strategies", ControlTable(board: board, columns: columns).html),
          part("What papers report", published),
          part("What happened to the networks", ways),
          part("What strategies cost", cost),
          part("Failed, skipped and stopped", failures),
          part("What is to be said of the rows", remarks),
          part(
            "What the numbers are", StatementList(statements.filter { $0.label != "caution" }).html),
          seeds,
        ])
  }

  private func part(_ title: String, _ content: HTML?) -> HTML {
    guard let content else { return .nothing }
    return .group([.element(.h3, [], .text(title)), content])
  }

  private var boardTable: HTML { Self.table(columns.table).html(label: "the board") }

  /// The column of strategies heads the rows; the others follow it.
  private static func table(_ table: TextTable) -> HTMLTable {
    let heading = table.columns.firstIndex { $0.title == "strategy" } ?? 0
    let others = table.columns.indices.filter { $0 != heading }
    return HTMLTable(
      caption: nil, corner: table.columns[heading].title,
      columns: others.map {
        .init(table.columns[$0].title, isNumeric: table.columns[$0].alignment == .right)
      },
      groups: table.sections.map { section in
        .init(
          heading: section.heading,
          rows: section.rows.map { cells in
            .init(
              heading: cells[heading].text, headingEmphasis: cells[heading].emphasis,
              cells: others.map {
                .init(
                  cells[$0].text, isNumeric: table.columns[$0].alignment == .right,
                  cells[$0].emphasis)
              })
          })
      })
  }

  private func figures(_ charts: [Chart], _ name: String) -> HTML? {
    guard !charts.isEmpty else { return nil }
    return .element(
      .div, [.init(.class, "figures")],
      charts.enumerated().map { place, chart in
        ChartSVG(chart: chart, id: "\(id)-\(name)-\(place + 1)").figure
      })
  }

  private var smallest: HTML? {
    SmallestNetworks(board, columns: columns).table.map { table in
      .group([
        .element(.p, [.init(.class, "soft")], .text(SmallestNetworks.heading)),
        Self.table(table).html(label: "the smallest good networks"),
      ])
    }
  }

  private var published: HTML? {
    guard !board.published.isEmpty else { return nil }
    let shown = board.metric == .errorPercent ? Set(board.nearestPublished) : []
    let rows = board.published.map { result in
      HTMLTable.Row(
        heading: "\(result.method), \(result.year)",
        cells: [
          .init(result.ratio.map(NumberText.ratio) ?? NumberText.none, isNumeric: true),
          .init(result.prunedError.map(NumberText.plain) ?? NumberText.none, isNumeric: true),
          .init(result.denseError.map(NumberText.plain) ?? NumberText.none, isNumeric: true),
          .init(result.conditions.joined(separator: "; "), isWords: true),
          .init(result.isVerified ? "" : "from memory"), .init(result.source, isWords: true),
          .init(shown.contains(result) ? "yes" : ""),
        ])
    }
    return .group([
      .element(
        .p, [.init(.class, "soft")],
        .text("Each was counted and trained in its own way: they are ranked with nothing.")),
      HTMLTable(
        caption: nil, corner: "method",
        columns: [
          .init("ratio", isNumeric: true), .init("error %", isNumeric: true),
          .init("dense %", isNumeric: true), .init("conditions"), .init("checked"), .init("source"),
          .init("in the figure"),
        ], groups: [.init(heading: nil, rows: rows)]
      ).html(label: "published results"),
    ])
  }

  /// What rounds did: how large the networks were, how dense their layers, and what became of predictions.
  private var ways: HTML? {
    let charts = RunCharts(runs: told.runs, benchmark: board.benchmark)
    let drawn = [charts.capacity, charts.predictions].filter { !$0.isEmpty }
    let maps = charts.firstSeeds.compactMap { run -> DensityMap? in
      let rounds = run.rounds.filter(\.changedSomething)
      guard !rounds.isEmpty else { return nil }
      return DensityMap(
        title: "\(printable(run.result.key.strategyText)), seed \(run.result.key.replicate)",
        densities: LayerDensities(rounds, dense: told.layers))
    }
    guard !drawn.isEmpty || !maps.isEmpty else { return nil }
    let without = charts.predictionsWithoutPlace
    var parts = [figures(drawn, "ways") ?? .nothing]
    func say(_ text: String) { parts.append(.element(.p, [.init(.class, "soft")], .text(text))) }
    if without > 0 {
      say(
        "\(without) rounds changed the loss to the other side than predicted, or not at all, and have no "
          + "place in the figure of predictions.")
    }
    if !maps.isEmpty {
      parts.append(.element(.h4, [], .text("Layer by layer")))
      say(
        "Live weights of each layer after each round, per cent of the dense network's layer; a column is a "
          + "round, headed by all live weights then.")
      parts += maps.map(\.html)
    }
    return .group(parts)
  }

  /// Of each strategy at the last ratio that it reached.
  private var cost: HTML? {
    var rows: [(ratio: Double, row: Board.Row)] = []
    for table in board.tables {
      for row in table.rows where row.isDone {
        rows.removeAll { $0.row.strategy == row.strategy }
        rows.append((table.ratio, row))
      }
    }
    guard !rows.isEmpty else { return nil }
    func cell(_ text: String) -> HTMLTable.Cell { .init(text, isNumeric: true) }
    return HTMLTable(
      caption: nil, corner: "strategy",
      columns: [
        "at", "scoring s", "training s", "samples shown", "operations, × dense training",
        "µs a sample",
        "speed-up",
      ].map { .init($0, isNumeric: true) },
      groups: [
        .init(
          heading: nil,
          rows: rows.compactMap { ratio, row in
            guard let result = row.result else { return nil }
            return .init(
              heading: row.strategy,
              cells: [
                cell(NumberText.ratio(ratio)), cell(NumberText.significant(result.scoreSeconds)),
                cell(NumberText.significant(result.trainSeconds)),
                cell(NumberText.short(Int(clamping: result.trainSamples))),
                cell(result.trainingCost.map(NumberText.significant) ?? NumberText.none),
                cell(NumberText.significant(result.prunedMicroseconds)),
                cell(
                  result.speedUp.map { NumberText.fixed($0, decimals: 2) + "×" }
                    ?? NumberText.none),
              ])
          })
      ]
    ).html(label: "what strategies cost")
  }

  private var failures: HTML? {
    guard !board.failures.isEmpty else { return nil }
    let words = RemarkWords(board: board)
    return HTMLTable(
      caption: nil, corner: "strategy",
      columns: [.init("ended"), .init("where"), .init("reason")],
      groups: [
        .init(
          heading: nil,
          rows: board.failures.map { failure in
            .init(
              heading: failure.strategy,
              cells: [
                .init(failure.status.rawValue, failure.status == .skipped ? .faint : .bad),
                .init(words.circumstances(of: failure)),
                .init(failure.reason, isWords: true),
              ])
          })
      ]
    ).html(label: "failed rows and their reasons")
  }

  private var remarks: HTML? {
    let words = RemarkWords(board: board)
    // Those that ended otherwise than well have a table.
    let statements = board.remarks.flatMap { remark -> [Statement] in
      if case .ended = remark { [] } else { words.statements(remark) }
    }
    return statements.isEmpty ? nil : StatementList(statements).html
  }

  /// Every seed's test error.
  private var seeds: HTML {
    let groups = board.tables.map { table in
      HTMLTable.Group(
        heading: NumberText.ratio(table.ratio),
        rows: table.rows.compactMap { row in
          row.result.map { result in
            .init(
              heading: row.strategy,
              cells: [
                .init(seedList(row.seeds)),
                .init(
                  result.test.values.map {
                    NumberText.plain(DecimalText.rounded($0, digits: 5))
                  }.joined(separator: "  ")),
              ])
          }
        })
    }
    return .element(
      .details, [], .element(.summary, [], .text("test errors of every seed")),
      HTMLTable(
        caption: nil, corner: "strategy", columns: [.init("seeds"), .init("test errors")],
        groups: groups
      ).html(label: "test errors of every seed"))
  }
}
