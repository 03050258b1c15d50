import StrategyKit

/// The order in which units are least missed by the layer that reads them.
///
/// The units that stay stand in for one that goes as well as they can, so what is lost is
///
///     tr(W[g] (S[g,g])⁻¹ W[g]ᵀ),  S = M⁻¹,
///
/// for the columns g of W that read the unit; W and S are then those of the rest. This is the surgeon's
/// formula with the least-squares error of the layer's output for the loss.
struct UnitElimination {
  /// The units, the one that is least missed first; the last one stays.
  private(set) var order: [Int] = []
  /// What each step of the order adds to E|ΔW x|².
  private(set) var costs: [Double] = []

  private let width: Int
  private var weights: Matrix
  private var inverse: Matrix

  /// - Parameters:
  ///   - weights: of the reading layer, outputs by inputs.
  ///   - units: how many there are; their columns lie together.
  init(
    of weights: Matrix, moment: InputMoment, units: Int, algebra: LinearAlgebra
  ) throws {
    width = weights.columns / units
    self.weights = weights
    inverse = try algebra.dampedInverse(of: moment.matrix, ridge: 1e-9)
    var left = Array(0..<units)
    while left.count > 1 {
      var best = (place: 0, cost: Double.infinity)
      for (place, unit) in left.enumerated() {
        let cost = try cost(of: unit, algebra: algebra)
        if cost < best.cost { best = (place, cost) }
      }
      let unit = left.remove(at: best.place)
      order.append(unit)
      costs.append(max(0, best.cost))
      try eliminate(unit, algebra: algebra)
    }
  }

  private func block(_ unit: Int) -> Matrix {
    var block = Matrix(rows: width, columns: width)
    for row in 0..<width {
      for column in 0..<width {
        block[row, column] = inverse[unit * width + row, unit * width + column]
      }
    }
    return block
  }

  private func columns(_ unit: Int) -> Matrix {
    var columns = Matrix(rows: weights.rows, columns: width)
    for row in 0..<weights.rows {
      for column in 0..<width { columns[row, column] = weights[row, unit * width + column] }
    }
    return columns
  }

  private func cost(of unit: Int, algebra: LinearAlgebra) throws -> Double {
    if width == 1 {
      let power = (0..<weights.rows).reduce(0) { $0 + weights[$1, unit] * weights[$1, unit] }
      return power / inverse[unit, unit]
    }
    let block = try algebra.dampedInverse(of: block(unit), ridge: 1e-9)
    let columns = columns(unit)
    let pulled = try algebra.product(columns, block)
    return zip(columns.values, pulled.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// W − W[g] S[g,g]⁻¹ S[g,:] and S − S[:,g] S[g,g]⁻¹ S[g,:].
  private mutating func eliminate(_ unit: Int, algebra: LinearAlgebra) throws {
    let block = try algebra.dampedInverse(of: block(unit), ridge: 1e-9)
    let size = inverse.columns
    let rows = try Matrix(
      rows: width, columns: size,
      values: Array(inverse.values[unit * width * size..<(unit + 1) * width * size]))
    let pulled = try algebra.product(block, rows)
    try algebra.addProduct(columns(unit), pulled, times: -1, to: &weights)
    try algebra.addProduct(rows, transposingA: true, pulled, times: -1, to: &inverse)
    // What has gone keeps a one, so that no later block is singular.
    for row in unit * width..<(unit + 1) * width {
      for column in 0..<size {
        inverse[row, column] = row == column ? 1 : 0
        inverse[column, row] = row == column ? 1 : 0
      }
    }
  }
}
