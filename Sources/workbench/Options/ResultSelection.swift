import ArgumentParser
import Comparison
import Foundation
import PluginHost
import Reports

/// Which boards of stored results are wanted.
struct ResultSelection: ParsableArguments {
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

  /// The plans that stored results make, and the results.
  ///
  /// - Parameters:
  ///   - place: Where they lie.
  ///   - names: Benchmarks that are wanted beside those of the command.
  ///   - warn: Takes sentences on what is left out.
  /// - Throws: ``CommandError`` where there is nothing to show.
  func boards(
    in place: OutputOptions, also names: [String] = [], warn: (String) -> Void
  ) throws -> (plans: [ComparisonPlan], results: [CellKey: CellResult]) {
    let benchmarks = benchmarks.flatMap(\.self) + names
    let results = try storedResults(in: place, warn: warn)
    if !benchmarks.isEmpty {
      let known = Set(results.map(\.key.benchmark))
      if let unknown = benchmarks.first(where: { !known.contains($0) }) {
        throw CommandError(
          "there are no results of '\(unknown)' in '\(place.output)'; there are some of "
            + known.sorted().joined(separator: ", "))
      }
    }
    let wanted = results.filter { benchmarks.isEmpty || benchmarks.contains($0.key.benchmark) }
    let stored = Dictionary(wanted.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let catalogue = Store(place.folder).catalogue(of: wanted)
    let plans = try ComparisonPlan.stored(
      wanted.map(\.key), reference: ForeignFunction.title(of: reference ?? "magnitude"),
      catalogue: catalogue)
    let excluded = wanted.filter { !$0.key.isDense }.compactMap {
      ComparisonPlan.exclusion(of: $0.key, catalogue: catalogue)
    }
    guard !plans.isEmpty else {
      throw CommandError(
        excluded.isEmpty
          ? "no strategy has a result in '\(place.output)' yet; the same 'workbench compare' as "
            + "before goes on where it was interrupted"
          : "no result in '\(place.output)' is one of this program's: \(Self.words(for: excluded)); "
            + "'workbench compare' makes new ones")
    }
    if !excluded.isEmpty { warn("left out: \(Self.words(for: excluded))") }
    try checkReference(plans)
    return (plans, stored)
  }

  /// At least one; what cannot be read is warned of.
  private func storedResults(
    in place: OutputOptions, warn: (String) -> Void
  ) throws -> [CellResult] {
    let remedy = "; 'workbench compare' makes results, --output names another folder"
    let contents: (results: [CellResult], refused: [StoreError])
    do {
      contents = try Store(place.folder).contents()
    } catch {
      throw CommandError(error.description + remedy)
    }
    for refused in contents.refused.prefix(Self.mostWarnings) {
      warn("left out: \(refused)")
    }
    let unsaid = contents.refused.count - Self.mostWarnings
    if unsaid > 0 { warn("left out: \(unsaid) more such results") }
    guard !contents.results.isEmpty else {
      throw CommandError(
        "there are no \(contents.refused.isEmpty ? "" : "readable ")results in '\(place.output)'"
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
