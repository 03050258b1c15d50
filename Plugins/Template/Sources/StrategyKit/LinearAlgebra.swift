/// The host's double-precision algebra, so that a strategy need not bring its own.
public struct LinearAlgebra {
  private let table: UnsafePointer<wb_linear_algebra>

  package init(_ table: UnsafePointer<wb_linear_algebra>) { self.table = table }

  /// The product of two matrices, each transposed where asked.
  ///
  /// - Parameters:
  ///   - a: the left matrix.
  ///   - transposingA: whether its transpose is meant.
  ///   - b: the right matrix.
  ///   - transposingB: whether its transpose is meant.
  /// - Returns: op(a) op(b).
  /// - Throws: ``StrategyError`` when the inner sizes differ.
  public func product(
    _ a: Matrix, transposingA: Bool = false, _ b: Matrix, transposingB: Bool = false
  ) throws -> Matrix {
    var result = Matrix(
      rows: transposingA ? a.columns : a.rows, columns: transposingB ? b.rows : b.columns)
    try addProduct(
      a, transposingA: transposingA, b, transposingB: transposingB, times: 1, to: &result)
    return result
  }

  /// Adds factor · op(a) op(b) to a matrix, each of the two transposed where asked.
  ///
  /// - Parameters:
  ///   - a: the left matrix.
  ///   - transposingA: whether its transpose is meant.
  ///   - b: the right matrix.
  ///   - transposingB: whether its transpose is meant.
  ///   - factor: what the product is multiplied by.
  ///   - matrix: the matrix, as large as the product.
  /// - Throws: ``StrategyError`` when the sizes do not fit.
  public func addProduct(
    _ a: Matrix, transposingA: Bool = false, _ b: Matrix, transposingB: Bool = false,
    times factor: Double, to matrix: inout Matrix
  ) throws {
    let (rows, inner) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (other, columns) = transposingB ? (b.columns, b.rows) : (b.rows, b.columns)
    guard inner == other else {
      throw StrategyError("a product needs equal inner sizes, not \(inner) and \(other)")
    }
    guard matrix.rows == rows, matrix.columns == columns else {
      throw StrategyError(
        "a product of \(rows) by \(columns) does not fit a matrix of \(matrix.rows) by "
          + "\(matrix.columns)")
    }
    guard rows > 0, columns > 0, inner > 0 else { return }
    let status = a.values.withUnsafeBufferPointer { left in
      b.values.withUnsafeBufferPointer { right in
        matrix.values.withUnsafeMutableBufferPointer { out in
          withBases(left.baseAddress, right.baseAddress, out.baseAddress) {
            table.pointee.multiply(
              transposingA ? 1 : 0, transposingB ? 1 : 0, UInt64(rows), UInt64(columns),
              UInt64(inner), factor, $0, $1, 1, $2)
          }
        }
      }
    }
    try check(status, "product of \(rows) by \(inner) and \(inner) by \(columns)")
  }

  /// Adds a weighted sum of a matrix's first rows to a row.
  ///
  /// - Parameters:
  ///   - weights: one for each of the first rows, as many as there are.
  ///   - matrix: has at least so many rows.
  ///   - row: as long as the matrix's rows.
  /// - Throws: ``StrategyError`` when the sizes do not fit.
  public func addRows(
    of matrix: Matrix, weightedBy weights: [Double], to row: inout [Double]
  ) throws {
    guard weights.count <= matrix.rows, row.count == matrix.columns else {
      throw StrategyError(
        "\(weights.count) weights and a row of \(row.count) do not fit a matrix of \(matrix.rows) "
          + "by \(matrix.columns)")
    }
    guard !weights.isEmpty, !row.isEmpty else { return }
    let status = weights.withUnsafeBufferPointer { weights in
      matrix.values.withUnsafeBufferPointer { values in
        row.withUnsafeMutableBufferPointer { row in
          withBases(weights.baseAddress, values.baseAddress, row.baseAddress) {
            table.pointee.multiply(
              0, 0, 1, UInt64(row.count), UInt64(weights.count), 1, $0, $1, 1, $2)
          }
        }
      }
    }
    try check(status, "weighted sum of \(weights.count) rows")
  }

