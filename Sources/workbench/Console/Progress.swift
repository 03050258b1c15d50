import Comparison
import Foundation
import Reports
import Synchronization

/// Says on standard error how far a comparison is: one line that changes on a terminal, a line a
/// finished cell elsewhere.
final class Progress: Sendable {
  private struct State {
    var total = 0
    var done = 0
    /// Fractions of the cells at work, by key, in the order they started.
    var running: [(key: CellKey, fraction: Double)] = []
  }

  private let state = Mutex(State())
  private let text: ProgressText
  /// Columns of the terminal; nil where standard error leads elsewhere.
  private let width: Int?

  init(noColor: Bool) {
    text = ProgressText(style: Terminal.style(STDERR_FILENO, noColor: noColor))
    width = Terminal.width(STDERR_FILENO)
  }

  func handle(_ event: ComparisonEvent) {
    state.withLock { state in
      switch event {
      case .planned(let total, let stored):
        state.total = total
        state.done = stored
        if stored > 0 { line("\(stored) of \(total) cells are stored already") }
      case .started(let key): state.running.append((key, 0))
      case .progress(let key, let fraction):
        if let index = state.running.firstIndex(where: { $0.key == key }) {
          state.running[index].fraction = fraction
        }
      case .finished(let result):
        state.running.removeAll { $0.key == result.key }
        state.done += 1
        line(text.finished(result, done: state.done, total: state.total))
      }
      redraw(state)
    }
  }

  /// Removes the line that changes, so that what follows starts on an empty one.
  func clear() {
    if width != nil { Console.note("\r\u{1B}[K") }
  }

  private func line(_ text: String) {
    clear()
    Console.note(text + "\n")
  }

  private func redraw(_ state: State) {
    guard let width, !state.running.isEmpty else { return }
    let line = text.running(
      done: state.done, total: state.total, cells: state.running, width: width - 1)
    Console.note("\r\u{1B}[K" + line)
  }
}
