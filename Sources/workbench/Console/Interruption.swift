import Dispatch
import Foundation

/// Turns an interrupt from the keyboard, and a request to terminate, into the cancellation of a
/// task.
///
/// The second one ends the program at once. Workers inherit that the signal is ignored, so it is
/// the program that ends them, after their results are safe or known to be lost.
func cancelledByInterrupts<Value: Sendable>(
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let task = Task { try await operation() }
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      if task.isCancelled { _exit(130) }
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { for source in sources { source.cancel() } }
  return try await task.value
}
