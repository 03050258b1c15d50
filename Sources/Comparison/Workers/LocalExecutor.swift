import Foundation
import PluginHost
import Synchronization

/// Runs cells as processes of this machine: this program again, with the worker subcommand.
package struct LocalExecutor: CellExecutor {
  package let slots: Int
  package let timeout: Duration?
  private let executable: String
  private let arguments: [String]

  /// - Parameters:
  ///   - jobs: How many cells run at a time; nil for one a core.
  ///   - timeout: After which a cell is stopped; nil for never.
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
    let family = ProcessFamily()
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    environment[ProcessFamily.variable] = family.mark
    let start = ContinuousClock.now
    let limit = job.memoryLimit ?? MachineMemory.available()
    let child = try ChildProcess(
      executable: executable, arguments: arguments + [jobFile.path], environment: environment)
    // What the worker said of its end, and why it was ended from here.
    var said: WorkerEnd.Kind?
    var stopped: WorkerEnd.Kind?
    var points: [TrajectoryPoint] = []
    var memory = FamilyMemory(limit: limit)
    func listen(_ milliseconds: Int32) {
      for line in child.lines(within: milliseconds) {
        switch WorkerMessage(line: line) {
        case .progress(let fraction): progress(fraction)
        case .point(let json):
          if let point = try? CanonicalJSON.decode(TrajectoryPoint.self, from: json) {
            points.append(point)
          }
        case .finished(let json): said = said ?? kind(ofResult: json, of: job)
        case .failed(let status, let reason): said = said ?? .failed(status, reason: reason)
        case nil: break
        }
      }
    }
    while true {
      listen(Self.glance)
      // Its files are written: what libraries do while a process leaves changes nothing.
      if said != nil { child.kill() }
      if let ending = child.ending() {
        family.end()
        listen(0)
        if cancelled.isRaised, !(said?.isResult ?? false) { throw CancellationError() }
        return WorkerEnd(
          kind: said ?? stopped ?? kind(of: ending, lastWords: child.standardError.lastWords),
          points: points, seconds: start.duration(to: .now) / .seconds(1),
          peakMemoryBytes: memory.peak, standardError: child.standardError.data)
      }
      memory.look(at: child.id)
      if let limit, memory.isOverLimit, stopped == nil {
        let words =
          job.memoryLimit == nil ? "all that the machine had to give were" : "the limit is"
        stopped = .failed(
          .memory, reason: "held \(megabytes(memory.peak)), \(words) \(megabytes(limit))")
        child.kill()
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

  private func kind(ofResult json: Data, of job: WorkerJob) -> WorkerEnd.Kind {
    guard let result = try? CanonicalJSON.decode(CellResult.self, from: json), result.key == job.key
    else { return .failed(.crashed, reason: "the worker ended without a readable result") }
    return .finished(result)
  }

  /// What is known of a worker that said nothing of its end. No code that it ended with is a result.
  private func kind(of ending: ChildProcess.Ending, lastWords: String) -> WorkerEnd.Kind {
    let words = lastWords.isEmpty ? "" : ": \(lastWords)"
    switch ending {
    case .exited(0): return .failed(.crashed, reason: "the worker ended before its result\(words)")
    case .exited(let code):
      return .failed(.crashed, reason: "the worker ended with code \(code)\(words)")
    case .signal(let number):
      let signal = EndingSignal(number: number)
      return .failed(
        signal.isFromOutside ? .stopped : .crashed,
        reason: "the worker was ended by \(signal.description)\(words)")
    case .unknown:
      return .failed(.stopped, reason: "the worker is gone, and the system does not say how")
    }
  }

  private func megabytes(_ bytes: Int) -> String { "\((bytes + 524_288) / 1_048_576) MiB" }
}

extension WorkerEnd.Kind {
  fileprivate var isResult: Bool {
    if case .finished = self { true } else { false }
  }
}

/// Something that happens once and is seen from every thread.
private final class Flag: Sendable {
  private let value = Atomic(false)

  func raise() { value.store(true, ordering: .releasing) }
  var isRaised: Bool { value.load(ordering: .acquiring) }
}
