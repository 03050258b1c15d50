import StrategyKit

/// How live weights are spread over layers, whatever they are worth.
package enum Spread: String, CaseIterable {
  /// The same density everywhere.
  case uniform
  /// Erdős–Rényi: density in proportion to (inputs + outputs) / (inputs · outputs). Mocanu et al. 2018.
  case er
  /// With the sides of kernels among the terms and factors. Evci et al. 2020.
  case erk

  /// A layer among those that share a budget.
  package struct Part {
    /// Outputs, inputs, kernel height and width.
    let sides: [Int]
    /// All that may be masked, prunable biases included.
    let size: Int
    /// How many of them may be left.
    let bounds: ClosedRange<Int>

    /// - Parameters:
    ///   - sides: outputs, inputs, kernel height, kernel width.
    ///   - size: all that may be masked; nil for the weights alone.
    ///   - bounds: how many of them may be left; nil for any number.
    package init(sides: [Int], size: Int? = nil, bounds: ClosedRange<Int>? = nil) {
      let size = size ?? sides.reduce(1, *)
      (self.sides, self.size, self.bounds) = (sides, size, bounds ?? 0...size)
    }

    init(_ layer: Layer, bounds: ClosedRange<Int>? = nil) {
      self.init(
        sides: [layer.outputs, layer.inputs, layer.kernel.height, layer.kernel.width],
        size: layer.prunableCount, bounds: bounds)
    }
  }

  /// Live parameters of each layer, `total` in all where the bounds allow it.
  ///
  ///     share of a layer = f · raw density · size, or the bound that this is beyond
  ///
  /// One factor f serves all layers, and the shares add up to the total. A layer whose share lies
  /// beyond a bound gets the bound, and f is found again for the others. Shares are rounded down, and
  /// those with the largest remainders get one more.
  ///
  /// - Parameters:
  ///   - parts: the layers.
  ///   - total: from the sum of all lower bounds to that of all upper ones.
  package func budgets(_ parts: [Part], total: Int) -> [Int] {
    let raw = parts.map { density(of: $0.sides) }
    var bound = [Int?](repeating: nil, count: parts.count)
    var shares = [Double](repeating: 0, count: parts.count)
    while true {
      let open = parts.indices.filter { bound[$0] == nil }
      let left = Double(total - bound.reduce(0) { $0 + ($1 ?? 0) })
      let weight = open.reduce(0) { $0 + raw[$1] * Double(parts[$1].size) }
      for index in open {
        shares[index] = weight > 0 ? left * raw[index] / weight * Double(parts[index].size) : 0
      }
      let above = open.filter { shares[$0] > Double(parts[$0].bounds.upperBound) }
      let below = open.filter { shares[$0] < Double(parts[$0].bounds.lowerBound) }
      guard !above.isEmpty || !below.isEmpty else { break }
      let excess = above.reduce(0) { $0 + shares[$1] - Double(parts[$1].bounds.upperBound) }
      let want = below.reduce(0) { $0 + Double(parts[$1].bounds.lowerBound) - shares[$1] }
      // With more to give away than is wanted f grows, and who has too much now has so later.
      if excess >= want {
        for index in above { bound[index] = parts[index].bounds.upperBound }
      } else {
        for index in below { bound[index] = parts[index].bounds.lowerBound }
      }
    }
    let exact = parts.indices.map { bound[$0].map(Double.init) ?? shares[$0] }
    return rounded(exact, to: total, within: parts.map(\.bounds.upperBound))
  }

  private func density(of sides: [Int]) -> Double {
    func ratio(_ sides: ArraySlice<Int>) -> Double {
      Double(sides.reduce(0, +)) / Double(max(1, sides.reduce(1, *)))
    }
    let isKernel = sides.dropFirst(2).contains { $0 > 1 }
    return switch self {
    case .uniform: 1
    case .er: ratio(sides.prefix(2))
    case .erk: isKernel ? ratio(sides[...]) : ratio(sides.prefix(2))
    }
  }
}

/// Rounded down, and one more where the remainder is largest, so that the sum is exact.
private func rounded(_ exact: [Double], to total: Int, within limits: [Int]) -> [Int] {
  var counts = zip(exact, limits).map { min($1, max(0, Int($0.rounded(.down)))) }
  let order = exact.indices.sorted {
    (exact[$1] - Double(counts[$1]), $0) < (exact[$0] - Double(counts[$0]), $1)
  }
  var left = total - counts.reduce(0, +)
  for index in order + order where left > 0 && counts[index] < limits[index] {
    counts[index] += 1
    left -= 1
  }
  return counts
}
