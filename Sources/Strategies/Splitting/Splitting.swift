import GrowthKit
import StrategyKit

/// Splits units of dense layers in two, each where the loss then falls fastest.
///
///     Σ = E[(∂L/∂σ(θᵀh)) σ''(θᵀh) h hᵀ],   θ → θ ± ε v,   v the eigenvector of λ_min(Σ)
///
/// with half of what led out of the unit out of each of the two, so that the loss changes by ε² λ_min / 2
/// (``SplittableLayer``). h has a last 1 where the layer has biases. Where λ_min is not negative, a unit is
/// as good as any two in its place nearby; those split at the last growth alone, as a budget is what the
/// run was asked for, and there in more than two parts if need be.
///
/// A ReLU has no curvature: as in the authors' code its σ'' is that of the softplus
/// log(1 + exp(3u)) / 3 (``UnitActivation``).
///
/// Q. Liu, L. Wu, D. Wang: Splitting Steepest Descent for Growing Neural Architectures. NeurIPS 2019,
/// arXiv:1910.02366.
///
/// Departs from the paper: growth is spread over the first part of one training period in place of
/// training to the end between any two; the layers that grow are those where the eigenvalues are most
/// negative for each weight that a unit adds; convolutions do not split, nor do units that anything but
/// one dense layer reads.
final class Splitting: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "splitting", name: "Splitting",
    summary: "Splits units of dense layers along their steepest descent; ReLUs as softplus (β 3).",
    citation: "Liu et al. 2019, arXiv:1910.02366",
    reads: SplittableLayer.signals.union(GrowthTrigger.signals), emits: [.widen, .setWeights],
    course: .grow,
    options: [
      .number("epsilon", "how far the two are moved apart", initial: 0.01, in: 0...10),
      .choice("where", "which layers grow", initial: GrowthPlace.worth),
      .number("stages", "how often the network grows", initial: 8, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
      .choice("trigger", "when the network grows", initial: GrowthCondition.every),
    ])

  private let length: Double
  private let place: GrowthPlace
  private var growth: StagedGrowth

  init(options: Options) throws {
    length = try options.number("epsilon")
    place = try options.choice("where")
    growth = StagedGrowth(
      stages: try options.integer("stages"), until: try options.number("until"),
      when: try options.choice("trigger"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    guard try !SplittableLayer.all(in: network, WidthModel(network)).isEmpty else {
      throw SkipStrategy("it has no dense layer whose units one other dense layer alone reads")
    }
    return try growth.points(of: period, in: network)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard try growth.isTime(round, in: network) else {
      return round.step == nil ? try requireBend(in: network) : ()
    }
    let model = WidthModel(network)
    let chosen = try choose(
      measured(in: network, model), model, budget: growth.budget(to: round.weightsGoal))
    guard chosen.contains(where: { !$0.splits.isEmpty }) else { return }
    var surgery = SplitSurgery(network)
    for (layer, splits) in chosen.reversed() where !splits.isEmpty {
      try surgery.split(splits, of: layer, length: length, plan: plan)
    }
    try plan.predict(
      lossChange: chosen.reduce(0) { sum, layer in
        layer.splits.reduce(sum) { $0 + $1.change(length: length) }
      })
  }

  private func requireBend(in network: NetworkView) throws {
    let layers = try SplittableLayer.all(in: network, WidthModel(network))
    guard try layers.contains(where: { try $0.bends(in: network) }) else {
      throw SkipStrategy(
        "no dense layer that could split has a tanh, a sigmoid or a ReLU behind it")
    }
  }

  private typealias Measured = (layer: SplittableLayer, units: [SplitDirection])

  /// The layers with their units, those first whose split lowers the loss most.
  private func measured(in network: NetworkView, _ model: WidthModel) throws -> [Measured] {
    try SplittableLayer.all(in: network, model).compactMap { layer in
      let units = try layer.directions(in: network)
      return units.isEmpty ? nil : (layer, units.sorted { $0.eigenvalue < $1.eigenvalue })
    }
  }

  /// The units that split now, in the order of the layers.
  private func choose(
    _ measured: [Measured], _ model: WidthModel, budget: Int
  ) -> [(layer: SplittableLayer, splits: [Split])] {
    let isLast = growth.isLast
    let choice = GrowthChoice(model, unitsEach: 1)
    let counts: [Int: Int]
    switch place {
    case .worth:
      counts = choice.byWorth(
        measured.map { layer, units in
          let most = isLast ? choice.most(of: layer.group.index, budget: budget) : 0
          return (layer.group, units.candidates(most))
        }, budget: budget, measured: { max(0, $0.fall) })
    case .proportion: counts = inProportion(measured, model, budget: budget)
    }
    return measured.map { layer, units in
      let open = isLast ? units : units.filter { $0.eigenvalue < 0 }
      let wanted = counts[layer.group.index] ?? 0
      return (layer, Split.splits(of: open, adding: isLast ? wanted : min(wanted, open.count)))
    }
  }

  /// How many units each layer that can split gets if all keep their proportions.
  private func inProportion(
    _ measured: [Measured], _ model: WidthModel, budget: Int
  ) -> [Int: Int] {
    let groups = Set(measured.map(\.layer.group.index))
    let limits = model.groups.indices.map { index in
      let units = model.groups[index].units
      return units...(groups.contains(index) ? .max : units)
    }
    let widths = model.widths(
      inProportionTo: model.groups.map { growth.seedWidth(of: $0) }, budget: budget, within: limits)
    return Dictionary(
      uniqueKeysWithValues: groups.map { ($0, widths[$0] - model.groups[$0].units) })
  }
}

extension [SplitDirection] {
  /// What ``GrowthChoice`` chooses among: the units whose split lowers the loss, and `others` that are
  /// worth nothing.
  fileprivate func candidates(_ others: Int) -> [CandidateUnit] {
    filter { $0.eigenvalue < 0 }.map { CandidateUnit(fanIn: [], fall: -$0.eigenvalue) }
      + (0..<others).map { _ in CandidateUnit(fanIn: []) }
  }
}
