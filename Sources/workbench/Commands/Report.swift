import ArgumentParser
import Comparison
import Foundation
import PluginHost
import Reports

/// Prints boards from stored results.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print the boards of stored results, and run nothing.",
    discussion: """
      With --update it writes them into a document instead, in Markdown, between lines that say \
      which benchmarks are to stand there:

        <!-- board: mnist-300-100 -->
        <!-- end of board -->

      Cells of one benchmark, one set of ratios, one length of training and one variant of the \
      numeric kernels make a board.

      EXAMPLES
        workbench report
        workbench report --output results --format json
        workbench report --update README.md
        workbench report --reference random --benchmarks mnist-300-100
      """)

  @Option(
    help: ArgumentHelp(
      "Only these benchmarks, between commas; all unless given.", valueName: "names"),
    transform: Values.words)
  var benchmarks: [[String]] = []

  @Option(
    help: ArgumentHelp(
      "The strategy that differences are taken to (default: magnitude, where it is).",
      valueName: "name"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "A document whose boards are brought up to date, between its marks; nothing is printed.",
      valueName: "file"))
  var update: String?

  @OptionGroup var board: BoardOptions

  func validate() throws {
    guard update != nil else { return }
    if board.format != .text, board.format != .markdown {
      throw ValidationError(
        "--update writes Markdown; leave out '--format \(board.format.rawValue)'")
    }
    if !benchmarks.isEmpty {
      throw ValidationError(
        "--update takes the benchmarks that the document names; leave out --benchmarks")
    }
  }

  func run() async throws {
    let document = try update.map { try MarkedDocument($0) }
    let benchmarks = benchmarks.flatMap(\.self) + (document?.boards.names ?? [])
    let results = try storedResults()
    if !benchmarks.isEmpty {
      let known = Set(results.map(\.key.benchmark))
      if let unknown = benchmarks.first(where: { !known.contains($0) }) {
        throw CommandError(
          "there are no results of '\(unknown)' in '\(board.place.output)'; there are some of "
            + known.sorted().joined(separator: ", "))
      }
    }
    let wanted = results.filter { benchmarks.isEmpty || benchmarks.contains($0.key.benchmark) }
    let stored = Dictionary(wanted.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let catalogue = Store(board.place.folder).catalogue(of: wanted)
    let plans = try ComparisonPlan.stored(
      wanted.map(\.key), reference: ForeignFunction.title(of: reference ?? "magnitude"),
      catalogue: catalogue)
    let excluded = wanted.filter { !$0.key.isDense }.compactMap {
      ComparisonPlan.exclusion(of: $0.key, catalogue: catalogue)
    }
    guard !plans.isEmpty else {
      throw CommandError(
        excluded.isEmpty
          ? "no strategy has a result in '\(board.place.output)' yet; the same 'workbench compare' as "
            + "before goes on where it was interrupted"
          : "no result in '\(board.place.output)' is one of this program's: \(Self.words(for: excluded)); "
            + "'workbench compare' makes new ones")
    }
    if !excluded.isEmpty { Console.warn("left out: \(Self.words(for: excluded))") }
    try checkReference(plans)
    if let document {
      return try document.update(from: board.boards(plans, stored))
    }
    try board.place.print(try board.rendered(plans, stored))
  }

  /// At least one; what cannot be read is warned of.
  private func storedResults() throws -> [CellResult] {
    let remedy = "; 'workbench compare' makes results, --output names another folder"
    let contents: (results: [CellResult], refused: [StoreError])
    do {
      contents = try Store(board.place.folder).contents()
    } catch {
      throw CommandError(error.description + remedy)
    }
    for refused in contents.refused.prefix(Self.mostWarnings) {
      Console.warn("left out: \(refused)")
    }
    let unsaid = contents.refused.count - Self.mostWarnings
    if unsaid > 0 { Console.warn("left out: \(unsaid) more such results") }
    guard !contents.results.isEmpty else {
      throw CommandError(
        "there are no \(contents.refused.isEmpty ? "" : "readable ")results in '\(board.place.output)'"
          + remedy)
    }
    return contents.results
  }

  private static func words(for exclusions: [ComparisonPlan.Exclusion]) -> String {
    Dictionary(grouping: exclusions) { $0 }.map { exclusion, all in
      let results = all.count == 1 ? "1 result" : "\(all.count) results"
      return switch exclusion {
      case .unknownBenchmark(let name):
        "\(results) of '\(printable(name))', no benchmark of this program"
      case .otherBenchmarkVersion: "\(results) of another version of the benchmark"
      case .otherProtocol: "\(results) of another version of the protocol"
      case .impossible: "\(results) of ratios or seeds that no comparison has"
      }
    }.sorted().joined(separator: ", ")
  }

  /// One damaged disk or one other version must not bury everything else.
  private static let mostWarnings = 3

  private func checkReference(_ plans: [ComparisonPlan]) throws {
    let known = Set(plans.flatMap(\.entrants).map(\.text)).sorted()
    guard let reference, !known.contains(ForeignFunction.title(of: reference)) else { return }
    throw CommandError(
      "the reference '\(reference)' is not among the strategies; "
        + (nearest(to: reference, among: known).map { "did you mean '\($0)'?" }
          ?? "there are \(known.joined(separator: ", "))"))
  }
}
