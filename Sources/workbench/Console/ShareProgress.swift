import Foundation
import Reports
import Synchronization

/// Says on standard error how much of a piece of work is done: on a terminal a line that changes, elsewhere a
/// line for each tenth.
final class ShareProgress: Sendable {
  private let state = Mutex((tenths: 0, isShown: false))
  private let style: Style

  init(noColor: Bool) { style = Terminal.style(STDERR_FILENO, noColor: noColor) }

  /// - Parameter share: In 0 … 1, rising.
  func show(_ what: String, _ share: Double) {
    let text = "\(what), \(Int((100 * share).rounded(.down))) %"
    state.withLock { state in
      if let width = Terminal.columns(STDERR_FILENO) {
        Console.note("\r\u{1B}[K" + style.apply(.faint, to: String(text.prefix(width - 1))))
        state.isShown = true
      } else if Int(10 * share) > state.tenths {
        state.tenths = Int(10 * share)
        Console.note(text + "\n")
      }
    }
  }

  /// Removes the line that changes, so that what follows starts on an empty one.
  func clear() {
    state.withLock { state in
      if state.isShown { Console.note("\r\u{1B}[K") }
      state.isShown = false
    }
  }
}
