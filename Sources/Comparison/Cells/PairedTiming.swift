import Numerics

/// How long each of two pieces of work takes on a machine that has other things to do.
///
/// The two take turns, so that what the machine does meanwhile meets both. Other work only ever
/// lengthens a turn: where two processes share a core every second turn may be interrupted, and the
/// median says how busy the machine was. So turns are far shorter than a scheduler's time slice,
/// most of them pass undisturbed, and the lower quartile of many is reported: right as long as a
/// quarter of them did. The minimum is not, as it would report the one turn that met a faster clock.
package struct PairedTiming {
  /// Seconds on a clock that never goes back.
  let now: () -> Double

  /// How long a turn is to last; work that takes longer is done once a turn.
  static let secondsATurn = 0.000_25
  /// Enough that a quarter of them is many, on a machine that does nothing else.
  static let mostRounds = 75
  /// However long they last.
  static let fewestRounds = 5
  /// When no further round is begun.
  static let secondsInAll = 0.15
  /// The most that work too short for the clock is repeated.
  static let mostPasses = 5000

  package init(now: @escaping () -> Double = PairedTiming.monotonicSeconds) {
    self.now = now
  }

  /// Seconds that one call of each takes.
  package func measure(
    _ first: () -> Void, _ second: () -> Void
  ) -> (first: Double, second: Double) {
    let begin = now()
    let repeats = (first: passes(of: first), second: passes(of: second))
    var turns: (first: [Double], second: [Double]) = ([], [])
    for round in 0..<Self.mostRounds {
      if round >= Self.fewestRounds, now() - begin >= Self.secondsInAll { break }
      turns.first.append(seconds(of: repeats.first, first))
      turns.second.append(seconds(of: repeats.second, second))
    }
    return (
      (Statistics.lowerQuartile(turns.first) ?? 0) / Double(repeats.first),
      (Statistics.lowerQuartile(turns.second) ?? 0) / Double(repeats.second)
    )
  }

  /// How many calls make a turn. The fastest of three calls decides: the first one finds nothing in
  /// the caches.
  private func passes(of work: () -> Void) -> Int {
    let fastest = (0..<3).map { _ in seconds(of: 1, work) }.min() ?? 0
    guard fastest > 0 else { return Self.mostPasses }
    return Int(min(Double(Self.mostPasses), max(1, Self.secondsATurn / fastest)))
  }

  private func seconds(of passes: Int, _ work: () -> Void) -> Double {
    let start = now()
    for _ in 0..<passes { work() }
    return now() - start
  }

  package static func monotonicSeconds() -> Double {
    start.duration(to: .now) / .seconds(1)
  }

  private static let start = ContinuousClock.now
}
