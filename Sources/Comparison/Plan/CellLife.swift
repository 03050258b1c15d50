import Datasets
import Foundation
import PluginHost

/// One cell from an empty folder to a stored result.
struct CellLife: Sendable {
  let store: Store
  let executor: any CellExecutor
  let limits: CellLimits
  let isolation: Isolation.Scope
  let isConfined: Bool
  let threads: Int
  let datasets: URL?
  /// Those of users, by their digests.
  let benchmarks: [String: Benchmark]
  let events: @Sendable (ComparisonEvent) -> Void

  /// - Parameter start: The result of the dense network to start from; nil for dense cells.
  /// - Throws: ``StoreError`` when the result cannot be kept, and `CancellationError`.
  func run(_ cell: PlannedCell, from start: CellResult?) async throws -> CellResult {
    try Task.checkCancellation()
    let key = cell.key
    let folder = try store.begin(key)
    events(.started(key))
    let job = WorkerJob(
      key: key, benchmark: key.benchmarkSHA256.flatMap { benchmarks[$0] },
      pluginPath: cell.pluginPath, memoryLimit: limits.memory,
      isolation: isolation, isConfined: isConfined, strategySeconds: limits.strategySeconds,
      threads: threads,
      output: folder,
      dense: start.map { store.folder(of: $0.key) },
      controlled: key.controlled.map(store.folder(of:)), datasets: datasets)
    let end = try await executor.run(job) { events(.progress(key, $0)) }
    var result = result(of: end, cell: cell, start: start)
    result.reason = result.reason?.shortened(toBytes: CellResult.longestReason)
    result.seconds = end.seconds
    result.peakMemoryBytes = max(result.peakMemoryBytes, end.peakMemoryBytes)
    result.limits = limits
    return try keep(result, standardError: end.standardError, from: folder)
  }

  private func result(
    of end: WorkerEnd, cell: PlannedCell, start: CellResult?
  ) -> CellResult {
    let key = cell.key
    func failure(_ status: CellStatus, _ reason: String) -> CellResult {
      CellResult(
        key: key, status: status, reason: reason, dense: start?.dense,
        startSHA256: start?.files[Store.modelName], points: end.points)
    }
    var result =
      switch end.kind {
      case .failed(let status, let reason): failure(status, reason)
      case .finished(let result): result
      }
    if ![.done, .stopped].contains(result.status), cell.lostItsLibrary {
      // What runs is read from the file as it is needed.
      result.status = .stopped
      result.reason =
        "its library was changed or removed while it ran: \(result.reason ?? "no reason given")"
    }
    return result
  }

  /// Stores a result, but for one that says nothing in the place of one that does.
  private func keep(
    _ result: CellResult, standardError: Data, from folder: URL
  ) throws(StoreError) -> CellResult {
    if result.status == .stopped, let stored = store.result(for: result.key),
      stored.status != .stopped
    {
      return result
    }
    return try store.commit(result, standardError: standardError, from: folder)
  }
}

extension PlannedCell {
  /// Whether the library to load, or one that it links to, is no longer the one of the key.
  fileprivate var lostItsLibrary: Bool {
    guard let pluginPath, let digest = key.pluginSHA256 else { return false }
    guard let digests = LibraryDigests(of: pluginPath) else { return true }
    return digests.library != digest || digests.linked != key.libraries
  }
}
