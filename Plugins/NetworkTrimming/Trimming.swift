import StrategyKit

/// Chooses the units that go in one round.
///
/// Units are ordered by how far their silence stands out in their own layer, in standard deviations,
/// so that a cut through the order is the same cut in every layer. Three rules keep a layer from
/// being emptied because its activations differ in kind. In a round that leaves the share q of the
/// weights a layer keeps q² of its units, which is what two such rounds would leave of it. Outside
/// of residual branches it keeps as many units as the network has outputs, as long as others can go:
/// all that tells the classes apart passes through it. Below that, the units with the most weights
/// go first, so that few have to.
struct Trimming {
  private struct Candidate {
    let layer: Int
    let unit: Int
    /// Standard deviations above the layer's mean; infinite for a unit that is always silent.
    let silence: Double
  }

  private(set) var tally: UnitTally
  private let layers: [Layer]
  private let candidates: [Candidate]
  private var taken: [Candidate] = []

  /// - Parameters:
  ///   - places: the layers to trim.
  ///   - zeroRates: APoZ of their units.
  init(_ places: [Int], zeroRates: [[Float]], in network: NetworkView) throws {
    layers = network.layers
    tally = try UnitTally(network)
    candidates = zip(places, zeroRates).flatMap { layer, rates in
      let silences = standardScores(rates)
      return rates.indices.map { unit in
        Candidate(
          layer: layer, unit: unit, silence: rates[unit] >= 1 ? .infinity : silences[unit])
      }
    }.sorted { ($1.silence, $0.layer, $0.unit) < ($0.silence, $1.layer, $1.unit) }
  }

  /// Takes units until so many weights are gone, and gives back what turns out to be needless.
  ///
  /// - Parameter share: the share of the weights that is to be left.
  /// - Returns: false when it is not enough though every layer is down to one unit.
  mutating func remove(_ weights: Int, leavingShare share: Double) -> Bool {
    let outputs = layers.last?.outputs ?? 1
    let essential = layers.map { $0.block == nil ? outputs : 1 }
    let ofRound = roundFloors(leavingShare: share)
    take(weights, from: candidates, keeping: zip(essential, ofRound).map(max))
    take(weights, from: candidates, keeping: essential)
    let heaviest = candidates.map {
      (candidate: $0, weights: tally.weights(of: $0.unit, in: $0.layer))
    }
    .enumerated().sorted { ($1.element.weights, $0.offset) < ($0.element.weights, $1.offset) }
    .map(\.element.candidate)
    take(weights, from: heaviest, keeping: layers.map { _ in 1 })
    giveBack(above: weights)
    return tally.removedWeights >= weights
  }

  /// The units that each layer keeps in a round.
  private func roundFloors(leavingShare share: Double) -> [Int] {
    let weights = layers.indices.map { layer in
      candidates.lazy.filter { $0.layer == layer }
        .reduce(0) { $0 + tally.weights(of: $1.unit, in: layer) }
    }
    let most = Double(max(1, weights.max() ?? 1))
    return layers.indices.map { layer in
      let mayGo = (1 - share * share) * Double(weights[layer]) / most
      return Int((Double(layers[layer].unitCount) * (1 - mayGo)).rounded(.up))
    }
  }

  private mutating func take(_ weights: Int, from order: [Candidate], keeping floors: [Int]) {
    for next in order where tally.removedWeights < weights {
      guard !tally.isRemoved(next.unit, from: next.layer),
        tally.unitsLeft(in: next.layer) > max(1, floors[next.layer])
      else { continue }
      tally.remove(next.unit, from: next.layer)
      taken.append(next)
    }
  }

  /// The last unit may have saved more than was left to save: those that fit come back, the one that
  /// was taken last first.
  private mutating func giveBack(above weights: Int) {
    for candidate in taken.reversed() where candidate.silence < .infinity {
      guard tally.removedWeights - tally.weights(of: candidate.unit, in: candidate.layer) >= weights
      else { continue }
      tally.restore(candidate.unit, to: candidate.layer)
    }
  }
}

/// Distances from the mean in standard deviations; 0 where all values are equal.
func standardScores(_ values: [Float]) -> [Double] {
  let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
  let squares = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
  let deviation = (squares / Double(max(1, values.count))).squareRoot()
  return values.map { deviation > 0 ? (Double($0) - mean) / deviation : 0 }
}
