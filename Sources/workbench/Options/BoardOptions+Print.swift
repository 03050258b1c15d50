import ArgumentParser
import Comparison
import Datasets
import Foundation
import Reports

extension BoardOptions {
  var style: Style { Terminal.style(STDOUT_FILENO, noColor: noColor) }
  var width: Int? { Terminal.width(STDOUT_FILENO) }

  func print(_ text: String) { Console.output(text) }

  func rendered(_ boards: [Board]) throws -> String {
    switch format {
    case .text: TextBoard(style: style, width: width, machine: .current).render(boards)
    case .json:
      try JSONBoard(
        version: Workbench.version, machine: .current, protocolVersion: CellKey.protocolVersion
      ).render(boards)
    }
  }

  func printPlan(_ plan: ComparisonPlan, force: Bool) throws {
    let store = Store(URL(filePath: output))
    let stored = force ? [] : Set(store.results(for: plan).keys)
    print(
      PlanText(style: style).render(
        plan, stored: stored,
        trainingSamples: try plan.trainingSamples(without: stored) { try DataDirectory.locate() }))
  }
}

extension ComparisonOutcome {
  /// A strategy that does not apply to a network is skipped: that is an answer and no failure.
  func throwIfSomeFailed() throws {
    let failed = results.values.contains { $0.status != .done && $0.status != .skipped }
    if failed { throw ExitCode.someFailed }
  }
}

/// What is wrong with a command, in a sentence that says what to type.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
