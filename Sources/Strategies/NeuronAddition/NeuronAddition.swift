import GrowthKit
import StrategyKit

/// Adds units where a weight more lowers the loss most, with the directions that the cross moment of a
/// layer's inputs and its reader's slopes gives.
///
/// One problem with three switches (``UnitProblem``): the metric, the target, and which side of a new unit
/// is 0. Published methods are forms of it (`AdditionForms.swift`).
///
/// Both signs of each direction are tried behind the activation, and the better unit is measured to be
/// so. Where no linear layer leads past a layer's units, as behind pools and residual sums, and where
/// there are fewer directions than units wanted, random units are tried in the same way, and of many the
/// best are taken.
///
/// Departs from the papers: growth is spread over the first part of one training period whose learning
/// rate goes on; what is covariance there is damped here rather than cut; a step of TINY that does not
/// lower the loss at any length is replaced by units that keep the function.
final class NeuronAddition<Form: AdditionForm>: UpdatingStrategy {
  static var info: StrategyInfo {
    let form = Form.defaults
    return StrategyInfo(
      id: Form.id, name: Form.name, summary: summary, citation: Form.citation,
      reads: UnitProblem.signals.union(GrowthTrigger.signals), emits: [.widen], course: .grow,
      options: [
        .choice("metric", "how long new units are", initial: form.metric),
        .choice("target", "what new units are to follow", initial: form.target),
        .choice("zero", "the side of a new unit that is 0", initial: form.zero),
        .choice("pick", "where directions come from", initial: form.pick),
        .number(
          "scale", "norms as a share of the mean of old units; 0: by a search along the loss",
          initial: form.scale, in: 0...100),
        .choice("where", "which layers grow", initial: form.place),
        .choice("trigger", "when layers grow", initial: GrowthCondition.every),
        .number("stages", "how often the network grows", initial: 16, in: 1...1000),
        .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
        .number(
          "damping", "of the second moment, relative to its diagonal", initial: 1e-3, in: 0...10),
      ])
  }

  private static var summary: String {
    let form = Form.defaults
    guard Form.id != AnyAddition.id else {
      return "Adds units where a weight lowers the loss most."
    }
    return "neuron-addition[metric=\(form.metric),target=\(form.target),"
      + "zero=\(form.zero.rawValue),pick=\(form.pick),scale=\(form.scale)]"
  }

  private let problem: UnitProblem
  private let candidates: Candidates
  private let growth: UnitGrowth
  private let place: GrowthPlace
  private var stages: StagedGrowth

  init(options: Options) throws {
    problem = UnitProblem(
      metric: try options.choice("metric"), target: try options.choice("target"),
      damping: try options.number("damping"))
    candidates = Candidates(problem, source: try options.choice("pick"))
    growth = UnitGrowth(side: try options.choice("zero"), scale: try options.number("scale"))
    place = try options.choice("where")
    stages = StagedGrowth(
      stages: try options.integer("stages"), until: try options.number("until"),
      when: try options.choice("trigger"))
    guard growth.scale > 0 || growth.side == .none else {
      throw StrategyError("'scale=0' searches along the loss, and needs 'zero=none'")
    }
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    guard try !GrowingGroup.all(in: network, WidthModel(network)).isEmpty else {
      throw SkipStrategy("no layer can get more units")
    }
    return try stages.points(of: period, in: network)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard try stages.isTime(round, in: network) else { return }
    let chosen = try choose(round, in: network, plan: plan)
    try apply(chosen, round, in: network, plan: plan)
  }

  /// The units of this growth.
  private func choose(_ round: Round, in network: NetworkView, plan: Plan) throws -> [Candidates
    .OfGroup]
  {
    let model = WidthModel(network)
    let choice = GrowthChoice(model, unitsEach: growth.unitsEach)
    let budget = stages.budget(to: round.weightsGoal)
    let groups = try GrowingGroup.all(in: network, model)
    // What is worth most may be too little for a budget: in the end it is filled up in proportion.
    guard place == .worth, !stages.isLast else {
      let wanted = choice.inProportion(
        to: model.groups.map { place == .worth ? $0.units : stages.seedWidth(of: $0) },
        budget: budget)
      let found = try candidates.make(
        groups.map { .init($0, count: wanted[$0.index] ?? 0, fills: true) }, in: network,
        trying: plan)
      return found.map { ($0, Array($1.prefix(wanted[$0.index] ?? 0))) }
    }
    let found = try candidates.make(
      groups.map { group in
        let most = choice.most(of: group.index, budget: budget)
        return .init(group, count: min(most, group.layer.unitCount), fills: false)
      }, in: network, trying: plan)
    let taken = choice.byWorth(found, budget: budget)
    return found.map { ($0, Array($1.prefix(taken[$0.index] ?? 0))) }
  }

  private func apply(
    _ chosen: [Candidates.OfGroup], _ round: Round, in network: NetworkView, plan: Plan
  ) throws {
    guard growth.side == .none else {
      _ = try growth.emit(chosen, in: network, plan: plan)
      return try plan.predict(lossChange: 0)
    }
    guard growth.scale == 0 else {
      _ = try growth.emit(chosen, in: network, plan: plan)
      return
    }
    guard let step = try growth.search(chosen, from: round.loss, in: network, plan: plan) else {
      network.log("no length of the step lowers the loss; the units begin with nothing out of them")
      _ = try UnitGrowth(side: .fanOut, scale: 1).emit(chosen, in: network, plan: plan)
      return try plan.predict(lossChange: 0)
    }
    _ = try growth.emit(chosen, times: step.length, in: network, plan: plan)
    try plan.predict(lossChange: step.prediction)
  }
}
