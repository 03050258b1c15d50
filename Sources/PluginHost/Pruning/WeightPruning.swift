package import Networks

/// Masks the weights with the lowest scores until exactly as many are live as the goal says.
package struct WeightPruning {
  /// A layer with one score for each of its prunable positions.
  package struct Layer {
    package let id: UInt64
    /// Where they lie in the flat vector; position 0 of the layer is the first.
    package let positions: Range<Int>
    package let scores: [Float]
    /// For each of them whether it stays, whatever its score; empty for none.
    let stays: [Bool]

    package init(id: UInt64, positions: Range<Int>, scores: [Float], stays: [Bool] = []) {
      self.id = id
      self.positions = positions
      self.scores = scores
      self.stays = stays
    }
  }

  private let layers: [Layer]
  private let mask: [Float]

  /// - Parameters:
  ///   - layers: those that lose weights.
  ///   - mask: of the whole flat vector; masked positions are never picked.
  package init(layers: [Layer], mask: [Float]) {
    self.layers = layers
    self.mask = mask
  }

  /// One edit for each layer that loses a weight. Equal scores go in order of their flat index. Where
  /// those that may go are too few, all of them do.
  ///
  /// - Parameter sameShareOfEveryLayer: compares scores within a layer only, and takes the same
  ///   share of each: the exact share rounded down, and one more where the remainder is largest.
  package func edits(to goal: Int, sameShareOfEveryLayer: Bool) -> [Edit] {
    let total = layers.reduce(0) { sum, layer in sum + layer.positions.count { mask[$0] != 0 } }
    let free = layers.indices.map(candidates)
    let excess = min(total - max(0, goal), free.reduce(0) { $0 + $1.count })
    guard excess > 0 else { return [] }
    var chosen: [[Int]]
    if sameShareOfEveryLayer {
      let shares = largestRemainders(of: excess, over: free.map(\.count))
      chosen = zip(free, shares).map { candidates, share in
        lowest(share, among: candidates).map(\.position)
      }
    } else {
      chosen = layers.map { _ in [] }
      for candidate in lowest(excess, among: free.flatMap { $0 }) {
        chosen[candidate.layer].append(candidate.position)
      }
    }
    return layers.indices.filter { !chosen[$0].isEmpty }.map {
      .maskOff(layer: layers[$0].id, positions: chosen[$0].sorted())
    }
  }

  private struct Candidate {
    /// The score's order in the upper half, the flat index in the lower one.
    let key: UInt64
    let layer: Int
    let position: Int
  }

  private func candidates(_ index: Int) -> [Candidate] {
    let layer = layers[index]
    return layer.positions.compactMap { flat in
      let position = flat - layer.positions.lowerBound
      guard mask[flat] != 0, layer.stays.isEmpty || !layer.stays[position] else { return nil }
      return Candidate(
        key: UInt64(layer.scores[position].order) << 32 | UInt64(UInt32(truncatingIfNeeded: flat)),
        layer: index, position: position)
    }
  }

  private func lowest(_ count: Int, among candidates: [Candidate]) -> ArraySlice<Candidate> {
    candidates.sorted { $0.key < $1.key }.prefix(count)
  }
}

extension Float {
  /// An integer that orders as the finite numbers do; equal for 0 and −0.
  fileprivate var order: UInt32 {
    let bits = (self + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}

/// Splits `total` in proportion to `weights`, in integers that add up exactly: each gets its share
/// rounded down, and those with the largest remainders one more, the earlier first.
///
/// - Precondition: `total` is in 0 ... the sum of the weights, so that no share exceeds its weight.
package func largestRemainders(of total: Int, over weights: [Int]) -> [Int] {
  let sum = weights.reduce(0, +)
  guard sum > 0 else { return weights }
  let parts = weights.map { weight in
    sum.dividingFullWidth(weight.multipliedFullWidth(by: total))
  }
  var shares = parts.map(\.quotient)
  let left = total - shares.reduce(0, +)
  let order = parts.indices.sorted {
    (parts[$1].remainder, $0) < (parts[$0].remainder, $1)
  }
  for index in order.prefix(left) { shares[index] += 1 }
  return shares
}
