import Comparison
import Foundation
import Testing

/// Controls in a comparison: when they run, when again, and what the board says of them.
struct ControlRunTests {
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  private func plan(
    _ controls: [Control] = [.scratch, .rewind], replicates: Int = 1
  ) throws -> ComparisonPlan {
    try ComparisonPlan(
      benchmarks: ["friedman1"], entrants: [Entrant(id: "none"), Entrant(id: "magnitude")],
      structureControls: controls, replicates: replicates, controls: false, catalogue: [.tiny])
  }

  private func run(
    _ plan: ComparisonPlan, retryFailed: Bool = false,
    ends: @escaping @Sendable (WorkerJob) throws -> WorkerEnd? = { _ in nil }
  ) async throws -> (started: [String], outcome: ComparisonOutcome) {
    let executor = FakeExecutor(ends: ends)
    let outcome = try await plan.run(store: store, executor: executor, retryFailed: retryFailed)
    return (executor.started.map(\.strategyText), outcome)
  }

  @Test func controlsFollowTheirStrategy() async throws {
    let plan = try plan(replicates: 2)
    let first = try await run(plan)
    let seed = ["dense", "none", "magnitude", "magnitude · scratch", "magnitude · rewind"]
    #expect(first.started == seed + seed)
    #expect(first.outcome.isAllDone)
    let second = try await run(plan)
    #expect(second.started.isEmpty)
    let board = plan.boards(first.outcome.results)[0]
    #expect(
      Set(board.tables[0].rows.map(\.strategy)) == [
        "magnitude", "magnitude · scratch", "magnitude · rewind",
      ])
    #expect(
      board.tables[0].rows.first { $0.control == nil }?.result?.controls.map(\.control) == [
        .scratch, .rewind,
      ])
    #expect(board.smallest.map(\.strategy) == ["magnitude"])
    // A report without the plan finds them, too.
    let results = try store.contents().results
    let again = try ComparisonPlan.stored(
      results.map(\.key), reference: "magnitude", catalogue: [.tiny])
    #expect(again.first?.entrants.map(\.text).contains("magnitude · rewind") == true)
  }

  @Test("What was stored without the files that controls need is run again")
  func storedBefore() async throws {
    _ = try await run(plan([]))
    for name in [Store.structuresName, Store.earlyName] {
      for key in [CellKey.tiny("magnitude"), CellKey.tiny("magnitude").dense] {
        try? FileManager.default.removeItem(at: store.folder(of: key).appending(path: name))
        guard var result = store.result(for: key) else { continue }
        result.files[name] = nil
        try StoredResult.encode(result).write(
          to: store.folder(of: key).appending(path: Store.resultName))
      }
    }
    let without = try await run(plan([]))
    #expect(without.started.isEmpty)
    let with = try await run(plan([.rewind]))
    #expect(with.started == ["dense", "magnitude", "magnitude · rewind"])
  }

  @Test("A file that controls need and somebody removed is made anew")
  func removedFile() async throws {
    _ = try await run(plan([]))
    try FileManager.default.removeItem(
      at: store.folder(of: .tiny("magnitude")).appending(path: Store.structuresName))
    let without = try await run(plan([]))
    #expect(without.started.isEmpty)
    let with = try await run(plan([.reinit]))
    #expect(with.started == ["magnitude", "magnitude · reinit"])
  }

  @Test("Structures that come out another way take their controls with them")
  func otherStructures() async throws {
    let plan = try plan([.scratch])
    _ = try await run(plan)
    let key = CellKey.tiny("magnitude")
    var result = try #require(store.result(for: key))
    do {
      let lock = try store.lock()
      defer { withExtendedLifetime(lock) {} }
      let cell = try store.begin(key)
      try Data("[]".utf8).write(to: cell.appending(path: Store.structuresName))
      result = try store.commit(result, from: cell)
    }
    #expect(try store.contents().refused.count == 1)
    let again = try await run(plan)
    #expect(again.started == ["magnitude · scratch"])
  }

  @Test("A strategy without a structure leaves nothing to its controls, which are not shown")
  func withoutStructure() async throws {
    let plan = try plan([.scratch])
    let failing = try await run(plan) { job in
      guard job.key.strategyText == "magnitude" else { return nil }
      return WorkerEnd(
        kind: .failed(.crashed, reason: "it fell over"), seconds: 1, peakMemoryBytes: 1)
    }
    #expect(failing.started == ["dense", "none", "magnitude"])
    let control = try #require(plan.cells.last)
    #expect(failing.outcome.results[control.key]?.status == .skipped)
    #expect(failing.outcome.results[control.key]?.reason?.contains("it fell over") == true)
    let board = plan.boards(failing.outcome.results)[0]
    #expect(board.tables[0].rows.map(\.strategy) == ["magnitude"])
    #expect(board.failures.map(\.strategy) == ["magnitude"])
    let again = try await run(plan, retryFailed: true)
    #expect(again.started == ["magnitude", "magnitude · scratch"])
  }

  @Test("A strategy is better than its control where all seeds show it")
  func verdicts() throws {
    let plan = try plan([.scratch, .shuffled], replicates: 4)
    var results: [CellKey: CellResult] = [:]
    for seed in 0..<4 {
      let scratch = seed % 2 == 0 ? 0.22 : 0.19
      for (control, error) in [(Control?.none, 0.2), (.scratch, scratch), (.shuffled, 0.5)] {
        var key = CellKey.tiny("magnitude", replicate: seed)
        key.control = control
        let noise = 0.001 * Double(seed)
        results[key] = .done(key, errors: [error + (control == nil ? noise : 0), error])
      }
    }
    let row = try #require(
      plan.boards(results)[0].tables[0].rows.first { $0.strategy == "magnitude" })
    #expect(row.result?.controls.map(\.isBetter) == [false, true])
    let others = plan.boards(results)[0].tables[0].rows.filter { $0.control != nil }
    #expect(others.count == 2 && others.allSatisfy { $0.result?.difference == nil })
  }
}
