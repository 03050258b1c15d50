package import Foundation

/// What a worker process is told.
package struct WorkerJob: Codable, Hashable, Sendable {
  package var key: CellKey
  /// The library to load the strategy from; nil for built-ins.
  package var pluginPath: String?
  /// Bytes the process may hold; nil for no limit.
  package var memoryLimit: Int?
  /// Threads that share its work; the result does not depend on them.
  package var threads: Int
  /// Where the results go: exists and is empty but for the job.
  package var output: URL
  /// The folder of the dense cell to start from; nil for dense cells.
  package var dense: URL?
  /// The data folder; nil to look for it.
  package var datasets: URL?

  package init(
    key: CellKey, pluginPath: String?, memoryLimit: Int? = nil, threads: Int = 1, output: URL,
    dense: URL?, datasets: URL? = nil
  ) {
    self.key = key
    self.pluginPath = pluginPath
    self.memoryLimit = memoryLimit
    self.threads = threads
    self.output = output
    self.dense = dense
    self.datasets = datasets
  }
}

/// How a worker ended, as seen from outside.
package struct WorkerEnd: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// It wrote a result.
    case finished
    /// It was stopped or died; `done` is not among these.
    case failed(CellStatus, reason: String)
  }

  package var kind: Kind
  package var seconds: Double
  /// 0 where it is not known.
  package var peakMemoryBytes: Int

  package init(kind: Kind, seconds: Double, peakMemoryBytes: Int) {
    self.kind = kind
    self.seconds = seconds
    self.peakMemoryBytes = peakMemoryBytes
  }
}

/// Where cells run: processes of this machine, or a cluster.
package protocol CellExecutor: Sendable {
  /// How many cells may run at a time.
  var slots: Int { get }

  /// Runs one cell to its end, whatever it is.
  ///
  /// - Parameter progress: Called with rising fractions of the work, from any thread.
  /// - Throws: `CancellationError` when the task was cancelled and the worker stopped for it.
  func run(
    _ job: WorkerJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> WorkerEnd
}
