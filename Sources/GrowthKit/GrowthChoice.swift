package import StrategyKit

/// Where a growth is to happen.
package enum GrowthPlace: String, CaseIterable, Sendable {
  /// Where a weight that is added lowers the loss most.
  case worth
  /// In all layers, in proportion to the seed network.
  case proportion
}

/// Which of the candidates are taken under a budget.
package struct GrowthChoice {
  private let model: WidthModel
  private let unitsEach: Int

  package init(_ model: WidthModel, unitsEach: Int) {
    self.model = model
    self.unitsEach = unitsEach
  }

  /// Weights that another candidate of a group would add at some widths.
  package func cost(of group: Int, at widths: [Int]) -> Int {
    var wider = widths
    wider[group] += unitsEach
    return model.weights(at: wider) - model.weights(at: widths)
  }

  /// How many candidates a group could get within a budget if no other got any.
  package func most(of group: Int, budget: Int) -> Int {
    let widths = model.groups.map(\.units)
    let cost = cost(of: group, at: widths)
    return cost > 0 ? max(0, budget - model.weights(at: widths)) / cost : 0
  }

  /// Takes the candidate that is worth most for each weight that it adds, again and again, as long as
  /// one fits. Those that are worth nothing are taken last, from the group where they cost least.
  ///
  /// - Parameters:
  ///   - candidates: of each group, the best first.
  ///   - budget: weights that the network may have in all.
  ///   - worth: what a candidate is worth.
  /// - Returns: how many of each group's are taken.
  package func byWorth(
    _ candidates: [Candidates.OfGroup], budget: Int,
    measured worth: (CandidateUnit) -> Double = { $0.worth }
  ) -> [Int: Int] {
    var widths = model.groups.map(\.units)
    var left = budget - model.weights(at: widths)
    var taken: [Int: Int] = [:]
    while true {
      var best: (group: Int, worth: Double, cost: Int)?
      for (growing, units) in candidates {
        let group = growing.index
        let next = taken[group] ?? 0
        let cost = cost(of: group, at: widths)
        guard next < units.count, cost > 0, cost <= left else { continue }
        let worth = worth(units[next]) / Double(cost)
        let isBetter =
          best.map { worth > $0.worth || (worth == $0.worth && cost < $0.cost) } ?? true
        if isBetter { best = (group, worth, cost) }
      }
      guard let best else { return taken }
      taken[best.group, default: 0] += 1
      widths[best.group] += unitsEach
      left -= best.cost
    }
  }

  /// Takes units as long as one gains more than its weights cost, the best for each weight first.
  ///
  /// - Parameters:
  ///   - candidates: Of each group, the best first.
  ///   - price: Of a weight.
  ///   - most: Weights that may come, but for the first unit.
  ///   - ceiling: Weights that may come at all.
  package func paying(
    _ candidates: [Candidates.OfGroup], price: Double, within most: Int, ceiling: Int
  ) -> [Candidates.OfGroup] {
    let widths = model.groups.map(\.units)
    let before = model.weights(at: widths)
    let paying: [Candidates.OfGroup] = candidates.map { group, units in
      let cost = Double(cost(of: group.index, at: widths))
      return (group, units.filter { $0.gain > price * cost })
    }
    let least = paying.filter { !$0.units.isEmpty }.map { cost(of: $0.group.index, at: widths) }
      .min()
    let room = min(ceiling, max(most, least ?? 0))
    let taken = byWorth(paying, budget: before + room) { $0.gain }
    return paying.map { ($0, Array($1.prefix(taken[$0.index] ?? 0))) }
  }

  /// As many of each group's as its width in proportion to the seed network asks for.
  package func inProportion(to seed: [Int], budget: Int) -> [Int: Int] {
    let widths = model.widths(inProportionTo: seed, budget: budget)
    return Dictionary(
      uniqueKeysWithValues: widths.indices.map {
        ($0, (widths[$0] - model.groups[$0].units) / unitsEach)
      })
  }
}
