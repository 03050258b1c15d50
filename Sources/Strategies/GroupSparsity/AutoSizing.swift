import StrategyKit

/// Trains with a penalty on whole units, so that training itself empties those it has no use for.
///
///     loss + λ Σ ‖row‖,  ‖·‖ the ℓ∞ or the ℓ2 norm of what leads into a unit
///     after each step at rate η:  row ← argmin_u ½ |u − row|² + η λ ‖u‖
///
/// K. Murray, D. Chiang: Auto-Sizing Neural Networks: With Applications to n-gram Language Models. EMNLP
/// 2015, doi:10.18653/v1/D15-1107, sections 3 and 4.
///
/// It trains from the untrained network, as in the paper. Units reach exactly zero in training; at each
/// update those that did are removed, with what reads them.
///
/// Departs from the paper: λ is not chosen by hand. `ShrinkingPeriod` raises it until the budget is met, at
/// the last update the units of least size go that are still too many, and the rest of the training is
/// without a penalty, so that no unit is left small for the penalty's sake. A unit's bias is part of its
/// row: an empty unit then puts out nothing behind a ReLU or a tanh, and its removal changes nothing. Units
/// that a residual sum ties are one row. The last step towards the budget may leave a part of one unit
/// less than it.
final class AutoSizing: UpdatingStrategy, StepEndingStrategy {
  static let info = StrategyInfo(
    id: "auto-sizing", name: "Auto-Sizing",
    summary: "Draws whole units to zero while a network trains.",
    citation: "Murray & Chiang 2015, doi:10.18653/v1/D15-1107", reads: [.parameters],
    emits: [.removeUnits], course: .sparse,
    options: [
      .choice("norm", "of a unit's weights in the penalty", initial: GroupNorm.euclidean)
    ] + ShrinkingPeriod.options)

  private let norm: GroupNorm
  private var period: ShrinkingPeriod
  private var goal = 0
  /// Of the network as it is; nil where an update may have changed it.
  private var rows: UnitRows?

  init(options: Options) throws {
    norm = try options.choice("norm")
    period = try ShrinkingPeriod(options: options)
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try self.period.begin(period)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    goal = round.weightsGoal
    rows = nil
    let rows = UnitRows(network)
    let sizes = try rows.sizes(in: network, by: norm)
    let isLast = round.step.map { period.update(at: $0) } ?? false
    if round.step == nil { try requireReach(of: rows, at: sizes) }
    let going = rows.going(sizes, goal: goal, isLast: isLast)
    for (group, units) in zip(rows.model.groups, going) {
      guard let layer = group.layers.first else { continue }
      try plan.removeUnits(units, of: layer)
    }
    period.aim(at: isLast ? 0 : rows.lastToGo(sizes, goal: goal))
  }

  private func requireReach(of rows: UnitRows, at sizes: [Double]) throws {
    let least = zip(rows.model.groups, rows.going(sizes, goal: 0, isLast: true))
      .map { $0.units - $1.count }
    let weights = rows.model.weights(at: least)
    guard weights <= goal else {
      throw SkipStrategy(
        "with one unit a layer the network has \(weights) weights, and the goal is \(goal)")
    }
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    let amount = period.amount(at: step)
    guard amount > 0 else { return }
    let rows = rows ?? UnitRows(network)
    self.rows = rows
    try parameters.check(against: rows.layers)
    rows.shrink(&parameters, by: amount, norm, goal: goal)
  }
}
