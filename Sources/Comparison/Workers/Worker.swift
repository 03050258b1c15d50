import CSystem
import Datasets
import Foundation
import Glibc
import Networks
import Numerics

/// The inside of a worker process: one cell, from the job it is told to the files of its result.
package enum Worker {
  /// The subcommand that starts one; hidden from users.
  package static let subcommand = "worker"
  package static let jobName = "job.json"

  /// How a worker process ends.
  package enum ExitCode {
    package static let finished: Int32 = 0
    /// It failed for a reason of its own, told on standard error.
    package static let failed: Int32 = 1
    /// Files could not be written.
    package static let storage: Int32 = 74
  }

  /// Runs the job in `file` and returns the code to exit with.
  ///
  /// What anything prints goes to standard error; standard output carries progress alone.
  package static func main(jobFile file: String) -> Int32 {
    // The parent may be gone already, or the kernel refuse: then the cell ends by itself.
    _ = system_die_with_parent()
    // A parent that no longer listens shows as a failed write.
    signal(SIGPIPE, SIG_IGN)
    OpenBLAS.useOneThread()
    let channel = ProgressChannel()
    do {
      let data = try Data(contentsOf: URL(filePath: file))
      let job = try CanonicalJSON.decode(WorkerJob.self, from: data)
      Team.use(threads: job.threads)
      try run(job, progress: channel.send)
      return ExitCode.finished
    } catch let error as StoreError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      return ExitCode.storage
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      return ExitCode.failed
    }
  }

  /// Runs a job and writes its files.
  ///
  /// - Parameter strategy: Makes the strategy of a job; the plugin host unless a test has its own.
  /// - Throws: ``StoreError`` when a file cannot be written, and what stands in the way of the cell:
  ///   data or a dense network that cannot be read.
  package static func run(
    _ job: WorkerJob, strategy: (WorkerJob) throws -> any CellStrategy = pluggedStrategy,
    catalogue: [Benchmark] = Benchmark.catalogue, progress: @escaping (Double) -> Void
  ) throws {
    let key = job.key
    guard let benchmark = catalogue.first(where: { $0.name == key.benchmark }) else {
      throw PlanError.unknownBenchmark(key.benchmark, known: catalogue.map(\.name))
    }
    let splits = try benchmark.data(key.seed) {
      if let directory = job.datasets { return directory }
      return try DataDirectory.locate()
    }
    var runner = CellRunner(key: key, benchmark: benchmark, splits: splits)
    runner.progress = progress
    let metrics = job.output.appending(path: Store.metricsName)
    var lines = Data()
    runner.report = { point in
      // Whole each time, so that what was reached is there whatever ends the process.
      lines.append(try CanonicalJSON.encode(point))
      lines.append(UInt8(ascii: "\n"))
      try DurableFile.write(lines, to: metrics)
    }

    let outcome: (result: CellResult, network: Network?)
    if key.isDense {
      outcome = try runner.runDense()
    } else {
      outcome = try run(job, runner, strategy: strategy)
    }
    if let network = outcome.network {
      try DurableFile.write(
        try ModelFile.encode(network), to: job.output.appending(path: Store.modelName))
    }
    var result = outcome.result
    result.peakMemoryBytes = ProcessMemory.ofThisProcess()?.peak ?? 0
    result.provenance = .ofThisProcess(threads: job.threads)
    try DurableFile.write(
      try CanonicalJSON.encode(result, pretty: true),
      to: job.output.appending(path: Store.resultName))
  }

  private static func run(
    _ job: WorkerJob, _ runner: CellRunner, strategy: (WorkerJob) throws -> any CellStrategy
  ) throws -> (CellResult, Network?) {
    guard let folder = job.dense else {
      throw StoreError("no dense network is named to start from")
    }
    let start = try ModelFile.read(folder.appending(path: Store.modelName))
    let stored = try CanonicalJSON.decode(
      CellResult.self, from: Data(contentsOf: folder.appending(path: Store.resultName)))
    guard stored.key == job.key.dense, let dense = stored.dense else {
      throw StoreError("\(folder.path) is not the dense network of this cell")
    }
    do {
      return try runner.run(strategy(job), from: start, dense: dense)
    } catch let failure as CellFailure {
      // The strategy could not even be made.
      let result = CellResult(
        key: job.key, status: failure.status, reason: failure.reason, dense: dense)
      return (result, nil)
    }
  }
}

/// Standard output as it was at the start, for progress alone: what a strategy prints is sent to
/// standard error instead.
private final class ProgressChannel {
  private let descriptor: Int32

  init() {
    descriptor = dup(STDOUT_FILENO)
    dup2(STDERR_FILENO, STDOUT_FILENO)
  }

  func send(_ fraction: Double) {
    let line = Array("\(fraction)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
