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
  /// - Parameter runs: Cells whose way is told step by step, where the format has room for it.
  func rendered(
    _ plans: [ComparisonPlan], _ results: [CellKey: CellResult], runs: [TracedRun] = []
  ) throws -> String {
    let boards = boards(plans, results)
    switch format {
    case .text: return TextBoard(style: place.style, width: place.width).render(boards)
    case .markdown: return MarkdownBoard().render(boards)
    case .csv: return CSVBoard().render(boards)
    case .json:
      return try JSONBoard(
        version: Provenance.programVersion, protocolVersion: CellKey.protocolVersion
      ).render(boards, runs: runs)
    }
  }

  /// Published results beside the measured ones.
  func boards(_ plans: [ComparisonPlan], _ results: [CellKey: CellResult]) -> [Board] {
    let published = plans.contains(where: \.hasPublished) ? loadPublished() : []
    return plans.flatMap { $0.boards(results, published: published) }
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
