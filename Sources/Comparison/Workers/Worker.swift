import CSystem
import Datasets
package import Foundation
import Glibc
import Networks
import Numerics
import PluginHost

/// The inside of a worker process: one cell, from the job it is told to its result.
package enum Worker {
  /// The subcommand that starts one; hidden from users.
  package static let subcommand = "worker"
  package static let jobName = "job.json"

  /// Runs the job in `file`, says how it ended, and leaves at once: what a library does while a
  /// process leaves in order is none of the cell's.
  ///
  /// What anything prints goes to standard error; standard output carries messages alone.
  package static func main(jobFile file: String) -> Never {
    // The kernel may refuse: then the cell ends by itself.
    _ = system_die_with_parent()
    // A parent that no longer listens shows as a failed write.
    signal(SIGPIPE, SIG_IGN)
    // So does a limit of file sizes.
    signal(SIGXFSZ, SIG_IGN)
    OpenBLAS.useOneThread()
    let channel = MessageChannel()
    do {
      let data = try PlainFile.read(URL(filePath: file), atMost: 1 << 20)
      let job = try CanonicalJSON.decode(WorkerJob.self, from: data)
      // It may have ended before the kernel was told.
      guard getppid() == job.parent else { _exit(1) }
      Team.use(threads: job.threads)
      let result = try run(
        job, reached: { channel.send(.point($0)) }, progress: { channel.send(.progress($0)) })
      channel.send(.finished(try CanonicalJSON.encode(result)))
      _exit(0)
    } catch {
      // No strategy decides whether the disk is full, but one can use up the descriptors.
      let isOfSurroundings = (error as? StoreError)?.isOfSurroundings ?? false
      channel.send(.failed(isOfSurroundings ? .stopped : .crashed, reason: "\(error)"))
      _exit(1)
    }
  }

  /// Runs a job and writes the files that go with its result.
  ///
  /// - Parameters:
  ///   - strategy: Makes the strategy of a job; the plugin host unless a test has its own.
  ///   - reached: Called with each point, as JSON in one line, once it is written.
  /// - Throws: ``StoreError`` when a file cannot be written, and what no cell should end by.
  package static func run(
    _ job: WorkerJob, strategy: (WorkerJob) throws -> any CellStrategy = pluggedStrategy,
    catalogue: [Benchmark] = Benchmark.catalogue, reached: @escaping (Data) -> Void = { _ in },
    progress: @escaping (Double) -> Void
  ) throws -> CellResult {
    let key = job.key
    guard
      let benchmark = job.benchmark
        ?? catalogue.first(where: { $0.name == key.benchmark && key.benchmarkSHA256 == nil })
    else {
      throw PlanError.unknownBenchmark(key.benchmark, known: catalogue.map(\.name))
    }
    let splits: Splits
    do {
      splits = try benchmark.splits(seed: key.seed) {
        if let directory = job.datasets { return directory }
        return try DataDirectory.locate()
      }
    } catch {
      return ofThisProcess(CellResult(key: key, stopped: error), job)
    }
    if let own = job.benchmark {
      try DurableFile.write(
        try BenchmarkFile.encode(own), to: job.output.appending(path: Store.benchmarkName))
    }
    var runner = CellRunner(key: key, benchmark: benchmark, splits: splits)
    runner.progress = progress
    let metrics = job.output.appending(path: Store.metricsName)
    var lines = Data()
    runner.report = { point in
      let line = try CanonicalJSON.encode(point)
      // Whole each time, so that what was reached is there whatever ends the process.
      lines.append(line + [UInt8(ascii: "\n")])
      try DurableFile.write(lines, to: metrics)
      reached(line)
    }

    let outcome = key.isDense ? try runner.runDense() : try run(job, runner, strategy: strategy)
    for (network, name) in [
      (outcome.network, Store.modelName), (outcome.early, Store.earlyName),
    ] {
      guard let network else { continue }
      try DurableFile.write(
        try ModelFile.encode(
          network,
          lineage: key.lineage(
            startSHA256: outcome.result.startSHA256, givenSHA256: benchmark.given?.sha256)),
        to: job.output.appending(path: name))
    }
    // The structures of a control are those that it was given.
    if !outcome.structures.isEmpty, key.control == nil {
      try DurableFile.write(
        try CanonicalJSON.encode(outcome.structures),
        to: job.output.appending(path: Store.structuresName))
    }
    if !outcome.rounds.isEmpty, key.control == nil {
      let lines = try outcome.rounds.map { try CanonicalJSON.encode($0) + [UInt8(ascii: "\n")] }
      try DurableFile.write(
        Data(lines.joined()), to: job.output.appending(path: Store.changesName))
    }
    return ofThisProcess(outcome.result, job)
  }

  private static func ofThisProcess(_ result: CellResult, _ job: WorkerJob) -> CellResult {
    var result = result
    result.peakMemoryBytes = ProcessMemory.ofThisProcess()?.peak ?? 0
    result.provenance = .ofThisProcess(threads: job.threads)
    result.provenance?.givenSHA256 = job.benchmark?.given?.sha256
    return result
  }

  private static func run(
    _ job: WorkerJob, _ runner: CellRunner, strategy: (WorkerJob) throws -> any CellStrategy
  ) throws -> CellOutcome {
    let start: Network
    let dense: DenseResult
    let digest: String
    let controlled: ControlledCell?
    do {
      guard let folder = job.dense else {
        throw StoreError("no dense network is named to start from")
      }
      let stored = try Store(folder.deletingLastPathComponent()).start(for: job.key.dense)
      start = try ModelFile.decode(stored.model, file: folder.path)
      dense = stored.result
      digest = sha256Hex(of: stored.model)
      controlled = try job.controlledCell()
    } catch {
      return CellOutcome(result: CellResult(key: job.key, stopped: error))
    }
    var outcome: CellOutcome
    do {
      if let control = job.key.control, let controlled {
        outcome = try runner.run(control, of: controlled, from: start, dense: dense)
        outcome.result.structuresSHA256 = controlled.result.files[Store.structuresName]
      } else {
        outcome = try runner.run(strategy(job), from: start, dense: dense)
      }
    } catch let failure as CellFailure {
      // The strategy could not even be made.
      let result = CellResult(
        key: job.key, status: failure.status, reason: failure.reason, dense: dense)
      outcome = CellOutcome(result: result)
    }
    outcome.result.startSHA256 = digest
    return outcome
  }
}

