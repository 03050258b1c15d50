import StrategyKit

/// What a network loses with its units: the live prunable weights into a unit, and those that lead
/// from it into the next layer.
///
/// A layer's units feed the layer after it in the host's list, as `NetworkTrimming` makes sure of.
/// Counting here and not by `measure()` lets a plan have one edit a layer.
struct UnitTally {
  /// The units taken from each layer.
  private(set) var removedUnits: [[Int]]
  /// The weights that go with them, each counted once.
  private(set) var removedWeights = 0

  private let layers: [Layer]
  private var live: [[Bool]]

  init(_ network: NetworkView) throws {
    layers = network.layers
    removedUnits = layers.map { _ in [] }
    live = try layers.map { layer in
      let mask = try network.values(of: .mask, for: layer)
      return mask.indices.map { $0 < layer.prunableCount && mask[$0] != 0 }
    }
  }

  /// Takes a unit, unless it is the last of its layer.
  mutating func remove(_ unit: Int, from index: Int) {
    let layer = layers[index]
    guard removedUnits[index].count + 1 < layer.unitCount else { return }
    removedUnits[index].append(unit)
    for position in unit * layer.fanIn..<(unit + 1) * layer.fanIn { take(position, of: index) }
    if layer.biasCount > 0 { take(layer.weightCount + unit, of: index) }

    guard index + 1 < layers.count else { return }
    let next = layers[index + 1]
    // A unit is one channel of the next layer, or the pixels of its map in a dense one.
    let width = next.fanIn / layer.unitCount
    for output in 0..<next.outputs {
      let start = output * next.fanIn + unit * width
      for position in start..<start + width { take(position, of: index + 1) }
    }
  }

  private mutating func take(_ position: Int, of index: Int) {
    guard live[index].indices.contains(position), live[index][position] else { return }
    live[index][position] = false
    removedWeights += 1
  }
}
