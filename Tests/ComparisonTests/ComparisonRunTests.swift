import Comparison
import Foundation
import Networks
import Synchronization
import Testing

struct ComparisonRunTests {
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  private func run(
    _ plan: ComparisonPlan, _ executor: FakeExecutor, force: Bool = false
  ) async throws -> ComparisonOutcome {
    try await plan.run(store: store, executor: executor, force: force)
  }

  @Test func aComparisonRunsFromEndToEnd() async throws {
    let plan = try ComparisonPlan.tiny(["none", "magnitude"], replicates: 2)
    let executor = FakeExecutor()
    let outcome = try await run(plan, executor)
    #expect(outcome.isAllDone)
    #expect(outcome.ran == 6)
    // A dense network is trained before what starts from it, once.
    #expect(
      executor.started.map(\.strategy) == [
        "dense", "none", "magnitude", "dense", "none", "magnitude",
      ])
    #expect(store.results(for: plan) == outcome.results)
    let board = plan.boards(outcome.results)[0]
    #expect(board.dense?.counts.weights == 550)
    #expect(board.unpruned.first?.result?.ratioAchieved == 1)
    #expect(board.tables.map { $0.rows.map(\.strategy) } == [["magnitude"], ["magnitude"]])
    #expect(board.tables[1].rows[0].result?.weights == 138)
    #expect(board.tables[1].rows[0].rank == 1)
  }

  @Test func aSecondRunDoesNothing() async throws {
    let plan = try ComparisonPlan.tiny(["none", "magnitude"])
    let first = try await run(plan, FakeExecutor())
    let executor = FakeExecutor()
    let second = try await run(plan, executor)
    #expect(second.ran == 0 && executor.started.isEmpty)
    #expect(second.results == first.results)
  }

  @Test func aLaterRunFillsInWhatIsMissing() async throws {
    _ = try await run(.tiny(["none"]), FakeExecutor())
    let executor = FakeExecutor()
    let plan = try ComparisonPlan.tiny(["none", "magnitude"])
    _ = try await run(plan, executor)
    #expect(executor.started.map(\.strategy) == ["magnitude"])

    try Data("{".utf8).write(
      to: store.folder(of: .tiny("magnitude")).appending(path: Store.resultName))
    let repairing = FakeExecutor()
    #expect(try await run(plan, repairing).isAllDone)
    #expect(repairing.started.map(\.strategy) == ["magnitude"])
  }

  @Test func aStrategyWhoseDenseNetworkIsLostHasItTrainedAgain() async throws {
    _ = try await run(.tiny(["none"]), FakeExecutor())
    try FileManager.default.removeItem(at: store.folder(of: CellKey.tiny("none").dense))
    let executor = FakeExecutor()
    _ = try await run(.tiny(["none", "magnitude"]), executor)
    #expect(executor.started.map(\.strategy) == ["dense", "magnitude"])
  }

  @Test func forceRunsAllOfItAgainToTheSameBits() async throws {
    let plan = try ComparisonPlan.tiny(["magnitude"])
    let first = try await run(plan, FakeExecutor())
    let models = {
      try Data(
        contentsOf: store.folder(of: .tiny("magnitude"))
          .appending(path: Store.modelName))
    }
    let bytes = try models()
    let second = try await run(plan, FakeExecutor(), force: true)
    #expect(second.ran == 2)
    #expect(
      first.results.mapValues(\.withoutTimes) == second.results.mapValues(\.withoutTimes))
    #expect(try models() == bytes)
  }

  @Test(arguments: [CellStatus.timeout, .memory, .crashed])
  func aWorkerThatFailsKeepsItsRowAndIsNotTriedAgain(_ status: CellStatus) async throws {
    let plan = try ComparisonPlan.tiny(["none", "broken"])
    let fails: @Sendable (WorkerJob) throws -> WorkerEnd? = { job in
      guard job.key.strategy == "broken" else { return nil }
      let points = CellResult.done(job.key, errors: [0.5, 0.5]).points
      // What stands in files alone was reached by nobody: a strategy can write them.
      let line = try CanonicalJSON.encode(points[1])
      try line.write(to: job.output.appending(path: Store.metricsName))
      return WorkerEnd(
        kind: .failed(status, reason: "it was so"), points: [points[0]], seconds: 3,
        peakMemoryBytes: 4)
    }
    let outcome = try await run(plan, FakeExecutor(ends: fails))
    #expect(!outcome.isAllDone)
    let result = try #require(outcome.results[.tiny("broken")])
    #expect(result.status == status && result.reason == "it was so")
    #expect(result.points.map(\.ratioRequested) == [2] && result.peakMemoryBytes == 4)
    #expect(result.dense != nil)
    let board = plan.boards(outcome.results)[0]
    #expect(board.tables[0].rows[0].statuses == [.done: 1])
    #expect(board.tables[1].rows[0].statuses == [status: 1])
    #expect(board.tables[1].rows[0].result == nil)
    #expect(board.tables[1].rows[0].reasons == ["it was so"])

    let again = FakeExecutor()
    _ = try await run(plan, again)
    #expect(again.started.isEmpty)
  }

  @Test func withoutADenseNetworkNobodyStarts() async throws {
    let plan = try ComparisonPlan.tiny(["none", "magnitude"])
    let executor = FakeExecutor { job in
      guard job.key.isDense else { return nil }
      return WorkerEnd(kind: .failed(.timeout, reason: "late"), seconds: 1, peakMemoryBytes: 1)
    }
    let outcome = try await run(plan, executor)
    #expect(executor.started.map(\.strategy) == ["dense"])
    #expect(outcome.results[.tiny("none")]?.status == .stopped)
    #expect(outcome.results[.tiny("none")]?.reason?.contains("\"timeout\": late") == true)
    #expect(store.result(for: .tiny("none")) == nil)

    let mended = FakeExecutor()
    #expect(try await run(plan, mended).isAllDone)
    #expect(mended.started.first?.isDense == true && mended.started.count == 3)
  }

  @Test func asManyRunAtATimeAsThereAreSlots() async throws {
    let executor = FakeExecutor(slots: 3)
    _ = try await run(.tiny(["none", "magnitude"], replicates: 3), executor)
    #expect((1...3).contains(executor.mostAtOnce))
    #expect(executor.started.count == 9)
  }

  @Test func anInterruptedRunKeepsWhatIsFinished() async throws {
    let plan = try ComparisonPlan.tiny(["none", "magnitude"])
    let executor = FakeExecutor { job in
      if job.key.strategy == "magnitude" { throw CancellationError() }
      return nil
    }
    await #expect(throws: CancellationError.self) { try await run(plan, executor) }
    #expect(store.result(for: .tiny("none")) != nil)
    #expect(store.result(for: .tiny("magnitude")) == nil)
    let rest = FakeExecutor()
    _ = try await run(plan, rest)
    #expect(rest.started.map(\.strategy) == ["magnitude"])
  }

  @Test func eventsTellTheWholeStory() async throws {
    let lines = Mutex<[String]>([])
    _ = try await ComparisonPlan.tiny(["none"]).run(store: store, executor: FakeExecutor()) {
      event in
      let line: String? =
        switch event {
        case .planned(let total, let stored): "planned \(total) \(stored)"
        case .started(let key): "started \(key.strategy)"
        case .progress, .outdated, .warning: nil
        case .finished(let result): "finished \(result.key.strategy)"
        }
      if let line { lines.withLock { $0.append(line) } }
    }
    #expect(
      lines.withLock { $0 } == [
        "planned 2 0", "started dense", "finished dense", "started none", "finished none",
      ])
  }
}
