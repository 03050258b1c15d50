import ArgumentParser
import Comparison
import Foundation

/// Prints boards from stored results.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print the boards of stored results, and run nothing.",
    discussion: """
      Cells of one benchmark, one set of ratios and one length of training make a board.

      EXAMPLES
        workbench report
        workbench report --output results --format json
        workbench report --reference random --benchmarks mnist-300-100
      """)

  @Option(
    help: ArgumentHelp(
      "Only these benchmarks, between commas; all unless given.", valueName: "names"),
    transform: Values.words)
  var benchmarks: [String]?

  @Option(help: ArgumentHelp("The strategy that differences are taken to.", valueName: "name"))
  var reference = "magnitude"

  @OptionGroup var board: BoardOptions

  func run() async throws {
    let results = Store(URL(filePath: board.output)).allResults()
    if let benchmarks {
      let known = Set(results.map(\.key.benchmark))
      if let unknown = benchmarks.first(where: { !known.contains($0) }) {
        throw CommandError(
          "there are no results of '\(unknown)' in '\(board.output)'; there are "
            + (known.isEmpty ? "none at all" : known.sorted().joined(separator: ", ")))
      }
    }
    let wanted = results.filter { benchmarks?.contains($0.key.benchmark) ?? true }
    guard !wanted.isEmpty else {
      throw CommandError(
        "there are no results in '\(board.output)'; 'workbench compare' makes some, --output names "
          + "another folder")
    }
    let stored = Dictionary(wanted.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let plans = try ComparisonPlan.stored(wanted.map(\.key), reference: reference)
    let outdated =
      stored.count
      - Set(plans.flatMap { $0.denseCells + $0.cells }.map(\.key))
      .intersection(stored.keys).count
    if outdated > 0 {
      Console.warn("\(outdated) results are of older benchmarks and left out")
    }
    board.print(try board.rendered(plans, stored))
  }
}
