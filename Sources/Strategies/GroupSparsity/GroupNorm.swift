/// A norm by which the weights of a group are drawn to zero together.
///
/// Its proximal step is known in closed form, so that groups reach exactly zero in training, which a
/// gradient of the norm never brings about.
package enum GroupNorm: String, CaseIterable, Sendable {
  /// |v|₂: all weights of the group fall in proportion.
  case euclidean = "l2"
  /// |v|∞: the largest are cut to one height, the others stay.
  case maximum = "linf"

  /// How much a group may be shrunk before it is zero: the dual norm, |v|₂ of the first and |v|₁ of the
  /// second. Shrinking by `amount` takes exactly `amount` from it.
  package func size(of values: [Float]) -> Double {
    switch self {
    case .euclidean: values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    case .maximum: values.reduce(0) { $0 + Double(abs($1)) }
    }
  }

  /// Replaces v by the u that minimises ½ |u − v|₂² + amount · ‖u‖.
  ///
  /// By Moreau's decomposition that is v less its projection onto the ball of the dual norm whose radius
  /// is `amount`: for |·|₂ it is (1 − amount / |v|₂)₊ v; for |·|∞ the projection onto the ℓ1 ball takes
  /// from each weight what lies above a height (`height(of:cutting:)`). All zero where the size is not
  /// above `amount`.
  package func shrink(_ values: inout [Float], by amount: Double) {
    let size = size(of: values)
    guard size > amount else {
      for index in values.indices { values[index] = 0 }
      return
    }
    switch self {
    case .euclidean:
      let factor = Float(1 - amount / size)
      for index in values.indices { values[index] *= factor }
    case .maximum:
      let height = Float(Self.height(of: values, cutting: amount))
      for index in values.indices { values[index] = min(height, max(-height, values[index])) }
    }
  }

  /// The τ with Σ (|v| − τ)₊ = amount, where the sum of all |v| is larger.
  ///
  /// Newton's method on a convex function of straight pieces, from below: each step either lands on the
  /// root or leaves fewer weights above τ, so that few passes do. The first τ is what the largest weight
  /// alone would be cut to.
  private static func height(of values: [Float], cutting amount: Double) -> Double {
    var height = Double(values.reduce(0) { max($0, abs($1)) }) - amount
    var above = values.count + 1
    while true {
      var (sum, count) = (0.0, 0)
      for value in values where Double(abs(value)) > height {
        sum += Double(abs(value))
        count += 1
      }
      guard count > 0, count < above else { return height }
      height = max(height, (sum - amount) / Double(count))
      above = count
    }
  }
}
