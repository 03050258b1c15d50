import Foundation
import Synchronization

/// Runs cells as processes of this machine: this program again, with the worker subcommand.
package struct LocalExecutor: CellExecutor {
  package let slots: Int
  /// After which a cell is stopped; nil for never.
  package let timeout: Duration?
  private let executable: String
  private let arguments: [String]

  /// - Parameters:
  ///   - jobs: How many cells run at a time; nil for one a core.
  ///   - executable: The program to start; this one unless a test has its own.
  ///   - arguments: What it is told before the name of the job's file.
  package init(
    jobs: Int? = nil, timeout: Duration? = nil, executable: String = "/proc/self/exe",
    arguments: [String] = [Worker.subcommand]
  ) {
    slots = max(1, jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    self.timeout = timeout
    self.executable = executable
    self.arguments = arguments
  }

  package func run(
    _ job: WorkerJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> WorkerEnd {
    let cancelled = Flag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // A thread of its own: the kernel ends a worker with the thread that started it, and
        // threads of a pool come and go.
        Thread.detachNewThread {
          continuation.resume(
            with: Result { try watch(job, progress: progress, cancelled: cancelled) })
        }
      }
    } onCancel: {
      cancelled.raise()
    }
  }

  /// Starts the worker and looks at it every few hundredths of a second until it ends.
  private func watch(
    _ job: WorkerJob, progress: (Double) -> Void, cancelled: Flag
  ) throws -> WorkerEnd {
    let jobFile = job.output.appending(path: Worker.jobName)
    try DurableFile.write(try CanonicalJSON.encode(job), to: jobFile)
    defer { try? FileManager.default.removeItem(at: jobFile) }
    let standardError = job.output.appending(path: Store.standardErrorName)
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let start = ContinuousClock.now
    let child = try ChildProcess(
      executable: executable, arguments: arguments + [jobFile.path], environment: environment,
      standardError: standardError)
    var stopped: WorkerEnd.Kind?
    var peak = 0
    while true {
      for line in child.lines(within: Self.glance) { Double(line).map(progress) }
      if let ending = child.ending() {
        // Whatever it started and left behind.
        child.kill()
        if cancelled.isRaised { throw CancellationError() }
        return WorkerEnd(
          kind: try stopped ?? kind(of: ending, standardError: standardError),
          seconds: start.duration(to: .now) / .seconds(1), peakMemoryBytes: peak)
      }
      if let memory = ProcessMemory.ofProcess("\(child.id)") {
        peak = max(peak, memory.peak)
        if let limit = job.memoryLimit, memory.peak > limit, stopped == nil {
          stopped = .failed(
            .memory, reason: "held \(megabytes(memory.peak)), the limit is \(megabytes(limit))")
          child.kill()
        }
      }
      if let timeout, start.duration(to: .now) > timeout, stopped == nil {
        stopped = .failed(
          .timeout, reason: "stopped after \(Int(timeout / .seconds(1))) s, the limit of a cell")
        child.kill()
      }
      if cancelled.isRaised { child.kill() }
    }
  }

  /// Milliseconds between two looks at a worker.
  private static let glance: Int32 = 30

  private func kind(
    of ending: ChildProcess.Ending, standardError: URL
  ) throws -> WorkerEnd.Kind {
    let last = lastLines(of: standardError)
    let said = last.isEmpty ? "" : ": \(last)"
    switch ending {
    case .exited(Worker.ExitCode.finished): return .finished
    case .exited(Worker.ExitCode.storage):
      throw StoreError(last.isEmpty ? "a worker could not write its files" : last)
    case .exited(let code):
      return .failed(.crashed, reason: "the worker ended with code \(code)\(said)")
    case .signal(let signal):
      return .failed(.crashed, reason: "the worker was ended by \(signalName(signal))\(said)")
    }
  }

  /// The end of what a worker said, at most three lines.
  private func lastLines(of file: URL) -> String {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return "" }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 2000 ? size - 2000 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").suffix(3).joined(separator: " / ")
  }

  private func megabytes(_ bytes: Int) -> String { "\((bytes + 524_288) / 1_048_576) MiB" }
}

/// Something that happens once and is seen from every thread.
private final class Flag: Sendable {
  private let value = Atomic(false)

  func raise() { value.store(true, ordering: .releasing) }
  var isRaised: Bool { value.load(ordering: .acquiring) }
}
