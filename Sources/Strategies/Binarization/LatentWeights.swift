import StrategyKit

/// The live weights of a layer as the numbers behind what the network computes with.
///
///     w = α · sign(v),  α = the mean of |v| over the weights that share a magnitude
///     behind a step of training that took w to w′:  v ← v + (w′ − w)
///
/// The sign of 0 is 1. For the binary weights of one magnitude α · sign(v) is the one with the least
/// squared distance from v.
struct LatentWeights {
  /// Where they lie in the layer's vector, rising.
  let positions: [Int]
  /// v
  private(set) var latent: [Float]
  /// w, as it was last written.
  private(set) var binary: [Float]
  /// Those that share a magnitude, as ranges of the arrays above.
  private let groups: [Range<Int>]

  /// - Parameters:
  ///   - latent: one a position.
  ///   - length: so many positions of the layer, one behind the other, share a magnitude.
  init(_ latent: [Float], at positions: [Int], sharing length: Int) {
    self.latent = latent
    self.positions = positions
    binary = latent
    groups = positions.runs { $0 / max(1, length) }
    for group in groups { binarize(group) }
  }

  /// Takes up the step that an optimiser made from the binary weights, and puts those of the new latent
  /// weights in its place.
  ///
  /// - Parameter offset: where the layer's vector begins in `parameters`.
  mutating func step(_ parameters: inout MutableSpan<Float>, from offset: Int) {
    for group in groups {
      for index in group {
        latent[index] += parameters[offset + positions[index]] - binary[index]
      }
      binarize(group)
      for index in group { parameters[offset + positions[index]] = binary[index] }
    }
  }

  /// Puts latent weights into a layer's vector wherever it is as it was left.
  func restore(into parameters: inout [Float]) {
    for (index, position) in positions.enumerated()
    where position < parameters.count && parameters[position] == binary[index] {
      parameters[position] = latent[index]
    }
  }

  private mutating func binarize(_ group: Range<Int>) {
    let sum = group.reduce(0.0) { $0 + Double(abs(latent[$1])) }
    let magnitude = Float(sum / Double(group.count))
    for index in group { binary[index] = latent[index] < 0 ? -magnitude : magnitude }
  }
}

extension [Int] {
  /// The ranges of indices, one behind the other, whose elements have the same key.
  fileprivate func runs(by key: (Int) -> Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = startIndex
    for index in indices where index + 1 == endIndex || key(self[index + 1]) != key(self[start]) {
      runs.append(start..<index + 1)
      start = index + 1
    }
    return runs
  }
}
