/// What a worker says to the process that started it, a line each.
///
/// What is said counts, and not the code that a process ends with: a strategy can end it with any.
enum WorkerMessage: Equatable {
  /// The fraction of the work that is done.
  case progress(Double)
  /// The files of a result are written.
  case finished
  /// No result can be written, for the reason given.
  case failed(CellStatus, reason: String)

  /// Nil for a line that is no message.
  init?(line: String) {
    if let fraction = Double(line), fraction.isFinite {
      self = .progress(fraction)
    } else if line == "finished" {
      self = .finished
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
    case .finished: "finished"
    case .failed(let status, let reason):
      "\(status.rawValue) "
        + reason.shortened(toBytes: CellResult.longestReason).split(whereSeparator: \.isNewline)
        .joined(separator: " / ")
    }
  }
}
