/// A dense matrix in double precision, row-major.
package struct Matrix: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// `rows` × `columns` values, row after row.
  package var values: [Double]

  /// - Precondition: `values` holds `rows` × `columns` values.
  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values in \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.init(
      rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
  }

  /// The identity with this many rows, times `factor`.
  package init(identity side: Int, times factor: Double = 1) {
    self.init(rows: side, columns: side)
    for index in 0..<side { self[index, index] = factor }
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  package var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// The entries on the diagonal.
  package var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The product with `other`, which has as many rows as this one has columns.
  package func multiplied(by other: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(columns == other.rows, "\(rows)×\(columns) times \(other.rows)×\(other.columns)")
    var result = Matrix(rows: rows, columns: other.columns)
    try LinearAlgebra.multiply(
      m: rows, n: other.columns, k: columns, values, other.values, into: &result.values)
    return result
  }

  /// The inverse of a symmetric positive definite matrix.
  package func invertedPositiveDefinite() throws(LinearAlgebraError) -> Matrix {
    precondition(rows == columns, "\(rows)×\(columns) is not square")
    var result = self
    try LinearAlgebra.invertPositiveDefinite(n: rows, &result.values)
    return result
  }

  /// u, the singular values in descending order, and vᵀ: this matrix = u diag(s) vᵀ.
  package func singularValues() throws(LinearAlgebraError) -> (
    u: Matrix, values: [Double], vTransposed: Matrix
  ) {
    let rank = min(rows, columns)
    var scratch = values
    var u = Matrix(rows: rows, columns: rank)
    var singular = [Double](repeating: 0, count: rank)
    var vTransposed = Matrix(rows: rank, columns: columns)
    try LinearAlgebra.singularValues(
      m: rows, n: columns, &scratch, u: &u.values, s: &singular, vTransposed: &vTransposed.values)
    return (u, singular, vTransposed)
  }

  /// The x that minimises |this · x − right|, the shortest where there are several.
  package func leastSquares(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(rows == right.rows, "\(rows) equations but \(right.rows) right sides")
    var result = Matrix(rows: columns, columns: right.columns)
    try LinearAlgebra.leastSquares(
      m: rows, n: columns, k: right.columns, values, right.values, into: &result.values)
    return result
  }
}
