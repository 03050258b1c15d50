import StrategyKit

/// Filters U∗V fitted to a layer's outputs: min E|W x − C x|², C = U∗V, by solving for U with V held
/// and then for each unit's V with the rest held. Both are linear least squares with the second
/// moment of the layer's inputs, so that the error never rises. It may end in a local minimum.
///
/// V sees a window of the layer's patch, the same one at each of several places (`shifts`), and U has
/// a weight for each place: 9 places of 3×3 in 5×5, or the columns of a patch.
struct FilterFit {
  /// V: width by window.
  private(set) var first: Matrix
  /// U: outputs by (width · places).
  private(set) var second: Matrix
  private let target: Matrix
  private let moment: Matrix
  private let shifts: [[Int]]
  private let algebra: LinearAlgebra

  private static let leastGain = 1e-3

  /// - Parameters:
  ///   - shifts: for every place the positions of its window in the patch.
  ///   - first: V to start from.
  init(_ layer: LinearLayer, shifts: [[Int]], first: Matrix, algebra: LinearAlgebra) throws {
    self.shifts = shifts
    self.first = first
    self.algebra = algebra
    target = layer.weights
    moment = layer.moment.matrix
    second = Matrix(rows: target.rows, columns: first.rows * shifts.count)
    try solveSecond()
  }

  /// Improves the filters until it no longer pays.
  mutating func sweep(atMost sweeps: Int) throws {
    var error = try error()
    for _ in 0..<sweeps {
      try solveFirst()
      try solveSecond()
      let now = try self.error()
      guard now < error * (1 - Self.leastGain) else { return }
      error = now
    }
  }

  /// C as the weights of one layer.
  func composed() throws -> Matrix { try algebra.product(second, placements) }

  /// E|W x − C x|².
  func error() throws -> Double {
    let residual = try residual()
    let weighted = try algebra.product(residual, moment)
    return zip(residual.values, weighted.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Every middle unit's placements as filters of the layer's size: (unit, place) by patch.
  private var placements: Matrix {
    var placements = Matrix(rows: first.rows * shifts.count, columns: target.columns)
    for unit in 0..<first.rows {
      for (shift, positions) in shifts.enumerated() {
        for (index, position) in positions.enumerated() {
          placements[unit * shifts.count + shift, position] = first[unit, index]
        }
      }
    }
    return placements
  }

  /// W − C.
  private func residual() throws -> Matrix {
    var residual = try composed()
    for index in residual.values.indices {
      residual.values[index] = target.values[index] - residual.values[index]
    }
    return residual
  }

  /// The best U for this V: W M Tᵀ (T M Tᵀ)⁻¹ with T the placements.
  private mutating func solveSecond() throws {
    let placements = placements
    let weighted = try algebra.product(placements, moment)
    let normal = try inverse(algebra.product(weighted, placements, transposingB: true))
    let right = try algebra.product(target, weighted, transposingB: true)
    second = try algebra.product(right, normal)
  }

  /// The best V of one unit after the other for this U.
  private mutating func solveFirst() throws {
    var residual = try residual()
    for unit in 0..<first.rows {
      add(unit, times: 1, to: &residual)
      try solve(unit, residual)
      add(unit, times: -1, to: &residual)
    }
  }

  private func add(_ unit: Int, times sign: Double, to residual: inout Matrix) {
    for output in 0..<target.rows {
      for (shift, positions) in shifts.enumerated() {
        let factor = sign * second[output, unit * shifts.count + shift]
        for (index, position) in positions.enumerated() {
          residual[output, position] += factor * first[unit, index]
        }
      }
    }
  }

  private mutating func solve(_ unit: Int, _ residual: Matrix) throws {
    var filters = Matrix(rows: target.rows, columns: shifts.count)
    for output in 0..<target.rows {
      for shift in shifts.indices {
        filters[output, shift] = second[output, unit * shifts.count + shift]
      }
    }
    let overlap = try algebra.product(filters, transposingA: true, filters)
    let pulled = try algebra.product(
      algebra.product(filters, transposingA: true, residual), moment)
    var normal = Matrix(rows: first.columns, columns: first.columns)
    var right = Matrix(rows: first.columns, columns: 1)
    for (shift, rows) in shifts.enumerated() {
      for (index, row) in rows.enumerated() {
        right[index, 0] += pulled[shift, row]
        for (other, columns) in shifts.enumerated() {
          let factor = overlap[shift, other]
          for (place, column) in columns.enumerated() {
            normal[index, place] += factor * moment[row, column]
          }
        }
      }
    }
    let solution = try algebra.product(inverse(normal), right)
    for index in 0..<first.columns { first[unit, index] = solution[index, 0] }
  }

  /// The inverse of a sum of squares, which is singular where a unit does nothing.
  private func inverse(_ normal: Matrix) throws -> Matrix {
    try algebra.dampedInverse(of: normal, ridge: 1e-9)
  }
}
