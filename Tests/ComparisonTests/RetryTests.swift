import Comparison
import Foundation
import Networks
import Testing

/// Which stored cells a later run takes as they are.
struct RetryTests {
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  /// Runs a plan of one strategy that ends as `status`, or does its work.
  private func run(
    _ status: CellStatus? = nil, seconds: Int? = nil, memory: Int? = nil, retryFailed: Bool = false,
    force: Bool = false
  ) async throws -> (started: [String], result: CellResult?) {
    let executor = FakeExecutor(timeout: seconds.map { .seconds($0) }) { job in
      guard let status, !job.key.isDense else { return nil }
      return WorkerEnd(kind: .failed(status, reason: "it was so"), seconds: 1, peakMemoryBytes: 1)
    }
    let outcome = try await ComparisonPlan.tiny(["magnitude"]).run(
      store: store, executor: executor, force: force, retryFailed: retryFailed,
      memoryLimit: memory)
    return (executor.started.map(\.strategy), outcome.results[.tiny("magnitude")])
  }

  @Test func whatWasStoppedFromOutsideIsTriedAgain() async throws {
    #expect(try await run(.stopped).result?.status == .stopped)
    #expect(store.result(for: .tiny("magnitude"))?.reason == "it was so")
    let again = try await run()
    #expect(again.started == ["magnitude"] && again.result?.status == .done)
  }

  @Test(arguments: [CellStatus.crashed, .diverged, .invalid])
  func failuresStandUnlessAskedFor(_ status: CellStatus) async throws {
    #expect(try await run(status).result?.status == status)
    #expect(try await run().started.isEmpty)
    #expect(try await run(seconds: 1000, memory: 1 << 40).started.isEmpty)
    #expect(try await run(retryFailed: true).started == ["magnitude"])
    #expect(try await run(retryFailed: true).started.isEmpty)
  }

  @Test(arguments: [CellStatus.skipped, .collapsed])
  func answersStand(_ status: CellStatus) async throws {
    #expect(try await run(status).result?.status == status)
    #expect(try await run(retryFailed: true).started.isEmpty)
    #expect(try await run(force: true).started == ["dense", "magnitude"])
  }

  @Test func aTimeoutStandsUnderTheSameLimitOrASmallerOne() async throws {
    #expect(try await run(.timeout, seconds: 10).result?.limits == CellLimits(seconds: 10))
    #expect(try await run(seconds: 10).started.isEmpty)
    #expect(try await run(seconds: 5, memory: 1 << 40).started.isEmpty)
    #expect(try await run(.timeout, seconds: 11).started == ["magnitude"])
    #expect(try await run(seconds: 11).started.isEmpty)
    #expect(try await run(.timeout, seconds: 11, retryFailed: true).started == ["magnitude"])
    #expect(try await run().started == ["magnitude"])
    #expect(try await run(seconds: 1).started.isEmpty)
  }

  @Test func soDoesAWantOfMemory() async throws {
    #expect(try await run(.memory, memory: 100).result?.limits == CellLimits(memory: 100))
    #expect(try await run(seconds: 10, memory: 100).started.isEmpty)
    #expect(try await run(memory: 101).started == ["magnitude"])
  }

  @Test("What says nothing of a cell takes the place of no result that does")
  func stoppedReplacesNothing() async throws {
    _ = try await run()
    let done = try #require(store.result(for: .tiny("magnitude")))
    #expect(try await run(.stopped, force: true).result?.status == .stopped)
    #expect(store.result(for: .tiny("magnitude")) == done)
  }

  @Test("A crash of a library that was changed meanwhile is no verdict")
  func library() async throws {
    let library = folder.url.appending(path: "libMine.so")
    try Data([1, 2, 3]).write(to: library)
    // The SHA-256 of these bytes.
    let digest = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1"],
      entrants: [Entrant(id: "mine", pluginPath: library.path, pluginSHA256: digest)],
      replicates: 1, controls: false, catalogue: [.tiny])
    let key = try #require(plan.cells.first?.key)
    for (bytes, status) in [([1, 2, 3], CellStatus.crashed), ([1, 2], .stopped)] as [([UInt8], _)] {
      let executor = FakeExecutor { job in
        guard !job.key.isDense else { return nil }
        try Data(bytes).write(to: library)
        return WorkerEnd(kind: .failed(.crashed, reason: "why"), seconds: 1, peakMemoryBytes: 1)
      }
      let outcome = try await plan.run(store: store, executor: executor, retryFailed: true)
      #expect(outcome.results[key]?.status == status)
    }
  }

  @Test("A long reason is cut")
  func reasons() async throws {
    let executor = FakeExecutor { job in
      WorkerEnd(
        kind: .failed(.crashed, reason: String(repeating: "é", count: 5000)), seconds: 1,
        peakMemoryBytes: 1)
    }
    let outcome = try await ComparisonPlan.tiny(["magnitude"]).run(
      store: store, executor: executor)
    let reason = try #require(outcome.results[CellKey.tiny("magnitude").dense]?.reason)
    #expect((1990...2000).contains(reason.utf8.count) && reason.hasSuffix("é…"))
  }

  @Test("Without anything to run, nothing is written")
  func readOnly() async throws {
    _ = try await run()
    let lock = try store.lock()
    // Another comparison writes: a board needs no lock.
    #expect(try await run().result?.status == .done)
    withExtendedLifetime(lock) {}
    try FileManager.default.removeItem(at: store.directory.appending(path: ".lock"))
    #expect(try await run().started.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: store.directory.path + "/.lock"))
  }
}
