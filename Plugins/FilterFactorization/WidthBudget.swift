/// The widths that a place in the network can have, with the weights and the error of each.
struct WidthChoices {
  /// The present width; nil for a layer that is not factorized.
  var width: Int?
  /// The weights of a layer that is not factorized.
  var wholeWeights: Int
  /// Weights that one unit of width costs.
  var unitWeights: Int
  /// The share of the energy that is lost when only the first m of its parts are kept, for m from
  /// 0 to all of them.
  let lost: [Double]

  /// The energies are those of the parts that a unit of width each carries, largest first.
  init(width: Int?, wholeWeights: Int, unitWeights: Int, energies: [Double]) {
    self.width = width
    self.wholeWeights = wholeWeights
    self.unitWeights = unitWeights
    let total = energies.reduce(0, +)
    var lost = [Double](repeating: 0, count: energies.count + 1)
    for part in energies.indices.reversed() {
      lost[part] = lost[part + 1] + (total > 0 ? energies[part] / total : 0)
    }
    self.lost = lost
  }

  /// The widest that still saves weights.
  var widest: Int { width ?? min(lost.count - 1, max(0, wholeWeights - 1) / unitWeights) }

  var weights: Int { width.map { $0 * unitWeights } ?? wholeWeights }

  /// The next narrower width: of a whole layer, the one that loses least for a weight it saves.
  var narrower: (width: Int, saved: Int, lost: Double)? {
    let candidates =
      width.map { $0 > 1 ? ($0 - 1)...($0 - 1) : nil } ?? (widest > 0 ? 1...widest : nil)
    return candidates?.map { candidate in
      let present = width.map { lost[$0] } ?? 0
      return (candidate, weights - candidate * unitWeights, lost[candidate] - present)
    }.min { $0.lost * Double($1.saved) < $1.lost * Double($0.saved) }
  }
}

/// Divides a budget of weights among places.
///
/// While too many weights are left, the place goes narrower that loses the least share of its
/// energy (its squared singular values) for each weight saved. If the last step saved more than was
/// needed, the widest gain for a weight is given back as long as the budget holds.
struct WidthBudget {
  private var places: [WidthChoices]
  private let start: [WidthChoices]

  init(_ places: [WidthChoices]) {
    self.places = places
    start = places
  }

  /// One width a place; nil for a layer that stays whole.
  var widths: [Int?] { places.map(\.width) }

  /// Gives every whole layer one width, or its full rank where that is less.
  mutating func force(_ width: Int) {
    for index in places.indices where places[index].width == nil {
      places[index].width = min(width, places[index].lost.count - 1)
    }
  }

  /// Saves at least this many weights.
  ///
  /// - Returns: false when all places are as narrow as they can be and it is not enough.
  mutating func save(_ needed: Int) -> Bool {
    var saved = 0
    while saved < needed {
      let moves = places.indices.compactMap { place in
        places[place].narrower.map { (place: place, move: $0) }
      }
      let cheapest = moves.min {
        $0.move.lost * Double($1.move.saved) < $1.move.lost * Double($0.move.saved)
      }
      guard let cheapest else { return false }
      places[cheapest.place].width = cheapest.move.width
      saved += cheapest.move.saved
    }
    giveBack(saved - needed)
    return true
  }

  private mutating func giveBack(_ surplus: Int) {
    var surplus = surplus
    func gain(_ place: Int) -> Double {
      guard let width = places[place].width else { return 0 }
      return (places[place].lost[width] - places[place].lost[width + 1])
        / Double(places[place].unitWeights)
    }
    while true {
      let wider = places.indices.filter { place in
        guard let width = places[place].width else { return false }
        return width < start[place].widest && places[place].unitWeights <= surplus
      }
      guard let best = wider.max(by: { gain($0) < gain($1) }) else { return }
      places[best].width = places[best].width.map { $0 + 1 }
      surplus -= places[best].unitWeights
    }
  }
}
