package import StrategyKit

/// Growth of a seed network to a goal within a training period, in stages of one factor, each when a
/// trigger calls for it.
package struct StagedGrowth {
  package let stages: Int
  private let until: Double
  private var trigger: GrowthTrigger
  /// Widths of the seed network, by the ids of its layers, and its weights.
  private var seed: [UInt64: Int] = [:]
  private var seedWeights = 0
  private var updatesLeft = 0
  /// The stages that were begun.
  private var grown = 0

  /// Growth that has not begun.
  ///
  /// - Parameters:
  ///   - stages: how often the network grows.
  ///   - until: the share of training in which it does.
  ///   - condition: what has to hold at an update point.
  package init(stages: Int, until: Double, when condition: GrowthCondition) {
    self.stages = stages
    self.until = until
    trigger = GrowthTrigger(condition)
  }

  /// Begins with a training period.
  ///
  /// - Parameter network: The seed network.
  /// - Throws: ``SkipStrategy`` where the period is too short.
  package mutating func points(
    of period: Period, in network: NetworkView
  ) throws -> UpdatePoints {
    let model = WidthModel(network)
    seed = Dictionary(
      model.groups.flatMap { group in group.layers.map { ($0.id, group.units) } },
      uniquingKeysWith: { first, _ in first })
    seedWeights = model.weights(at: model.groups.map(\.units))
    trigger = GrowthTrigger(trigger.condition)
    (updatesLeft, grown) = (stages * trigger.updatesEach, 0)
    return try UpdatePoints(updatesLeft, over: until, of: period)
  }

  /// Whether the network grows at this update: when that is called for, or when there are no more
  /// updates than stages.
  ///
  /// - Throws: ``SkipStrategy`` between training periods, where the seed network is beyond the goal.
  package mutating func isTime(_ round: Round, in network: NetworkView) throws -> Bool {
    guard round.step != nil else {
      try round.requireSeedWithinGoal()
      return false
    }
    let isLate = updatesLeft <= stages - grown
    updatesLeft -= 1
    guard grown < stages else { return false }
    let fires = try trigger.fires(loss: round.loss, in: network)
    guard fires || isLate else { return false }
    trigger.grew()
    grown += 1
    return true
  }

  /// Whether the stage under way is the last one.
  package var isLast: Bool { grown == stages }

  /// The weights after the stage under way.
  package func budget(to goal: Int) -> Int {
    SizeStages(from: seedWeights, to: goal, count: stages).weights(after: grown)
  }

  /// The width that a group had in the seed network; as it is where it was not there.
  package func seedWidth(of group: WidthModel.Group) -> Int {
    group.layers.lazy.compactMap { seed[$0.id] }.first ?? group.units
  }
}
