/// The time that a strategy may take by itself in a cell, and what it has taken of it: all in which the host waits
/// for it.
final class OwnTime {
  private let seconds: Double?
  private var spent = 0.0

  /// - Parameter seconds: Nil for any time.
  init(_ seconds: Double?) { self.seconds = seconds }

  /// - Parameter body: Waits for the strategy. It is given the moment at which that has taken all that it may; nil
  ///   for never.
  func spend<Result>(
    _ body: (MessageLine.Deadline?) throws(StrategyFailure) -> Result
  ) throws(StrategyFailure) -> Result {
    guard let seconds else { return try body(nil) }
    let start = ContinuousClock.now
    defer { spent += (ContinuousClock.now - start) / .seconds(1) }
    return try body(start + .seconds(max(0, seconds - spent)))
  }

  /// What a strategy is that has taken more.
  var isOver: StrategyFailure {
    StrategyFailure(
      .timeout,
      "it took longer than \(seconds ?? 0) s by itself, and was stopped (--strategy-timeout)")
  }
}
