import Datasets
package import Foundation
package import PluginHost

extension ComparisonPlan {
  /// Runs the cells of which no stored result stands: dense networks first, then what starts from
  /// them, as many at a time as the executor has slots. Where nothing is to be run, nothing is
  /// written.
  ///
  /// Cancel the task to stop: running workers are ended, finished cells stay.
  ///
  /// - Parameters:
  ///   - force: Whether cells that the store has are run again.
  ///   - retryFailed: Whether those of them are that failed.
  ///   - memoryLimit: Bytes each worker may hold.
  ///   - isolation: Which strategies have processes of their own.
  ///   - isConfined: Whether those are confined.
  ///   - strategySeconds: What those may take by themselves in a cell.
  ///   - threads: Threads that share the work of each cell: the same for all, so that their times
  ///     can be compared.
  ///   - datasets: The data folder; nil to look for it.
  ///   - events: Called from any thread.
  /// - Throws: ``StoreError`` when results cannot be kept, `CancellationError`, and
  ///   `DatasetError` when files are needed and not found.
  package func run(
    store: Store, executor: any CellExecutor, force: Bool = false, retryFailed: Bool = false,
    memoryLimit: Int? = nil, isolation: Isolation.Scope = .none, isConfined: Bool = true,
    strategySeconds: Double? = nil, threads: Int = 1,
    datasets: URL? = nil,
    events: @escaping @Sendable (ComparisonEvent) -> Void = { _ in }
  ) async throws -> ComparisonOutcome {
    let limits = CellLimits(
      seconds: executor.timeout.map { $0 / .seconds(1) }, memory: memoryLimit,
      strategySeconds: strategySeconds)
    func agenda() -> Agenda {
      Agenda(
        self,
        results: force ? [:] : standing(in: store, under: limits, retryFailed: retryFailed))
    }
    let unlocked = agenda()
    guard !unlocked.queue.isEmpty else {
      events(.planned(total: unlocked.results.count, stored: unlocked.results.count))
      return ComparisonOutcome(results: unlocked.results, ran: 0)
    }
    var datasets = datasets
    if datasets == nil, contests.contains(where: { $0.benchmark.readsFiles }) {
      datasets = try DataDirectory.locate()
    }
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    if let first = lock.foreign.first {
      events(.warning("\(first) is not of this program's making and left alone"))
    }
    let life = CellLife(
      store: store, executor: executor, limits: limits, isolation: isolation,
      isConfined: isConfined,
      threads: threads,
      datasets: datasets, benchmarks: ownBenchmarks, events: events)
    do {
      return try await life.run(agenda())
    } catch let error as StoreError {
      throw error.amidst
    }
  }
}

extension ComparisonPlan {
  /// The benchmarks of users, by their digests.
  fileprivate var ownBenchmarks: [String: Benchmark] {
    let all = contests.compactMap { contest in
      contest.benchmark.digest.map { ($0, contest.benchmark) }
    }
    return Dictionary(all, uniquingKeysWith: { first, _ in first })
  }
}

extension CellLife {
  /// Runs what is on an agenda.
  fileprivate func run(_ agenda: Agenda) async throws -> ComparisonOutcome {
    var agenda = agenda
    let stored = agenda.results.count
    events(.planned(total: agenda.queue.count + stored, stored: stored))
    var ran = 0
    try await withThrowingTaskGroup(of: CellResult.self) { group in
      var running = 0
      while !agenda.queue.isEmpty || running > 0 {
        while running < max(1, executor.slots), let cell = agenda.next() {
          let starts = cell.key.prerequisites.compactMap { agenda.results[$0] }
          if let result = starts.lazy.compactMap(cell.key.withoutStart).first {
            _ = agenda.finish(result)
            events(.finished(result))
            continue
          }
          running += 1
          group.addTask { try await run(cell, from: starts.first) }
        }
        guard running > 0, let result = try await group.next() else { continue }
        running -= 1
        ran += 1
        let again = agenda.finish(result)
        events(.finished(result))
        if !again.isEmpty { events(.outdated(again.count)) }
      }
    }
    return ComparisonOutcome(results: agenda.results, ran: ran)
  }
}

extension CellKey {
  /// The result of a cell for which there is nothing to start from; nil where there is. It is not
  /// stored: the cell has not been tried.
  ///
  /// Without a dense network that is nobody's verdict. That a strategy left no structure is the
  /// strategy's.
  @Sendable
  fileprivate func withoutStart(_ start: CellResult) -> CellResult? {
    let end = "ended as \"\(start.status.rawValue)\": \(start.reason ?? "no reason given")"
    if start.key.isDense {
      guard start.status != .done else { return nil }
      return CellResult(
        key: self, status: .stopped, reason: "the dense network to start from \(end)", dense: nil)
    }
    guard start.files[Store.structuresName] == nil else { return nil }
    return CellResult(
      key: self, status: .skipped,
      reason: "there is no structure to train: \(start.key.strategyText) \(end)",
      dense: start.dense)
  }
}
