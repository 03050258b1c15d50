import Foundation
import Glibc
import Synchronization

/// The process of a strategy from its start to its end.
///
/// A thread looks after its memory, whatever the judge is doing meanwhile: the system has no limit for what a
/// process holds, and one of addresses would refuse what is only reserved.
final class StrategyChild: Sendable {
  private let id: pid_t
  private let isolation: Isolation
  private let given: SharedMemory
  private let taken: SharedMemory
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var end: Ending?
    /// What it took too much of.
    var overrun: StrategyFailure?
  }

  private enum Ending {
    case exited(Int32)
    case signal(Int32, processorSeconds: Double)
    case unknown
    /// Was ended from here.
    case stopped
  }

  /// - Parameter id: Of a child of this process that nobody else waits for.
  init(_ id: pid_t, _ isolation: Isolation, given: SharedMemory, taken: SharedMemory) {
    self.id = id
    self.isolation = isolation
    self.given = given
    self.taken = taken
    limit = isolation.memory ?? MachineMemory.available() ?? .max
    Thread.detachNewThread { [self] in
      repeat { usleep(Self.glance) } while holdsNoMoreThanItMay()
    }
  }

  // MARK: - Memory and threads

  /// Far more than compute faster than one a core.
  private static let mostThreads = 512

  /// Microseconds between two looks.
  private static let glance: UInt32 = 50_000

  /// Ends the process where it holds too much.
  ///
  /// - Returns: Whether there is anything more to look at.
  private func holdsNoMoreThanItMay() -> Bool {
    state.withLock { state in
      guard state.end == nil else { return false }
      guard let memory = ProcessMemory.ofProcess("\(id)") else { return true }
      let held = held(memory)
      if held > limit {
        state.overrun = tooLarge(held)
      } else if memory.threads > Self.mostThreads {
        state.overrun = StrategyFailure(
          .invalid,
          "its process had \(memory.threads) threads; \(Self.mostThreads) are the most")
      } else {
        return true
      }
      kill(id, SIGKILL)
      return false
    }
  }

  /// Bytes of the process, and those of the shared memory that it has filled and let go of.
  private func held(_ memory: ProcessMemory) -> Int {
    let filled = taken.stored + max(0, given.stored - given.mostUsed)
    return memory.resident + memory.swapped + max(0, filled - memory.shared)
  }

  // MARK: - The end

  /// Ends it at once.
  func stop() {
    state.withLock {
      guard $0.end == nil else { return }
      kill(id, SIGKILL)
      _ = reaped(0)
      $0.end = .stopped
    }
  }

  /// Why it ended; waits for that.
  ///
  /// It is asked for once the line is broken: a process that closed it and goes on is ended.
  func failure() -> StrategyFailure {
    // A process that ends closes the line a little before it can be waited for.
    for _ in 0..<100 {
      let (end, overrun) = state.withLock {
        $0.end = $0.end ?? reaped(WNOHANG)
        return ($0.end, $0.overrun)
      }
      if let overrun { return overrun }
      if let end { return failure(of: end) }
      usleep(2000)
    }
    stop()
    return StrategyFailure(.crashed, "its process closed the line to the workbench and went on")
  }

  private func tooLarge(_ held: Int) -> StrategyFailure {
    let reason =
      isolation.memory == nil
      ? "its process held \(mebibytes(held)), and all that the machine had to give when it began "
        + "were \(mebibytes(limit))"
      : "its process held \(mebibytes(held)), the limit is \(mebibytes(limit))"
    return StrategyFailure(.memory, reason)
  }

  private func mebibytes(_ bytes: Int) -> String { "\((bytes + 524_288) / 1_048_576) MiB" }

  private func failure(of end: Ending) -> StrategyFailure {
    switch end {
    case .exited(let status):
      StrategyFailure(.crashed, "its process ended itself with status \(status)")
    case .signal(let number, let seconds): failure(of: EndingSignal(number: number), seconds)
    case .unknown:
      StrategyFailure(
        .stopped, "its process is gone, and the system does not tell how it ended")
    case .stopped: StrategyFailure(.crashed, "its process was ended")
    }
  }

  /// A confined process cannot send itself what comes from outside, nor set limits that do.
  private func failure(of signal: EndingSignal, _ seconds: Double) -> StrategyFailure {
    if let most = isolation.processorSeconds, [SIGXCPU, SIGKILL].contains(signal.number),
      seconds > Double(most) - 0.5
    {
      return StrategyFailure(
        .timeout,
        "its process used \(most) s of processor time, which is more than --strategy-timeout "
          + "\(isolation.seconds ?? 0) s allows all its threads")
    }
    // It may not make any file larger, be the system's limit what it is.
    let isItsOwn = signal.number == SIGXFSZ && isolation.isConfined
    return StrategyFailure(
      signal.isFromOutside && !isItsOwn ? .stopped : .crashed,
      "its process was ended by \(signal.description)")
  }

  /// - Returns: Nil while it runs.
  private func reaped(_ flags: Int32) -> Ending? {
    var status: Int32 = 0
    var usage = rusage()
    var got: pid_t
    repeat { got = wait4(id, &status, flags, &usage) } while got < 0 && errno == EINTR
    guard got != 0 else { return nil }
    guard got > 0 else { return .unknown }
    let signal = status & 0x7F
    guard signal != 0 else { return .exited((status >> 8) & 0xFF) }
    let time = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
    return .signal(signal, processorSeconds: time.reduce(0, +))
  }
}
