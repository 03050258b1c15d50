import StrategyKit

/// How strongly groups are drawn to zero in a training period, so that those that have to go are zero
/// when its updates end.
///
/// A proximal step takes an amount from the size of every group, rate times strength of the penalty. It
/// is what would bring the largest group that has to go to zero in the steps that are left until the last
/// update, were there no gradient. The loss holds groups up, so the amount is taken anew at each update
/// and rises until the budget is met. Behind the last update there is no penalty: what is left is trained
/// by the loss alone.
struct ShrinkingPeriod {
  private let share: Double
  private let updates: Int
  /// Mini-batches up to the last update.
  private var end = 0
  private var done = 0
  private var planned = 0
  private var begun = 0
  private var target = 0.0

  /// What strategies that shrink groups let a user set.
  static let options: [Option] = [
    .number(
      "until", "the share of a training period in which groups are shrunk", initial: 0.5,
      in: 0.01...1),
    .number(
      "updates", "how often in it empty groups go and the strength is set", initial: 20,
      in: 1...10_000),
  ]

  init(options: Options) throws {
    share = try options.number("until")
    updates = try options.integer("updates")
  }

  /// A period is about to begin.
  ///
  /// - Throws: `SkipStrategy` where it has no room for an update.
  mutating func begin(_ period: Period) throws -> UpdatePoints {
    let steps = max(1, min(Int(share * Double(period.steps)), period.steps - 1))
    guard period.steps > 1 else {
      throw SkipStrategy("groups are shrunk in training, and a period has one mini-batch only")
    }
    let every = max(1, steps / updates)
    planned = min(updates, steps / every)
    (end, done, begun) = (planned * every, 0, 0)
    return UpdatePoints(every: every, until: end)
  }

  /// An update has come.
  ///
  /// - Returns: whether it is the last one of the period.
  mutating func update(at step: Step) -> Bool {
    done += 1
    begun = step.index
    return done >= planned
  }

  /// Sets the strength.
  ///
  /// - Parameter size: of the largest group that has to go; 0 where none has to.
  mutating func aim(at size: Double) { target = size }

  /// What to take from the size of every group behind a step; 0 where the groups are left alone.
  func amount(at step: Step) -> Double {
    step.index < end ? target / Double(max(1, end - begun)) : 0
  }
}
