import StrategyKit

/// A layer's weights as an update sees them.
struct SparseLayer {
  let layer: Layer
  /// Its parameters.
  let values: [Float]
  /// Of each position that may be masked, whether it is live.
  let isLive: [Bool]

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    values = try network.values(of: .parameters, for: layer)
    isLive = try network.withValues(of: .mask, for: layer) { mask in
      mask.withUnsafeBufferPointer { mask in
        [Bool](unsafeUninitializedCapacity: layer.prunableCount) { isLive, count in
          count = layer.prunableCount
          for position in 0..<count { isLive[position] = mask[position] != 0 }
        }
      }
    }
  }

  /// The `count` positions among `kept` that go.
  func dropped(_ count: Int, of kept: [Bool], by rule: Drop) -> [Int] {
    guard count > 0 else { return [] }
    let positions = kept.positions(of: true)
    func least(_ count: Int, where belongs: (Float) -> Bool) -> [Int] {
      smallest(count, of: positions.filter { belongs(values[$0]) }) { abs(values[$0]) }
    }
    switch rule {
    case .magnitude: return least(count) { _ in true }
    case .signed:
      // Each sign loses the same share; what was never trained goes first.
      let zeros = least(count) { $0 == 0 }
      let rest = count - zeros.count
      let positive = positions.count { values[$0] > 0 }
      let negative = positions.count { values[$0] < 0 }
      let signed = positive + negative
      let fromPositive = signed > 0 ? rest * positive / signed : 0
      return zeros + least(fromPositive) { $0 > 0 } + least(rest - fromPositive) { $0 < 0 }
    }
  }

  /// The `count` positions outside of `kept` that come to life.
  func places(
    _ count: Int, outside kept: [Bool], by rule: Grow, in network: NetworkView
  ) throws -> [Int] {
    guard count > 0 else { return [] }
    switch rule {
    case .random:
      let free = kept.positions(of: false)
      let keys = network.random(free.count)
      return smallest(count, of: Array(free.indices)) { keys[$0] }.map { free[$0] }
    case .gradient, .momentum:
      return try network.withValues(of: rule == .gradient ? .gradient : .momentum, for: layer) {
        worth in
        worth.withUnsafeBufferPointer { worth in
          smallest(count, below: kept.count, by: { -abs(worth[$0]) }, where: { !kept[$0] })
        }
      }
    }
  }
}

/// The `count` positions with the smallest keys, equal ones by position; in no order.
///
/// Keys and positions are packed into one number each and divided about a pivot, again and again on the
/// side where the boundary lies: a sort of a large layer would take longer than the training between two
/// updates.
package func smallest(_ count: Int, of positions: [Int], by key: (Int) -> Float) -> [Int] {
  guard count < positions.count else { return positions }
  guard count > 0 else { return [] }
  var packed = positions.map { Keyed(key: key($0), position: $0) }
  packed.divide(at: count)
  return packed.prefix(count).map(\.position)
}
