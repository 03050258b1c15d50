import Foundation
import TestSupport
import Testing

/// A comparison of six cells, with a fault at each of the calls by which it changes files, one at a
/// time: whatever it left behind, the next one gives the board of an undisturbed one.
///
/// Some of the calls unless the environment has `FAULTS=all`, which takes an hour on two cores.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct FaultTests {
  /// The step between calls: a prime, so that calls of all kinds are met.
  private static let step = ProcessInfo.processInfo.environment["FAULTS"] == "all" ? 1 : 97

  /// Whether the cells are new, or take the place of others, in one step or in two.
  enum Start: CaseIterable { case empty, replacing, replacingInTwoSteps }

  @Test(
    "The next run's board is that of an undisturbed one", arguments: FaultInjector.Fault.allCases)
  func everyCall(_ fault: FaultInjector.Fault) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let trial = try Trial(in: folder)
    for start in Start.allCases {
      let calls = try trial.run(start, fault, at: 0).calls
      // Six cells take a folder, some files, and a flush and a name for each.
      #expect(calls > 150)
      for call in stride(from: 1, through: calls, by: Self.step) {
        let place = "\(fault) at call \(call) of \(calls), \(start)"
        let outcome = try trial.run(start, fault, at: call)
        #expect(!outcome.struck.isEmpty || call > calls - 20, "\(place): no call was met")
        check(outcome, of: fault, trial, "\(outcome.struck): \(place)")
      }
    }
  }

  private func check(
    _ outcome: Trial.Outcome, of fault: FaultInjector.Fault, _ trial: Trial, _ place: String
  ) {
    #expect(!outcome.hung, "\(place): it hangs")
    if outcome.first.isSignalled {
      #expect(
        fault == .kill && outcome.first.code == SIGKILL, "\(place): signal \(outcome.first.code)")
    } else {
      #expect([0, 1, 2].contains(outcome.first.code), "\(place): \(outcome.first.errors)")
      if outcome.first.code == 0 {
        #expect(Trial.measured(outcome.first.output) == trial.board, "\(place): a wrong board")
      }
    }
    if let report = outcome.report {
      #expect(Trial.measured(report.output) == trial.board, "\(place), reported: \(report.errors)")
    }
    #expect(outcome.second.code == 0, "\(place), then: \(outcome.second.errors)")
    #expect(Trial.measured(outcome.second.output) == trial.board, "\(place), then")
  }
}

/// Comparisons of the same six cells, disturbed and undisturbed.
private struct Trial {
  struct Outcome {
    var first: Tool.Outcome
    var calls: Int
    var struck: String
    var hung: Bool
    /// Of what the first run left, where it was to replace results: old or new, they are there.
    var report: Tool.Outcome?
    var second: Tool.Outcome
  }

  /// Of an undisturbed comparison.
  let board: Data
  private let folder: URL
  private let injector: FaultInjector
  private var whole: URL { folder.appending(path: "whole") }
  private var results: URL { folder.appending(path: "results") }

  init(in folder: URL) throws {
    self.folder = folder
    injector = try FaultInjector(in: folder)
    let outcome = try Tool().run(Self.arguments(folder.appending(path: "whole")))
    board = try #require(Self.measured(outcome.output))
  }

  func run(_ start: FaultTests.Start, _ fault: FaultInjector.Fault, at call: Int) throws -> Outcome
  {
    try? FileManager.default.removeItem(at: results)
    if start != .empty { try FileManager.default.copyItem(at: whole, to: results) }
    let first = try injector.run(
      Self.arguments(results) + (start == .empty ? [] : ["--force"]), fault, at: call,
      exchanges: start != .replacingInTwoSteps, scratch: folder)
    let report =
      start != .empty
      ? try Tool().run("report", "--format", "json", "--output", results.path) : nil
    return Outcome(
      first: first.tool, calls: first.calls, struck: first.struck, hung: first.hung, report: report,
      second: try Tool().run(Self.arguments(results)))
  }

  private static func arguments(_ output: URL) -> [String] {
    [
      "compare", "--strategies", "obd", "--benchmarks", "sine", "--ratios", "2", "--seeds", "1",
      "--quick", "--jobs", "1", "--quiet", "--format", "json", "--output", output.path,
    ]
  }

  /// A board's bytes without what the clock decides; nil where it is none.
  static func measured(_ json: String) -> Data? {
    func timeless(_ value: Any) -> Any {
      if let object = value as? [String: Any] {
        return object.filter {
          !$0.key.hasSuffix("seconds") && !["inference", "us"].contains($0.key)
        }
        .mapValues(timeless)
      }
      return (value as? [Any])?.map(timeless) ?? value
    }
    guard let board = try? JSONSerialization.jsonObject(with: Data(json.utf8)) else { return nil }
    return try? JSONSerialization.data(
      withJSONObject: timeless(board), options: [.sortedKeys, .prettyPrinted])
  }
}
