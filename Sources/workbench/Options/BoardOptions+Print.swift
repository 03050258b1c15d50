import ArgumentParser
import Comparison
import Datasets
import Files
import Foundation
import Reports

extension OutputOptions {
  var style: Style { Terminal.style(Console.standardOutput, noColor: noColor) }
  var width: Int { Terminal.width(Console.standardOutput) }

  /// Where the results are.
  var folder: URL { URL(literalPath: output) }

  func print(_ text: String) throws { try Console.output(text) }

  var plot: PlotText { PlotText(style: style, width: width, isUnicode: Terminal.isUnicode) }

  func printPlan(_ plan: ComparisonPlan, _ cells: CellOptions, as format: OutputFormat) throws {
    let standing = plan.standing(
      in: Store(folder), under: cells.limits, retryFailed: cells.retryFailed)
    let stored = cells.force ? [] : Set(standing.keys)
    let samples = try plan.trainingSamples(without: stored) { try DataDirectory.locate() }
    switch format {
    case .text:
      try print(PlanText(style: style).render(plan, stored: stored, trainingSamples: samples))
    case .json:
      try print(
        planJSON(
          plan, stored: stored, trainingSamples: samples, version: Provenance.programVersion))
    }
  }
}

extension BoardOptions {
  /// The boards of plans in the format asked for.
  ///
  /// - Parameters:
  ///   - runs: Cells whose way is told step by step, where the format has room for it.
  ///   - latency: Whether networks are timed in onnxruntime.
  func rendered(
    _ plans: [ComparisonPlan], _ results: [CellKey: CellResult], runs: [TracedRun] = [],
    latency: Bool = false
  ) throws -> String {
    try place.rendered(plans, results, as: format, plot: plot, runs: runs, latency: latency)
  }
}

extension OutputOptions {
  /// The boards of plans in a format.
  ///
  /// - Parameters:
  ///   - plot: Whether curves follow the text.
  ///   - runs: Cells whose way is told step by step, where the format has room for it.
  ///   - latency: Whether networks are timed in onnxruntime.
  func rendered(
    _ plans: [ComparisonPlan], _ results: [CellKey: CellResult], as format: BoardFormat,
    plot isPlotted: Bool = false, runs: [TracedRun] = [], latency: Bool = false
  ) throws -> String {
    let boards = try boards(plans, results, latency: latency)
    switch format {
    case .text:
      let text = TextBoard(style: style, width: width)
      return boards.map { text.render($0) + (isPlotted ? plot.render($0) : "") }
        .joined(separator: "\n")
    case .markdown: return MarkdownBoard().render(boards)
    case .csv: return CSVBoard().render(boards)
    case .json:
      return try JSONBoard(
        version: Provenance.programVersion, protocolVersion: CellKey.protocolVersion
      ).render(boards, runs: runs)
    case .html: return try page(plans, results, latency: latency)
    }
  }

  /// The boards of plans as a page.
  ///
  /// - Parameters:
  ///   - isServed: Whether a server may give it a script.
  ///   - latency: Whether networks are timed in onnxruntime.
  func page(
    _ plans: [ComparisonPlan], _ results: [CellKey: CellResult], isServed: Bool = false,
    latency: Bool = false
  ) throws -> String {
    HTMLReport(
      version: Provenance.programVersion, protocolVersion: CellKey.protocolVersion,
      isServed: isServed
    ).render(try told(plans, boards(plans, results, latency: latency), results))
  }

  /// Boards with the way of their cells, which the store has.
  private func told(
    _ plans: [ComparisonPlan], _ boards: [Board], _ results: [CellKey: CellResult]
  ) throws -> [ToldBoard] {
    let store = Store(folder)
    let contests = plans.flatMap { plan in plan.contests.map { (plan, $0) } }
    return try zip(contests, boards).map { contest, board in
      let (plan, contest) = contest
      let cells = plan.cells.filter { $0.key.benchmark == contest.benchmark.name }
      return ToldBoard(
        board,
        runs: cells.compactMap { cell in
          results[cell.key].map { TracedRun($0, rounds: store.rounds(of: cell.key)) }
        },
        layers: try contest.benchmark.network().weightsByLayer)
    }
  }

  /// Published results beside the measured ones.
  ///
  /// - Parameter latency: Whether networks are timed in onnxruntime.
  func boards(
    _ plans: [ComparisonPlan], _ results: [CellKey: CellResult], latency: Bool = false
  ) throws -> [Board] {
    let published = plans.contains(where: \.hasPublished) ? loadPublished() : []
    return try plans.flatMap { plan in
      let runtime =
        try latency ? RuntimeTimes(of: plan, results, in: Store(folder)) : RuntimeTimes()
      return plan.boards(results, published: published, runtime: runtime)
    }
  }

  /// None where the data folder cannot be found: a board is worth printing without.
  private func loadPublished() -> [PublishedResult] {
    do {
      return try PublishedResult.load(from: try DataDirectory.locate())
    } catch DatasetError.notFound {
      return []
    } catch {
      Console.warn("published results are left out: \(error)")
      return []
    }
  }
}

extension ComparisonPlan {
  fileprivate var hasPublished: Bool { contests.contains { $0.benchmark.published != nil } }
}

extension ComparisonOutcome {
  /// A strategy that does not apply to a network is skipped, and one that emptied a layer has shown
  /// how far it goes: both are answers and no failures.
  func throwIfSomeFailed() throws {
    let failed = results.values.contains {
      ![.done, .skipped, .collapsed].contains($0.status)
    }
    if failed { throw ExitCode.someFailed }
  }
}

/// What is wrong with a command, in a sentence that says what to type.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
