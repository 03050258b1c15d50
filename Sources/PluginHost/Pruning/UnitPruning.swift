package import Networks

/// Removes the units with the lowest scores until no more weights are live than the goal says.
///
/// Units that stand or fall together are one candidate with the mean of their scores, so that a
/// channel that many layers share is neither dearer nor cheaper for their number. No layer loses
/// its last unit: a candidate that would take it is passed over.
package struct UnitPruning {
  private let network: Network
  /// For each place of a layer the scores of its units.
  private let scores: [Int: [Float]]

  /// - Parameters:
  ///   - scores: one a unit for the layers whose units can be removed, by their places.
  ///   - areLocal: compares scores within a layer only: what counts is the share of the layer's
  ///     units that score lower.
  package init(network: Network, scores: [Int: [Float]], areLocal: Bool) {
    self.network = network
    self.scores = areLocal ? scores.mapValues(shares) : scores
  }

  /// One edit for each layer that is the first of a removed unit's layers.
  package func edits(to goal: Int) -> [Edit] {
    guard network.counts.weights > goal else { return [] }
    let order = removalOrder()
    // The count falls with every group, so the shortest prefix that reaches the goal is found by
    // halving. Where none does, all that can go goes.
    var tooFew = 0
    var enough = order.count
    while enough - tooFew > 1 {
      let middle = (tooFew + enough) / 2
      if network.counts(removing: order[..<middle]).weights <= goal {
        enough = middle
      } else {
        tooFew = middle
      }
    }
    return edits(removing: order[..<enough])
  }

  /// The groups that can go, lowest score first, equal ones in order of their first unit.
  private func removalOrder() -> [UnitGroup] {
    let candidates = network.unitGroups().enumerated().compactMap { index, group in
      score(of: group).map { (score: $0, index: index, group: group) }
    }
    var left: [Int: Int] = [:]
    for place in network.graph.weightedLayers {
      left[place] = network.graph.nodes[place].operation.units
    }
    var order: [UnitGroup] = []
    for candidate in candidates.sorted(by: { ($0.score, $0.index) < ($1.score, $1.index) }) {
      let taken = Dictionary(grouping: candidate.group.members, by: \.place).mapValues(\.count)
      guard taken.allSatisfy({ place, count in (left[place] ?? 0) > count }) else { continue }
      for (place, count) in taken { left[place, default: 0] -= count }
      order.append(candidate.group)
    }
    return order
  }

  /// The mean score of the members, or nil when the group stays.
  private func score(of group: UnitGroup) -> Double? {
    guard group.removable else { return nil }
    var sum = 0.0
    for member in group.members {
      guard let score = scores[member.place]?[member.unit] else { return nil }
      sum += Double(score)
    }
    return sum / Double(group.members.count)
  }

  /// Removing one member removes the group, so the first stands for it. Units are counted as they
  /// are when an edit's turn comes: those that went with an earlier edit no longer count.
  private func edits(removing groups: ArraySlice<UnitGroup>) -> [Edit] {
    var named: [Int: [Int]] = [:]
    var membersOfEdit: [Int: [UnitGroup.Member]] = [:]
    for group in groups {
      guard let first = group.members.first else { continue }
      named[first.place, default: []].append(first.unit)
      membersOfEdit[first.place, default: []] += group.members
    }
    var gone: [Int: [Int]] = [:]
    return named.keys.sorted().map { place in
      let before = gone[place] ?? []
      let units = (named[place] ?? []).sorted().map { unit in
        unit - before.count { $0 < unit }
      }
      for member in membersOfEdit[place] ?? [] {
        gone[member.place, default: []].append(member.unit)
      }
      return .removeUnits(layer: network.graph.nodes[place].id, units: units)
    }
  }
}

/// For each score the share of scores that are not higher, ties by index.
private func shares(_ scores: [Float]) -> [Float] {
  var shares = scores
  let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
  for (rank, index) in order.enumerated() { shares[index] = Float(rank + 1) / Float(scores.count) }
  return shares
}