extension WorkerJob {
  /// What a control trains the structures of; nil for what is no control.
  ///
  /// - Throws: What stands in the way of reading it.
  fileprivate func controlledCell() throws -> ControlledCell? {
    guard let control = key.control, let cell = key.controlled else { return nil }
    guard let folder = controlled else {
      throw StoreError("no cell is named whose structures are to be trained")
    }
    let store = Store(folder.deletingLastPathComponent())
    let (result, data) = try store.file(Store.structuresName, of: cell)
    let structures = try Store.structures(data, of: folder.path)
    var early: Network?
    if control.rewinds {
      let model = try store.file(Store.earlyName, of: key.dense).data
      early = try ModelFile.decode(model, file: Store.earlyName)
    }
    return ControlledCell(result: result, structures: structures, early: early)
  }
}

extension CellResult {
  /// Of a cell that could not begin: what it needs is missing or damaged.
  fileprivate init(key: CellKey, stopped error: any Error) {
    self.init(key: key, status: .stopped, reason: "\(error)", dense: nil)
  }
}

/// Standard output as it was at the start, for messages alone: what a strategy prints is sent to
/// standard error instead, line by line.
private final class MessageChannel {
  private let descriptor: Int32

  init() {
    descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(STDERR_FILENO, STDOUT_FILENO)
    system_buffer_lines()
  }

  func send(_ message: WorkerMessage) {
    let line = Array("\(message.line)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
