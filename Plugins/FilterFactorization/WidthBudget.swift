/// A layer, or the pair of factors that an earlier round made of it, as the budget sees it.
struct MapCosts {
  /// Units that it reads and units that it has.
  var inputs: Int
  var outputs: Int
  /// Which of the budget's unit sites those are; nil where they cannot go.
  var inputSite: Int?
  var outputSite: Int?
  /// Weights for each input and output while it is whole.
  var wholeArea: Int
  /// Weights for each input and middle unit, and for each middle unit and output, of a pair.
  var firstArea: Int
  var secondArea: Int
  /// The share of a whole layer's weights that are live.
  var liveShare = 1.0
  /// Whether biases count.
  var countsBiases = false
  /// The present width between the factors; nil for a whole layer.
  var rank: Int?
  /// The share of the output's power that is lost when m of its parts are kept, for m from 0 to all of
  /// them; empty where there are no parts to choose from.
  var lost: [Double]

  func weights(rank: Int?, inputs: Int, outputs: Int) -> Int {
    let biases = countsBiases ? outputs : 0
    guard let rank else {
      return biases + Int((Double(inputs * outputs * wholeArea) * liveShare).rounded(.up))
    }
    return biases + rank * (inputs * firstArea + outputs * secondArea)
  }
}

/// Units of which some may go.
struct UnitSite {
  var width: Int
  /// The share of the reading layer's output that is lost when m units are kept, for m from 0 to all.
  let lost: [Double]
}

/// Divides a budget of weights among the ranks of factors and the units between layers.
///
/// While too many weights are left, that goes which loses the least for each weight saved: a unit of
/// width between two factors, a whole layer for a pair of factors, or a unit that the next layer
/// reads. What is lost is counted as a share of the power of the output of the layer concerned, so
/// that one scale serves ranks and units of all layers. Factors get no narrower than the network has
/// outputs, and no layer either, as long as something else can go: all that tells the classes apart
/// passes through them. If the last step saved more than was needed, the widest gain for a weight is
/// given back as long as the budget holds.
struct WidthBudget {
  private(set) var ranks: [Int?]
  private(set) var units: [Int]
  private let maps: [MapCosts]
  private let sites: [UnitSite]
  private let essential: Int

  private enum Change {
    case rank(Int, Int)
    case units(Int, Int)
  }

  /// - Parameter essential: as many units of width stay as long as others can go.
  init(_ maps: [MapCosts], sites: [UnitSite], essential: Int) {
    self.maps = maps
    self.sites = sites
    self.essential = essential
    ranks = maps.map(\.rank)
    units = sites.map(\.width)
  }

  /// Weights that would be left.
  var weights: Int { maps.indices.reduce(0) { $0 + weights(of: $1) } }

  private func weights(of map: Int) -> Int {
    maps[map].weights(rank: ranks[map], inputs: inputs(of: map), outputs: outputs(of: map))
  }

  private func inputs(of map: Int) -> Int {
    maps[map].inputSite.map { units[$0] } ?? maps[map].inputs
  }

  private func outputs(of map: Int) -> Int {
    maps[map].outputSite.map { units[$0] } ?? maps[map].outputs
  }

  /// A width between factors beyond which there is nothing more to carry.
  private func fullRank(of map: Int) -> Int {
    let parts = maps[map].lost.isEmpty ? maps[map].rank ?? 1 : maps[map].lost.count - 1
    return min(
      parts, inputs(of: map) * maps[map].firstArea, outputs(of: map) * maps[map].secondArea)
  }

  /// Gives every whole layer one width, or its full rank where that is less.
  mutating func force(_ width: Int) {
    for index in maps.indices where ranks[index] == nil && !maps[index].lost.isEmpty {
      ranks[index] = min(width, fullRank(of: index))
    }
  }

  /// Narrows until so many weights are left.
  ///
  /// - Returns: false when all is as narrow as can be and it is not enough.
  mutating func reach(_ goal: Int) -> Bool {
    for floor in [essential, 1] {
      while weights > goal, let change = cheapest(above: floor) { apply(change) }
    }
    guard weights <= goal else { return false }
    giveBack(upTo: goal)
    return true
  }

  private mutating func apply(_ change: Change) {
    switch change {
    case .rank(let map, let rank): ranks[map] = rank
    case .units(let site, let width):
      units[site] = width
      for map in maps.indices where ranks[map] != nil {
        ranks[map] = ranks[map].map { min($0, fullRank(of: map)) }
      }
    }
  }

  private func cheapest(above floor: Int) -> Change? {
    var best: (change: Change, lost: Double, saved: Int)?
    func offer(_ change: Change, lost: Double, saved: Int) {
      guard saved > 0 else { return }
      if let best, lost * Double(best.saved) >= best.lost * Double(saved) { return }
      best = (change, lost, saved)
    }
    for map in maps.indices where !maps[map].lost.isEmpty {
      let (costs, now) = (maps[map], weights(of: map))
      let full = fullRank(of: map)
      let narrower = ranks[map].map { $0 - 1..<$0 } ?? 1..<full + 1
      for rank in narrower where rank >= min(floor, full) && rank > 0 {
        let after = costs.weights(rank: rank, inputs: inputs(of: map), outputs: outputs(of: map))
        let before = ranks[map].map { costs.lost[$0] } ?? 0
        offer(.rank(map, rank), lost: costs.lost[rank] - before, saved: now - after)
      }
    }
    for site in sites.indices where units[site] > max(1, floor) {
      var after = self
      after.apply(.units(site, units[site] - 1))
      offer(
        .units(site, units[site] - 1),
        lost: sites[site].lost[units[site] - 1] - sites[site].lost[units[site]],
        saved: weights - after.weights)
    }
    return best?.change
  }

  private mutating func giveBack(upTo goal: Int) {
    while let change = bestReturn(upTo: goal) { apply(change) }
  }

  private func bestReturn(upTo goal: Int) -> Change? {
    var best: (change: Change, gain: Double)?
    func offer(_ change: Change, _ gained: Double) {
      var after = self
      after.apply(change)
      let cost = after.weights - weights
      guard after.weights <= goal, cost > 0 else { return }
      if gained / Double(cost) > best?.gain ?? 0 { best = (change, gained / Double(cost)) }
    }
    for map in maps.indices where !maps[map].lost.isEmpty {
      guard let rank = ranks[map], rank < maps[map].rank ?? fullRank(of: map),
        rank < fullRank(of: map)
      else { continue }
      offer(.rank(map, rank + 1), maps[map].lost[rank] - maps[map].lost[rank + 1])
    }
    for site in sites.indices where units[site] < sites[site].width {
      let width = units[site]
      offer(.units(site, width + 1), sites[site].lost[width] - sites[site].lost[width + 1])
    }
    return best?.change
  }
}
