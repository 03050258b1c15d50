import Comparison
import Testing

/// A library that does harm, and what has to come of it.
struct HostileCase: CustomTestStringConvertible, Sendable {
  enum Ending: Sendable {
    /// A row with the figures of `magnitude`, as its scores are those; each line that it logged ends with
    /// the words.
    case done(String)
    /// A row with figures of its own.
    case ownFigures
    /// A row without figures, whose reason has the words.
    case failed(CellStatus, String)
    /// No comparison with it; what is said instead has the words.
    case refused(String)
  }

  /// When a library of those that can at several times does its harm.
  enum Place: String, Sendable {
    case whileScoring = "WHILE_SCORING"
    case whileLoaded = "WHILE_LOADED"
    case whileLoadedForACell = "WHILE_LOADED_FOR_A_CELL"
    case whileLeaving = "WHILE_LEAVING"
    case whileLetGo = "WHILE_LET_GO"

    /// What follows the library's name in that of its strategy.
    fileprivate var suffix: String {
      switch self {
      case .whileScoring: ""
      case .whileLoaded: "-early"
      case .whileLoadedForACell: "-in-cell"
      case .whileLeaving: "-late"
      case .whileLetGo: "-let-go"
      }
    }

    fileprivate var words: String {
      switch self {
      case .whileScoring: ""
      case .whileLoaded: " while it is loaded"
      case .whileLoadedForACell: " while it is loaded for a cell, and not before"
      case .whileLeaving: " while its process leaves"
      case .whileLetGo: " while its strategy is let go"
      }
    }
  }

  /// The id of its strategy, unless it gives itself another.
  let name: String
  /// A file in `HostilePlugins`.
  let source: String
  let place: Place
  /// What it does.
  let deed: String
  let ending: Ending

  var testDescription: String { name }

  init(_ source: String, _ deed: String, at place: Place = .whileScoring, _ ending: Ending) {
    self.source = source
    self.place = place
    self.deed = deed + place.words
    self.ending = ending
    name = source.prefix { $0 != "." } + place.suffix
  }

  /// Whether there is a row for it.
  var isEntered: Bool { if case .refused = ending { false } else { true } }

  /// Its line of the table in the documentation.
  var line: String {
    let outcome =
      switch ending {
      case .done(let words):
        "`done`" + (words.isEmpty ? "" : ", each attempt \(words)")
      case .ownFigures: "`done`"
      case .failed(let status, let words): "`\(status.rawValue)`: \(words)"
      case .refused(let words): "not compared: \(words)"
      }
    return "| `\(name)` | \(deed) | \(outcome) |"
  }
}
