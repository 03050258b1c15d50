import COpenBLAS

/// (Xᵀ X / weight + ridge · I)⁻¹ from the rows of X, one after the other.
///
/// What it costs depends on how many rows P come for n columns. Up to n of them are held, which takes
/// no more memory than the matrix, and the identity of Woodbury works on P × P:
///
///     K = X Xᵀ + weight · ridge · I = L Lᵀ,  Z = L⁻¹ X,  H⁻¹ = (I − Zᵀ Z) / ridge
///
/// in n P² + n² P operations. More rows than that are summed into H itself, n² P, which a Cholesky
/// factorisation inverts, n³.
package struct DampedInverse {
  private let side: Int
  private let ridge: Double
  private let weight: Double
  /// Rows that have not gone into the sum, one after the other.
  private var rows: [Double] = []
  private var held = 0
  /// The upper triangle of Σ x xᵀ, once there are more rows than columns.
  private var sum: [Double] = []

  /// - Parameters:
  ///   - side: n, the length of a row.
  ///   - ridge: above 0.
  ///   - weight: what the sum over rows is divided by.
  package init(side: Int, ridge: Double, weight: Double) {
    self.side = side
    self.ridge = ridge
    self.weight = weight
  }

  package mutating func add(_ row: [Double]) {
    precondition(row.count == side, "a row of \(row.count) where \(side) belong")
    rows += row
    held += 1
    if held == max(side, Self.leastBlock) { takeIn() }
  }

  /// Rows summed at once at least: enough for a product of matrices to run at full speed.
  private static let leastBlock = 128

  /// The inverse with both triangles, or nil where it is not positive and finite.
  package consuming func result() -> [Double]? {
    guard side > 0 else { return [] }
    var inverse: [Double]
    if sum.isEmpty {
      guard let small = byWoodbury() else { return nil }
      inverse = small
    } else {
      takeIn()
      guard let large = byCholesky() else { return nil }
      inverse = large
    }
    return inverse.mirrorUpperTriangle(side: side) ? inverse : nil
  }

  private mutating func takeIn() {
    if sum.isEmpty { sum = [Double](repeating: 0, count: side * side) }
    let (n, k) = (Int32(side), Int32(held))
    if held > 0 {
      cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, k, 1, rows, n, 1, &sum, n)
    }
    rows.removeAll(keepingCapacity: true)
    held = 0
  }

  private mutating func byWoodbury() -> [Double]? {
    var inverse = [Double](repeating: 0, count: side * side)
    for index in 0..<side { inverse[index * side + index] = 1 / ridge }
    guard held > 0 else { return inverse }
    let (n, k) = (Int32(side), Int32(held))
    var kernel = [Double](repeating: 0, count: held * held)
    for index in 0..<held { kernel[index * held + index] = weight * ridge }
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, k, n, 1, rows, n, 1, &kernel, k)
    var order = k
    var status: Int32 = 0
    // Row-major lower is column-major upper.
    dpotrf_("U", &order, &kernel, &order, &status)
    guard status == 0 else { return nil }
    cblas_dtrsm(
      CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, k, n, 1, kernel, k, &rows,
      n)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, n, k, -1 / ridge, rows, n, 1, &inverse, n)
    return inverse
  }

  private mutating func byCholesky() -> [Double]? {
    for index in sum.indices { sum[index] /= weight }
    for index in 0..<side { sum[index * side + index] += ridge }
    var order = Int32(side)
    var status: Int32 = 0
    // Row-major upper is column-major lower.
    dpotrf_("L", &order, &sum, &order, &status)
    guard status == 0 else { return nil }
    dpotri_("L", &order, &sum, &order, &status)
    return status == 0 ? sum : nil
  }
}

extension [Double] {
  /// Copies the upper triangle of a matrix to the lower one, in blocks that stay near the processor.
  ///
  /// - Returns: Whether all values are finite and those of the diagonal positive.
  fileprivate mutating func mirrorUpperTriangle(side: Int) -> Bool {
    let block = 64
    return withUnsafeMutableBufferPointer { values in
      var isSound = true
      for rows in stride(from: 0, to: side, by: block) {
        for columns in stride(from: rows, to: side, by: block) {
          for row in rows..<Swift.min(rows + block, side) {
            for column in Swift.max(row, columns)..<Swift.max(row, Swift.min(columns + block, side))
            {
              let value = values[row * side + column]
              isSound = isSound && value.isFinite
              values[column * side + row] = value
            }
          }
        }
      }
      for index in 0..<side where !(values[index * side + index] > 0) { isSound = false }
      return isSound
    }
  }
}
