import StrategyKit

/// How live weights are spread over layers before any is trained.
package enum Spread: String, CaseIterable {
  /// The same density everywhere.
  case uniform
  /// Erdős–Rényi: density in proportion to (inputs + outputs) / (inputs · outputs). Mocanu et al. 2018.
  case er
  /// With the sides of kernels among the terms and factors. Evci et al. 2020.
  case erk

  /// Live weights of each layer, `total` in all.
  ///
  /// One factor scales the raw densities of all layers. Where it would take one beyond 1, that layer
  /// is dense, and the factor is found again for the others.
  ///
  /// - Parameters:
  ///   - dimensions: of each layer outputs, inputs, kernel height, kernel width.
  ///   - total: at most the product of all dimensions, summed.
  package func budgets(_ dimensions: [[Int]], total: Int) -> [Int] {
    let sizes = dimensions.map { $0.reduce(1, *) }
    let raw = dimensions.map(density)
    var isDense = [Bool](repeating: false, count: sizes.count)
    var shares = [Double](repeating: 0, count: sizes.count)
    while true {
      let sparse = sizes.indices.filter { !isDense[$0] }
      let left = Double(total - sizes.indices.reduce(0) { $0 + (isDense[$1] ? sizes[$1] : 0) })
      let weight = sparse.reduce(0) { $0 + raw[$1] * Double(sizes[$1]) }
      for index in sparse { shares[index] = weight > 0 ? left * raw[index] / weight : 0 }
      let largest = sparse.map { shares[$0] }.max() ?? 0
      guard largest > 1 else { break }
      for index in sparse where shares[index] == largest { isDense[index] = true }
    }
    let exact = sizes.indices.map {
      isDense[$0] ? Double(sizes[$0]) : shares[$0] * Double(sizes[$0])
    }
    return rounded(exact, to: total, within: sizes)
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
