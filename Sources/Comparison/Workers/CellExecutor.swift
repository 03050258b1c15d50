package import Foundation
import Glibc
package import PluginHost

/// What a worker process is told.
package struct WorkerJob: Codable, Hashable, Sendable {
  package var key: CellKey
  /// The benchmark of a user; nil for those of the program.
  package var benchmark: Benchmark?
  /// The library to load the strategy from; nil for built-ins.
  package var pluginPath: String?
  /// Bytes the process may hold; nil for no limit.
  package var memoryLimit: Int?
  /// Whether the strategy has a process of its own; the result does not depend on it.
  package var isolation: Isolation.Scope
  /// Whether that is confined.
  package var isConfined: Bool
  /// The time that it may take there; nil for any.
  package var strategySeconds: Double?
  /// Threads that share its work; the result does not depend on them.
  package var threads: Int
  /// Where the results go: exists and is empty but for the job.
  package var output: URL
  /// The folder of the dense cell to start from; nil for dense cells.
  package var dense: URL?
  /// The folder of the cell whose structures a control trains; nil for what is no control.
  package var controlled: URL?
  /// The data folder; nil to look for it.
  package var datasets: URL?
  /// The process that the worker belongs to: without it there is nobody to work for.
  package var parent: Int32

  package init(
    key: CellKey, benchmark: Benchmark? = nil, pluginPath: String?, memoryLimit: Int? = nil,
    isolation: Isolation.Scope = .none, isConfined: Bool = true, strategySeconds: Double? = nil,
    threads: Int = 1,
    output: URL, dense: URL?,
    controlled: URL? = nil, datasets: URL? = nil, parent: Int32 = getpid()
  ) {
    self.key = key
    self.benchmark = benchmark
    self.pluginPath = pluginPath
    self.memoryLimit = memoryLimit
    self.isolation = isolation
    self.isConfined = isConfined
    self.strategySeconds = strategySeconds
    self.threads = threads
    self.output = output
    self.dense = dense
    self.controlled = controlled
    self.datasets = datasets
    self.parent = parent
  }
}

/// How a worker ended, as seen from outside.
package struct WorkerEnd: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// It told its result.
    case finished(CellResult)
    /// It said that it could not, was stopped or died; `done` is not among these.
    case failed(CellStatus, reason: String)
  }

  package var kind: Kind
  /// What it said that it reached. Its files are no such word: a strategy can write them, too.
  package var points: [TrajectoryPoint]
  package var seconds: Double
  /// 0 where it is not known.
  package var peakMemoryBytes: Int
  /// What it wrote there, the middle left out where it was much.
  package var standardError: Data

  package init(
    kind: Kind, points: [TrajectoryPoint] = [], seconds: Double, peakMemoryBytes: Int,
    standardError: Data = Data()
  ) {
    self.kind = kind
    self.points = points
    self.seconds = seconds
    self.peakMemoryBytes = peakMemoryBytes
    self.standardError = standardError
  }
}

/// Where cells run: processes of this machine, or a cluster.
package protocol CellExecutor: Sendable {
  /// How many cells may run at a time.
  var slots: Int { get }

  /// After which a cell is stopped; nil for never.
  var timeout: Duration? { get }

  /// Runs one cell to its end, whatever it is.
  ///
  /// - Parameters:
  ///   - job: The cell and what it needs.
  ///   - progress: Called with rising fractions of the work, from any thread.
  /// - Throws: `CancellationError` when the task was cancelled and the worker stopped for it.
  func run(
    _ job: WorkerJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> WorkerEnd
}
