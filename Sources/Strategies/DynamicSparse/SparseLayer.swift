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
      (0..<layer.prunableCount).map { mask[$0] != 0 }
    }
  }

  /// The `count` positions among `kept` that go.
  func dropped(_ count: Int, of kept: [Bool], by rule: Drop) -> [Int] {
    guard count > 0 else { return [] }
    let positions = kept.indices.filter { kept[$0] }
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
    let free = kept.indices.filter { !kept[$0] }
    switch rule {
    case .random:
      let keys = network.random(free.count)
      return smallest(count, of: Array(free.indices)) { keys[$0] }.map { free[$0] }
    case .gradient, .momentum:
      return try network.withValues(of: rule == .gradient ? .gradient : .momentum, for: layer) {
        worth in smallest(count, of: free) { -abs(worth[$0]) }
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
  var packed = positions.map {
    UInt64(key($0).order) << 32 | UInt64(UInt32(truncatingIfNeeded: $0))
  }
  var (low, high) = (0, packed.count - 1)
  while low < high {
    let pivot = packed[low + (high - low) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while packed[left] < pivot { left += 1 }
      while packed[right] > pivot { right -= 1 }
      guard left <= right else { break }
      packed.swapAt(left, right)
      left += 1
      right -= 1
    }
    if count - 1 <= right {
      high = right
    } else if count - 1 >= left {
      low = left
    } else {
      break
    }
  }
  return packed.prefix(count).map { Int(UInt32(truncatingIfNeeded: $0)) }
}

extension Float {
  /// An integer that orders as the finite numbers do; equal for 0 and −0.
  fileprivate var order: UInt32 {
    let bits = (self + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}
