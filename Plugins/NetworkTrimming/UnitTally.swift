import StrategyKit

/// Which units a plan takes, and what the network loses with them: the live prunable weights into a
/// unit, and those that lead from it into the next layer, each counted once.
///
/// A layer's units feed the layer after it in the host's list, as `NetworkTrimming` makes sure of.
/// Counting here and not by `measure()` lets a plan have one edit a layer.
struct UnitTally {
  private let layers: [Layer]
  private let live: [[Bool]]
  private var isRemoved: [[Bool]]
  private var left: [Int]
  /// The weights that go with the removed units.
  private(set) var removedWeights = 0

  init(_ network: NetworkView) throws {
    layers = network.layers
    isRemoved = layers.map { [Bool](repeating: false, count: $0.unitCount) }
    left = layers.map(\.unitCount)
    live = try layers.map { layer in
      let mask = try network.values(of: .mask, for: layer)
      return mask.indices.map { $0 < layer.prunableCount && mask[$0] != 0 }
    }
  }

  /// How many units a layer keeps.
  func unitsLeft(in index: Int) -> Int { left[index] }

  /// The units taken from a layer, rising.
  func removedUnits(of index: Int) -> [Int] {
    isRemoved[index].indices.filter { isRemoved[index][$0] }
  }

  func isRemoved(_ unit: Int, from index: Int) -> Bool { isRemoved[index][unit] }

  /// Takes a unit that is there.
  mutating func remove(_ unit: Int, from index: Int) {
    removedWeights += weights(of: unit, in: index)
    isRemoved[index][unit] = true
    left[index] -= 1
  }

  /// Gives back a unit that was taken.
  mutating func restore(_ unit: Int, to index: Int) {
    removedWeights -= weights(of: unit, in: index)
    isRemoved[index][unit] = false
    left[index] += 1
  }

  /// The weights that stand or fall with a unit, given what else is removed.
  func weights(of unit: Int, in index: Int) -> Int {
    let layer = layers[index]
    let row = unit * layer.fanIn
    var count = layer.biasCount > 0 && isLive(layer.weightCount + unit, of: index) ? 1 : 0
    let before = index > 0 ? isRemoved[index - 1] : []
    let inputWidth = before.isEmpty ? layer.fanIn : max(1, layer.fanIn / before.count)
    for position in 0..<layer.fanIn where isLive(row + position, of: index) {
      let source = position / inputWidth
      if !before.indices.contains(source) || !before[source] { count += 1 }
    }

    guard index + 1 < layers.count else { return count }
    let next = layers[index + 1]
    // A unit is one channel of the next layer, or the pixels of its map in a dense one.
    let width = next.fanIn / layer.unitCount
    for output in 0..<next.unitCount where !isRemoved[index + 1][output] {
      let start = output * next.fanIn + unit * width
      for position in start..<start + width where isLive(position, of: index + 1) { count += 1 }
    }
    return count
  }

  private func isLive(_ position: Int, of index: Int) -> Bool {
    live[index].indices.contains(position) && live[index][position]
  }
}