  /// Adds factor · x xᵀ to the leading block of a square matrix.
  ///
  /// - Parameters:
  ///   - x: the vector; its length is the size of the block.
  ///   - factor: what the outer product is multiplied by.
  ///   - matrix: the matrix, at least as large as the block.
  /// - Throws: ``StrategyError`` when the block does not fit.
  public func addOuterProduct(of x: [Double], times factor: Double, to matrix: inout Matrix) throws
  {
    guard x.count <= matrix.rows, x.count <= matrix.columns else {
      throw StrategyError(
        "a block of \(x.count) does not fit a matrix of \(matrix.rows) by \(matrix.columns)")
    }
    guard !x.isEmpty else { return }
    let stride = UInt64(matrix.columns)
    let status = x.withUnsafeBufferPointer { vector in
      matrix.values.withUnsafeMutableBufferPointer { out in
        withBases(vector.baseAddress, vector.baseAddress, out.baseAddress) { vector, _, out in
          table.pointee.rank_one(UInt64(x.count), factor, vector, out, stride)
        }
      }
    }
    try check(status, "outer product of \(x.count)")
  }

  /// Inverts a symmetric positive definite matrix in place.
  ///
  /// - Parameter matrix: becomes its inverse.
  /// - Throws: ``StrategyError`` when it is not square, ``HostError`` when it has no inverse.
  public func invert(_ matrix: inout Matrix) throws {
    guard matrix.rows == matrix.columns else {
      throw StrategyError("\(matrix.rows) by \(matrix.columns) is not square, so has no inverse")
    }
    guard matrix.rows > 0 else { return }
    let size = UInt64(matrix.rows)
    let status = matrix.values.withUnsafeMutableBufferPointer { values in
      values.baseAddress.map { table.pointee.invert(size, $0) } ?? WB_FAILED
    }
    try check(status, "inverse of a symmetric positive definite matrix of \(size)")
  }

  /// A matrix as left · diagonal(singular values) · right.
  public struct SingularValues {
    /// Orthonormal columns, rows by r.
    public let left: Matrix
    /// The singular values, largest first, r of them.
    public let values: [Double]
    /// Orthonormal rows, r by columns.
    public let right: Matrix
  }

  /// The thin singular value decomposition.
  ///
  /// - Parameter matrix: m by n.
  /// - Returns: factors with r = min(m, n).
  /// - Throws: ``HostError`` when it does not converge.
  public func singularValues(of matrix: Matrix) throws -> SingularValues {
    var work = matrix.values
    let rank = min(matrix.rows, matrix.columns)
    var left = Matrix(rows: matrix.rows, columns: rank)
    var right = Matrix(rows: rank, columns: matrix.columns)
    var values = [Double](repeating: 0, count: rank)
    guard rank > 0 else { return SingularValues(left: left, values: values, right: right) }
    let status = work.withUnsafeMutableBufferPointer { work in
      left.values.withUnsafeMutableBufferPointer { left in
        right.values.withUnsafeMutableBufferPointer { right in
          values.withUnsafeMutableBufferPointer { values -> wb_status in
            guard let work = work.baseAddress, let left = left.baseAddress,
              let right = right.baseAddress, let values = values.baseAddress
            else { return WB_FAILED }
            return table.pointee.svd(
              UInt64(matrix.rows), UInt64(matrix.columns), work, left, values, right)
          }
        }
      }
    }
    try check(status, "singular values of \(matrix.rows) by \(matrix.columns)")
    return SingularValues(left: left, values: values, right: right)
  }

  /// The x that minimises |a x − b|, of least norm where several do.
  ///
  /// - Parameters:
  ///   - a: m by n.
  ///   - b: m by k.
  /// - Returns: n by k.
  /// - Throws: ``StrategyError`` when the heights differ, ``HostError`` when there is no result.
  public func leastSquares(_ a: Matrix, _ b: Matrix) throws -> Matrix {
    guard a.rows == b.rows else {
      throw StrategyError("least squares needs equal heights, not \(a.rows) and \(b.rows)")
    }
    var result = Matrix(rows: a.columns, columns: b.columns)
    guard a.rows > 0, a.columns > 0, b.columns > 0 else { return result }
    let status = a.values.withUnsafeBufferPointer { left in
      b.values.withUnsafeBufferPointer { right in
        result.values.withUnsafeMutableBufferPointer { out in
          withBases(left.baseAddress, right.baseAddress, out.baseAddress) {
            table.pointee.least_squares(
              UInt64(a.rows), UInt64(a.columns), UInt64(b.columns), $0, $1, $2)
          }
        }
      }
    }
    try check(status, "least squares of \(a.rows) by \(a.columns)")
    return result
  }

  private func check(_ status: wb_status, _ call: String) throws {
    guard status == WB_OK else { throw HostError(call: call, status: status) }
  }

  /// Calls the body when all addresses exist, as they do for arrays that are not empty.
  private func withBases(
    _ a: UnsafePointer<Double>?, _ b: UnsafePointer<Double>?, _ c: UnsafeMutablePointer<Double>?,
    _ body: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) ->
      wb_status
  ) -> wb_status {
    guard let a, let b, let c else { return WB_FAILED }
    return body(a, b, c)
  }
}
