extension Network {
  /// The bits that the live parameters take where the network is stored to be evaluated: 32 for a number
  /// and 1 for a weight that is a sign.
  ///
  /// Weights are signs in binary layers. They are wherever the live weights of a unit, or of a whole layer,
  /// have one magnitude, which is stored once beside them; they count as such where that is less, as it is
  /// from two weights on. What is there decides, whoever made it so.
  package var bits: Int {
    layout.slots.reduce(0) { $0 + bits(ofWeights: $1) + Self.numberBits * live(in: $1.biases) }
  }

  private static let numberBits = 32

  private func bits(ofWeights slot: ParameterLayout.Slot) -> Int {
    let operation = graph.nodes[slot.place].operation
    let each = operation.kind.bitsPerWeight
    guard each == Self.numberBits, let units = operation.units, units > 0 else {
      return each * live(in: slot.weights)
    }
    let length = slot.weights.count / units
    let rows = (0..<units).map { unit in
      let start = slot.weights.lowerBound + unit * length
      return bits(ofWeights: start..<start + length)
    }
    return min(bits(ofWeights: slot.weights), rows.reduce(0, +))
  }

  /// Of weights that may share a magnitude.
  private func bits(ofWeights range: Range<Int>) -> Int {
    let count = live(in: range)
    let numbers = Self.numberBits * count
    return hasOneMagnitude(in: range) ? min(numbers, count + Self.numberBits) : numbers
  }

  /// Whether all live weights of a range differ by their signs alone. A weight of 0 has none:
  /// units that nothing reads end there in any network.
  private func hasOneMagnitude(in range: Range<Int>) -> Bool {
    var magnitude: Float?
    for index in range where mask[index] != 0 {
      let value = abs(values[index])
      guard value > 0, magnitude == nil || magnitude == value else { return false }
      magnitude = value
    }
    return true
  }
}
