import Foundation

/// What a worker says to the process that started it, a line each.
///
/// What is said counts, and not the code that a process ends with: a strategy can end it with any.
enum WorkerMessage: Equatable {
  /// The fraction of the work that is done.
  case progress(Double)
  /// A point that was reached, as JSON in one line.
  case point(Data)
  /// The result, as JSON in one line; its other files are written.
  case finished(Data)
  /// No result can be written, for the reason given.
  case failed(CellStatus, reason: String)

  private static let pointWord = "point "
  private static let finishedWord = "finished "

  /// Nil for a line that is no message.
  init?(line: String) {
    if let fraction = Double(line), fraction.isFinite {
      self = .progress(fraction)
    } else if line.hasPrefix(Self.pointWord) {
      self = .point(Data(line.utf8.dropFirst(Self.pointWord.utf8.count)))
    } else if line.hasPrefix(Self.finishedWord) {
      self = .finished(Data(line.utf8.dropFirst(Self.finishedWord.utf8.count)))
    } else {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let status = CellStatus(rawValue: String(words[0])), status != .done
      else { return nil }
      self = .failed(status, reason: String(words[1]))
    }
  }

  /// Without the line's end.
  var line: String {
    switch self {
    case .progress(let fraction): "\(fraction)"
    case .point(let json): Self.pointWord + String(decoding: json, as: UTF8.self)
    case .finished(let json): Self.finishedWord + String(decoding: json, as: UTF8.self)
    case .failed(let status, let reason):
      "\(status.rawValue) "
        + reason.shortened(toBytes: CellResult.longestReason).split(whereSeparator: \.isNewline)
        .joined(separator: " / ")
    }
  }
}
