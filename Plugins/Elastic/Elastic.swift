import GrowthKit
import StrategyKit

/// Finds a network's size: grows where a weight more lowers the loss most, prunes where a weight less
/// raises it least, until neither pays.
///
/// A weight has a price (``Price``). In the first updates the best units of all layers are tried
/// (``UnitProblem``, ``Candidates``); they come where what they gain for each weight is above the price, and
/// above a share of what training still promises for a weight that is there (``Promise``): while the present
/// weights are far from where they belong, every new unit helps, and none is needed. Where growing does not
/// pay, and from then on, weights and units whose rise for each weight is below the price go
/// (``Pruning``). Both are tried before they are done: growth that does not keep its promise is taken back,
/// and of what would raise the loss too much the dearer half stays.
///
/// Unpublished; nearest are Dai, Yin & Jha 2017 ("NeST", arXiv:1711.02017) and Mitchell et al. 2023
/// ("Self-Expanding", arXiv:2307.04526), whose measure the promise is.
final class Elastic: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "elastic", name: "Elastic",
    summary: "Grows and prunes until neither pays; the size is its own answer.",
    reads: UnitProblem.signals.union(Promise.signals).union([
      .gaussNewtonDiagonal, .activationMean, .activationVariance,
    ]), emits: [.widen, .maskOff, .setWeights, .removeUnits], course: .free,
    options: [
      .number(
        "elasticity", "the per cent of the loss that a per cent of the weights must be worth",
        initial: 0.05, in: 1e-6...100),
      .number(
        "gap", "how many times its price a new weight must gain", initial: 2, in: 1...100),
      .number(
        "patience", "what it must gain as a share of what training promises for an old one",
        initial: 0.05, in: 0...100),
      .number(
        "floor", "the share of the first loss below which falls count for little",
        initial: 0.01, in: 0...1),
      .number(
        "growing", "the share of the updates at which it may grow", initial: 0.5, in: 0...1),
      .number(
        "updates", "how often the network grows or shrinks at most", initial: 48, in: 1...10_000),
      .number(
        "apart", "the mini-batches that are trained from one update to the next at least",
        initial: 20, in: 1...1e6),
      .number("until", "the share of training with updates", initial: 0.75, in: 0.01...1),
      .number("share", "of the weights that may come or go at once", initial: 0.25, in: 0.01...1),
      .number(
        "damping", "of the second moment, relative to its diagonal", initial: 1e-3, in: 0...10),
    ])

  private var price: Price
  private let gap: Double
  private let patience: Double
  private let growing: Double
  private let mostUpdates: Int
  private let apart: Int
  /// Of this period.
  private var updates = 0
  private var done = 0
  private let until: Double
  private let share: Double
  private let candidates: Candidates
  private let promise: Promise
  /// Where the curvature is small, as once most samples are right, a step may be long.
  private static let lengths = [16, 4, 1, 0.5, 0.1]
  private let growth = UnitGrowth(side: .none, scale: 0)
  /// Directions of a layer that are tried at least.
  private static let leastTried = 8

  init(options: Options) throws {
    price = Price(
      elasticity: try options.number("elasticity"), floor: try options.number("floor"))
    gap = try options.number("gap")
    patience = try options.number("patience")
    growing = try options.number("growing")
    mostUpdates = try options.integer("updates")
    apart = try options.integer("apart")
    until = try options.number("until")
    share = try options.number("share")
    promise = Promise(damping: try options.number("damping"))
    candidates = Candidates(
      UnitProblem(
        metric: .covariance, target: .residual, damping: try options.number("damping")),
      source: .singular)
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    price = Price(elasticity: price.elasticity, floor: price.floor)
    done = 0
    updates = max(1, min(mostUpdates, Int(until * Double(period.steps)) / apart))
    return try UpdatePoints(updates, over: until, of: period)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let cost = price.ofWeight(loss: round.loss, weights: round.now.weights)
    guard round.step != nil else { return }
    done += 1
    if Double(done) <= growing * Double(updates) {
      let present =
        try promise.ofPresentWeights(in: network) / Double(max(1, round.now.weights))
      let least = max(gap * cost, patience * present)
      guard try !grow(round, above: least, in: network, plan: plan) else { return }
    }
    try prune(round, below: cost, in: network, plan: plan)
  }

  // MARK: - Growing

  /// - Returns: Whether it paid.
  private func grow(
    _ round: Round, above price: Double, in network: NetworkView, plan: Plan
  ) throws -> Bool {
    let model = WidthModel(network)
    let choice = GrowthChoice(model, unitsEach: 1)
    let groups = try GrowingGroup.all(in: network, model)
    let most = max(1, Int(share * Double(round.now.weights)))
    let found = try promise.withCurvature(
      candidates.make(
        groups.map { .init($0, count: max(Self.leastTried, $0.layer.unitCount / 4), fills: false) },
        in: network, trying: plan), in: network)
    let chosen = choice.paying(
      found, price: price, within: most, ceiling: round.weightsGoal - round.now.weights)
    guard
      let step = try growth.search(
        chosen, from: round.loss, lengths: Self.lengths, in: network, plan: plan)
    else {
      return false
    }
    _ = try growth.emit(chosen, times: step.length, in: network, plan: plan)
    let added = try network.measure().weights - round.now.weights
    for (group, units) in chosen where !units.isEmpty {
      let worth = units.reduce(0.0) { $0 + $1.gain } / Double(units.count)
      let each = choice.cost(of: group.index, at: model.groups.map(\.units))
      network.log(
        "grew '\(group.layer.name)' by \(units.count): a weight there lowers the loss by "
          + "\((worth / Double(max(1, each))).short), price \(price.short)")
    }
    guard -step.change > 0.25 * price * Double(added) else {
      network.log("took it back: \(added) weights lowered the loss by \((-step.change).short) only")
      try plan.retract(chosen.count { !$0.units.isEmpty })
      return false
    }
    try plan.predict(lossChange: step.prediction)
    return true
  }

  // MARK: - Pruning

  private func prune(
    _ round: Round, below price: Double, in network: NetworkView, plan: Plan
  ) throws {
    let pruning = try Pruning(network)
    let most = Int(share * Double(round.now.weights))
    var weights = 0
    var parts: [Pruning.Part] = []
    for part in try pruning.parts(below: price) where weights + part.weights <= most {
      weights += part.weights
      parts.append(part)
    }
    while !parts.isEmpty {
      let edits = try pruning.emit(parts, into: plan)
      guard edits > 0 else { return }
      let freed = round.now.weights - (try network.measure().weights)
      let rise = try plan.loss() - round.loss
      if freed > 0, rise <= price * Double(freed) {
        try plan.predict(lossChange: parts.reduce(0) { $0 + $1.rise })
        return log(parts, freed, price, in: network)
      }
      try plan.retract(edits)
      parts.removeLast((parts.count + 1) / 2)
    }
  }

  private func log(
    _ parts: [Pruning.Part], _ freed: Int, _ price: Double, in network: NetworkView
  ) {
    for layer in network.layers {
      let of = parts.filter { $0.layer.id == layer.id }
      guard let dearest = of.map(\.riseAWeight).max() else { continue }
      let units = of.count { if case .unit = $0.what { true } else { false } }
      let words = [
        units > 0 ? "\(units) \(units == 1 ? "unit" : "units")" : nil,
        of.count > units
          ? "\(of.count - units) \(of.count - units == 1 ? "weight" : "weights")" : nil,
      ].compactMap { $0 }.joined(separator: " and ")
      network.log(
        "pruned \(words) of '\(layer.name)': a weight raises the loss by \(dearest.short) at most, "
          + "price \(price.short)")
    }
  }
}

extension Double {
  /// Two digits, as 3.1e-05.
  fileprivate var short: String {
    guard self != 0, isFinite else { return "\(self)" }
    var (digits, exponent) = (abs(self), 0)
    while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
    while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    let rounded = (digits * 10).rounded() / 10
    return "\(self < 0 ? "-" : "")\(rounded)e\(exponent)"
  }
}
