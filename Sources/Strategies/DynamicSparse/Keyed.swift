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
package func smallest(
  _ count: Int, below end: Int, by key: (Int) -> Float, where belongs: (Int) -> Bool
) -> [Int] {
  guard count > 0 else { return [] }
  func found(upTo bound: Float) -> [Keyed] {
    var found: [Keyed] = []
    // What is no number is greater than nothing, so it is among them.
    for position in 0..<end where !(key(position) > bound) && belongs(position) {
      found.append(Keyed(key: key(position), position: position))
    }
    return found
  }
  let bound = likelyBound(count, below: end, by: key, where: belongs)
  var candidates = found(upTo: bound)
  if candidates.count < count, bound < .infinity { candidates = found(upTo: .infinity) }
  guard count < candidates.count else { return candidates.map(\.position) }
  candidates.divide(at: count)
  return candidates.prefix(count).map(\.position)
}

/// A key that most likely no fewer than `count` and not many more do not exceed.
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
  /// Where `value` stands, rising.
  package func positions(of value: Bool) -> [Int] {
    let wanted = count { $0 == value }
    return [Int](unsafeUninitializedCapacity: wanted + 1) { positions, found in
      // Written each time and kept where it counts: which it is cannot be foreseen.
      for position in indices {
        positions[found] = position
        found += self[position] == value ? 1 : 0
      }
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
