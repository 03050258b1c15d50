import StrategyKit

/// Divides each middle unit's strength between its two filters so that training is as stable as can
/// be.
///
/// With v into a unit and u out of it, the curvature of the loss in u grows with E|v x|², and that in
/// v with |u|², where the layer that they replace had λ, the largest eigenvalue of E[x xᵀ], and 1.
/// Their product does not depend on the division, so the larger is least where E|v x|² / λ = |u|².
/// For uncorrelated inputs this gives both the root of a singular value. Equal norms are not enough:
/// inputs with a mean, as images have, put most of their power into one direction, and a rate that
/// the layer bears is then too large for the factors.
///
/// - Parameters:
///   - first: width by window.
///   - second: outputs by (width · places).
///   - inputs: E[x xᵀ] of a window.
func balance(
  _ first: inout Matrix, _ second: inout Matrix, inputs: Matrix, algebra: LinearAlgebra
) throws {
  guard first.rows > 0 else { return }
  let strongest = try largestEigenvalue(of: inputs, algebra: algebra)
  guard strongest > 0 else { return }
  let places = second.columns / first.rows
  let seen = try algebra.product(first, inputs)
  for unit in 0..<first.rows {
    let into =
      (0..<first.columns).reduce(0) { $0 + first[unit, $1] * seen[unit, $1] } / strongest
    let out = (0..<second.rows * places).reduce(0) {
      let value = second[$1 / places, unit * places + $1 % places]
      return $0 + value * value
    }
    guard into > 0, out > 0 else { continue }
    let factor = (out / into).squareRoot().squareRoot()
    for column in 0..<first.columns { first[unit, column] *= factor }
    for index in 0..<second.rows * places {
      second[index / places, unit * places + index % places] /= factor
    }
  }
}

/// Of a symmetric matrix without negative eigenvalues, by the power method; a few per cent too low
/// where several are about as large.
private func largestEigenvalue(of matrix: Matrix, algebra: LinearAlgebra) throws -> Double {
  var vector = Matrix(rows: matrix.rows, columns: 1)
  for index in 0..<matrix.rows { vector[index, 0] = 1 }
  var value = 0.0
  for _ in 0..<30 {
    let next = try algebra.product(matrix, vector)
    let length = next.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { return value }
    value = length / vector.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    vector = next
    for index in vector.values.indices { vector.values[index] /= length }
  }
  return value
}
