/// The direction in which a unit is split best.
struct SplitDirection {
  let unit: Int
  /// λ_min of its splitting matrix.
  let eigenvalue: Double
  /// The eigenvector, of the norm 1: a value a weight into the unit, then one for its bias where it has
  /// one.
  let vector: [Double]
}

/// A unit that is to be split.
struct Split {
  let direction: SplitDirection
  /// Two or more.
  let parts: Int

  /// How far each part is moved, as a share of the length: evenly from 1 to −1.
  var offsets: [Double] {
    (0..<parts).map { 1 - 2 * Double($0) / Double(max(1, parts - 1)) }
  }

  /// The change of the loss: ε² λ / 2 for two parts, and the mean of the offsets' squares times that for
  /// more.
  func change(length: Double) -> Double {
    let square = offsets.reduce(0) { $0 + $1 * $1 } / Double(parts)
    return length * length * direction.eigenvalue / 2 * square
  }

  /// Splits that add so many units to a layer, the first units in two before any in three.
  static func splits(of units: [SplitDirection], adding count: Int) -> [Split] {
    guard !units.isEmpty else { return [] }
    let (all, rest) = count.quotientAndRemainder(dividingBy: units.count)
    return units.enumerated().compactMap { index, unit in
      let parts = 1 + all + (index < rest ? 1 : 0)
      return parts > 1 ? Split(direction: unit, parts: parts) : nil
    }
  }
}
