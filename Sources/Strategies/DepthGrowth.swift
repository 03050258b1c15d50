import GrowthKit
import StrategyKit

/// Adds residual blocks that begin as identities, one stage of the network after another, and random
/// units.
///
///     x + branch(x),  branch = layer, ReLU, layer of zeros
///
/// A branch is made as those of the network's own blocks (``BlockPlaces``); where it normalises, the last
/// scales are 0 in place of the last weights. The function stays as it is. Depth alone does not fill a
/// budget, so that all layers get units in proportion, too, as those of ``RandomGrowth``.
///
/// W. Wen, F. Yan, Y. Chen, H. Li: AutoGrow: Automatic Layer Growing in Deep Convolutional Networks.
/// KDD 2020, arXiv:1906.02909.
///
/// Departs from the paper: how many blocks come is an option, where AutoGrow goes on until the accuracy
/// on the test set stops rising, on which nothing here may be decided; blocks do not begin with random
/// scales but with none; no ReLU follows their sums; and the network grows wider as well.
final class DepthGrowth: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "depth-growth", name: "Depth Growth",
    summary: "Adds residual blocks that begin as identities, and random units.",
    citation: "after Wen et al. 2020, arXiv:1906.02909", reads: GrowthTrigger.signals,
    emits: [.insertBlock, .widen], course: .grow,
    options: [
      .number("blocks", "how many blocks come", initial: 2, in: 1...64),
      .number("stages", "how often each layer grows", initial: 8, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
      .choice("trigger", "when the network grows", initial: GrowthCondition.every),
    ])

  private let blocks: Int
  private var growth: GrowthSchedule
  private var trigger: GrowthTrigger
  private var places: BlockPlaces?
  private var updatesLeft = 0
  /// Blocks whose turn has been.
  private var done = 0

  init(options: Options) throws {
    blocks = try options.integer("blocks")
    growth = GrowthSchedule(
      stages: try options.integer("stages"), until: try options.number("until"))
    trigger = GrowthTrigger(try options.choice("trigger"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    let places = BlockPlaces(network)
    guard places.count > 0 else {
      throw SkipStrategy(
        "it has no residual block and no hidden layer with a ReLU, behind which one could come")
    }
    self.places = places
    done = 0
    trigger = GrowthTrigger(trigger.condition)
    let points = try growth.points(
      of: period, in: network, newLayers: blocks, updatesEach: trigger.updatesEach)
    updatesLeft = growth.turnsLeft * trigger.updatesEach
    return points
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard try round.step == nil || isTime(round, in: network) else { return }
    switch try growth.next(round, in: network) {
    case .widen(let layer, units: let count)?:
      try plan.widen(layer, by: try network.randomUnits(for: layer, count))
    case .deepen?:
      guard try insert(round, in: network, plan: plan) else { return }
    case nil: return
    }
    try plan.predict(lossChange: 0)
  }

  /// Whether the next turn comes at this update: when it is called for, or when there are no more
  /// updates than turns.
  private func isTime(_ round: Round, in network: NetworkView) throws -> Bool {
    let isLate = updatesLeft <= growth.turnsLeft
    updatesLeft -= 1
    guard growth.turnsLeft > 0 else { return false }
    let fires = try trigger.fires(loss: round.loss, in: network)
    guard fires || isLate else { return false }
    trigger.grew()
    return true
  }

  /// Adds a block where its turn is, or at the next place where it is within the goal.
  private func insert(_ round: Round, in network: NetworkView, plan: Plan) throws -> Bool {
    defer { done += 1 }
    guard let places else { return false }
    let prunesBiases = network.layers.contains { $0.prunableCount > $0.weightCount }
    for index in 0..<places.count {
      guard let place = places.place(done + index, in: network) else { continue }
      let branch = place.branch(in: network)
      let cost = branch.reduce(0) { cost, layer in
        cost + layer.weights.count
          + (prunesBiases && layer.kind != .batchNorm ? layer.biases.count : 0)
      }
      guard round.now.weights + cost <= round.weightsGoal else { continue }
      switch place.anchor {
      case .block(let block): try plan.insertBlock(branch, after: block)
      case .layer(let layer): try plan.insertBlock(branch, after: layer)
      }
      return true
    }
    network.log(
      "the \(round.now.weights) weights and those of a block are more than the goal of "
        + "\(round.weightsGoal); it grows wider only")
    return false
  }
}
