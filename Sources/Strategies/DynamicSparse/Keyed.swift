/// A position with a key, in one number that orders as the key does, and by position where keys are
/// equal.
struct Keyed: Comparable {
  private let packed: UInt64

  init(key: Float, position: Int) {
    packed = UInt64(key.order) << 32 | UInt64(UInt32(truncatingIfNeeded: position))
  }

  var position: Int { Int(UInt32(truncatingIfNeeded: packed)) }

  static func < (first: Keyed, second: Keyed) -> Bool { first.packed < second.packed }
}

extension [Keyed] {
  /// Brings the `count` smallest to the front, in no order.
  ///
  /// They are divided about a pivot, again and again on the side where the boundary lies: a sort of a
  /// large layer would take longer than the training between two updates.
  mutating func divide(at count: Int) {
    var (low, high) = (0, self.count - 1)
    while low < high {
      let pivot = self[low + (high - low) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        guard left <= right else { break }
        swapAt(left, right)
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
  }
}

/// The `count` of the positions below `end` that belong with the smallest keys, equal ones by position;
/// in no order, all where there are fewer.
///
/// Few of many: a sample says below which key they lie, and only what does is looked at closely.
@inline(__always)  // so that no key costs a call
package func smallest(
  _ count: Int, below end: Int, by key: (Int) -> Float, where belongs: (Int) -> Bool
) -> [Int] {
  guard count > 0 else { return [] }
  var bound = likelyBound(count, below: end, by: key, where: belongs)
  var candidates: [Keyed] = []
  while true {
    // What is no number is greater than nothing, so it is among them.
    for position in 0..<end where !(key(position) > bound) && belongs(position) {
      candidates.append(Keyed(key: key(position), position: position))
    }
    guard candidates.count < count, bound < .infinity else { break }
    bound = .infinity
    candidates = []
  }
  guard count < candidates.count else { return candidates.map(\.position) }
  candidates.divide(at: count)
  return candidates.prefix(count).map(\.position)
}

/// A key that most likely no fewer than `count` and not many more do not exceed.
@inline(__always)
private func likelyBound(
  _ count: Int, below end: Int, by key: (Int) -> Float, where belongs: (Int) -> Bool
) -> Float {
  let distance = end / 4096
  guard distance > 1 else { return .infinity }
  var sample = stride(from: distance / 2, to: end, by: distance).filter(belongs)
    .map { Keyed(key: key($0), position: $0) }
  // Four standard deviations beyond where it is expected.
  let expected = Double(count) / Double(distance)
  let rank = Int(expected + 4 * expected.squareRoot()) + 8
  guard rank < sample.count else { return .infinity }
  sample.divide(at: rank)
  return sample.prefix(rank).max().map { key($0.position) } ?? .infinity
}

extension [Bool] {
  /// How often it is true.
  package var trueCount: Int {
    var count = 0
    forEachEight { _, values in count += Int((values &* Self.ones) >> 56) }
    return count
  }

  /// Where `value` stands, rising.
  package func positions(of value: Bool) -> [Int] {
    var positions: [Int] = []
    positions.reserveCapacity(value ? trueCount : count - trueCount)
    forEachEight { start, values in
      var left = value ? values : values ^ Self.ones
      while left != 0 {
        let position = start + left.trailingZeroBitCount / 8
        if position < count { positions.append(position) }
        left &= left - 1
      }
    }
    return positions
  }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }

  /// Calls `body` with eight values at a time, as the bytes of a number of which the first is the
  /// lowest, and the position of that one. Behind the last there are zeros.
  @inline(__always)
  private func forEachEight(_ body: (_ start: Int, _ values: UInt64) -> Void) {
    withUnsafeBytes { bytes in
      let whole = count / 8 * 8
      for start in stride(from: 0, to: whole, by: 8) {
        body(
          start, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
      }
      var last: UInt64 = 0
      for position in whole..<count { last |= UInt64(bytes[position]) << (8 * (position - whole)) }
      if whole < count { body(whole, last) }
    }
  }

  /// The positions that are true here alone and those that are true in `after` alone, rising.
  ///
  /// - Precondition: `after` is as long.
  package func changes(to after: [Bool]) -> (gone: [Int], come: [Int]) {
    var (gone, come): ([Int], [Int]) = ([], [])
    func compare(_ positions: Range<Int>) {
      for position in positions where self[position] != after[position] {
        if after[position] { come.append(position) } else { gone.append(position) }
      }
    }
    // Most stay as they are, so that many are compared at once.
    let width = MemoryLayout<UInt64>.size
    withUnsafeBytes { before in
      after.withUnsafeBytes { after in
        for start in stride(from: 0, through: count - width, by: width) {
          let words = (
            before.loadUnaligned(fromByteOffset: start, as: UInt64.self),
            after.loadUnaligned(fromByteOffset: start, as: UInt64.self)
          )
          if words.0 != words.1 { compare(start..<start + width) }
        }
      }
    }
    compare(count / width * width..<count)
    return (gone, come)
  }
}

extension Float {
  /// An integer that orders as the finite numbers do; equal for 0 and −0.
  fileprivate var order: UInt32 {
    let bits = (self + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}
