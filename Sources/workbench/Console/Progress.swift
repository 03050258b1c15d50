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
    /// Characters of the line that is on the terminal and changes.
    var shown = 0
  }

  private let state = Mutex(State())
  private let text: ProgressText

  init(noColor: Bool) {
    text = ProgressText(style: Terminal.style(STDERR_FILENO, noColor: noColor))
  }

  /// Columns of the terminal as it is now; nil where standard error leads elsewhere.
  private var width: Int? { Terminal.columns(STDERR_FILENO) }

  func handle(_ event: ComparisonEvent) {
    state.withLock { state in
      switch event {
      case .planned(let total, let stored):
        state.total = total
        state.done = stored
        if stored > 0 { line("\(stored) of \(total) cells are stored already", &state) }
      case .outdated(let count):
        state.done -= count
        line(
          "\(count) stored cells started from another dense network and are run again", &state)
      case .warning: break
      case .started(let key): state.running.append((key, 0))
      case .progress(let key, let fraction):
        if let index = state.running.firstIndex(where: { $0.key == key }) {
          state.running[index].fraction = fraction
        }
      case .finished(let result):
        state.running.removeAll { $0.key == result.key }
        state.done += 1
        line(text.finished(result, done: state.done, total: state.total), &state)
      }
      redraw(&state)
    }
  }

  /// Removes the line that changes, so that what follows starts on an empty one.
  func clear() {
    state.withLock { Console.note(erasing(&$0)) }
  }

  private func line(_ text: String, _ state: inout State) {
    Console.note(erasing(&state) + text + "\n")
  }

  private func redraw(_ state: inout State) {
    guard let width, !state.running.isEmpty else { return }
    let line = text.running(
      done: state.done, total: state.total, cells: state.running, width: width - 1)
    Console.note(erasing(&state) + line)
    state.shown = line.count
  }

  /// What takes the line away that is shown. A terminal that was made narrower since has broken it
  /// into several.
  private func erasing(_ state: inout State) -> String {
    guard let width, state.shown > 0 else { return "" }
    let above = (state.shown - 1) / width
    state.shown = 0
    return (above > 0 ? "\u{1B}[\(above)A" : "") + "\r\u{1B}[J"
  }
}
