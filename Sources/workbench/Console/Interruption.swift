import Dispatch
import Foundation
import Synchronization

/// Turns an interrupt from the keyboard, and a request to terminate, into the cancellation of a
/// task.
///
/// The second one ends the program at once. Workers inherit that the signal is ignored, so it is
/// the program that ends them, after their results are safe or known to be lost.
func cancelledByInterrupts<Value: Sendable>(
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let task = Task { try await operation() }
  Interrupts.shared.cancel.withLock {
    $0 = {
      if task.isCancelled { _exit(130) }
      task.cancel()
    }
  }
  // Between two pieces of work, and behind the last, there is nothing to be brought to an end.
  defer { Interrupts.shared.cancel.withLock { $0 = { _exit(130) } } }
  return try await task.value
}

/// The signals, listened to from the first piece of work on: a source that is made while one for the same
/// signal is being cancelled may never hear of it.
private final class Interrupts: Sendable {
  static let shared = Interrupts()

  /// What an interrupt does now.
  let cancel = Mutex<@Sendable () -> Void>({ _exit(130) })
  /// Held, and never looked at again.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

  private init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { Interrupts.shared.cancel.withLock { $0 }() }
      source.resume()
    }
  }
}
