import Datasets
package import Foundation

extension ComparisonPlan {
  /// Runs the cells that the store does not have: dense networks first, then what starts from them,
  /// as many at a time as the executor has slots.
  ///
  /// Cancel the task to stop: running workers are ended, finished cells stay.
  ///
  /// - Parameters:
  ///   - force: Whether cells that the store has are run again.
  ///   - memoryLimit: Bytes each worker may hold.
  ///   - threads: Threads that share the work of each cell: the same for all, so that their times
  ///     can be compared.
  ///   - datasets: The data folder; nil to look for it.
  ///   - events: Called from any thread.
  /// - Throws: ``StoreError`` when results cannot be kept, `CancellationError`, and
  ///   `DatasetError` when files are needed and not found.
  package func run(
    store: Store, executor: any CellExecutor, force: Bool = false, memoryLimit: Int? = nil,
    threads: Int = 1, datasets: URL? = nil,
    events: @escaping @Sendable (ComparisonEvent) -> Void = { _ in }
  ) async throws -> ComparisonOutcome {
    var datasets = datasets
    if datasets == nil, contests.contains(where: { $0.benchmark.readsFiles }) {
      datasets = try DataDirectory.locate()
    }
    let directory = datasets
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    // A dense network that failed says something of the machine or the data, not of a strategy:
    // it is tried again, or a file put right would leave every cell that stands on it skipped.
    var results = (force ? [:] : store.results(for: self)).filter { key, result in
      !key.isDense || result.status == .done
    }
    let wanted = cells.filter { results[$0.key] == nil }
    let denseWanted = Set(wanted.map(\.key.dense))
    let dense = denseCells.filter { results[$0.key] == nil && denseWanted.contains($0.key) }
    // Dense networks stand directly before the first cell that needs them.
    var queue: [PlannedCell] = []
    for cell in wanted {
      if let network = dense.first(where: { $0.key == cell.key.dense }), !queue.contains(network) {
        queue.append(network)
      }
      queue.append(cell)
    }
    events(.planned(total: queue.count + results.count, stored: results.count))

    var ran = 0
    try await withThrowingTaskGroup(of: CellResult.self) { group in
      var running = 0
      while !queue.isEmpty || running > 0 {
        while running < max(1, executor.slots),
          let next = queue.firstIndex(where: {
            $0.key.isDense || results[$0.key.dense] != nil
          })
        {
          let cell = queue.remove(at: next)
          if !cell.key.isDense, let start = results[cell.key.dense], start.status != .done {
            let result = cell.key.withoutStart(start)
            results[cell.key] = result
            events(.finished(result))
            continue
          }
          let startResult = cell.key.isDense ? nil : results[cell.key.dense]
          running += 1
          group.addTask {
            try await CellLife(
              cell: cell, start: startResult, store: store, executor: executor,
              memoryLimit: memoryLimit, threads: threads, datasets: directory, events: events
            ).run()
          }
        }
        guard running > 0, let result = try await group.next() else { continue }
        running -= 1
        ran += 1
        results[result.key] = result
        events(.finished(result))
      }
    }
    return ComparisonOutcome(results: results, ran: ran)
  }
}

/// One cell from an empty folder to a stored result.
private struct CellLife: Sendable {
  let cell: PlannedCell
  let start: CellResult?
  let store: Store
  let executor: any CellExecutor
  let memoryLimit: Int?
  let threads: Int
  let datasets: URL?
  let events: @Sendable (ComparisonEvent) -> Void

  func run() async throws -> CellResult {
    try Task.checkCancellation()
    let key = cell.key
    let folder = try store.begin(key)
    events(.started(key))
    let job = WorkerJob(
      key: key, pluginPath: cell.pluginPath, memoryLimit: memoryLimit, threads: threads,
      output: folder,
      dense: key.isDense ? nil : store.folder(of: key.dense), datasets: datasets)
    let end = try await executor.run(job) { events(.progress(key, $0)) }
    var result = result(of: end, in: folder)
    result.seconds = end.seconds
    result.peakMemoryBytes = max(result.peakMemoryBytes, end.peakMemoryBytes)
    try store.commit(result, from: folder)
    return result
  }

  private func result(of end: WorkerEnd, in folder: URL) -> CellResult {
    switch end.kind {
    case .finished:
      let file = folder.appending(path: Store.resultName)
      if let data = try? Data(contentsOf: file),
        let result = try? CanonicalJSON.decode(CellResult.self, from: data), result.key == cell.key
      {
        return result
      }
      return failure(.crashed, "the worker ended without a readable result", in: folder)
    case .failed(let status, let reason):
      return failure(status, reason, in: folder)
    }
  }

  private func failure(_ status: CellStatus, _ reason: String, in folder: URL) -> CellResult {
    CellResult(
      key: cell.key, status: status, reason: reason, dense: start?.dense,
      points: Store.points(in: folder))
  }
}

extension CellKey {
  /// The result of a cell whose dense network failed. It is not stored: the cell has not been
  /// tried.
  fileprivate func withoutStart(_ start: CellResult) -> CellResult {
    CellResult(
      key: self, status: .skipped,
      reason: "the dense network to start from ended as \"\(start.status.rawValue)\": "
        + (start.reason ?? "no reason given"),
      dense: nil)
  }
}
