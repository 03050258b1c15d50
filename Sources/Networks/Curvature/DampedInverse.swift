import COpenBLAS
import Numerics

/// (Xᵀ X / weight + ridge · I)⁻¹ from the rows of X, one after the other.
///
/// What it costs depends on how many rows P come for n columns. Up to n of them are held, which takes
/// no more memory than the matrix. For no more than n / 2 the identity of Woodbury works on P × P:
///
///     K = X Xᵀ + weight · ridge · I = L Lᵀ,  Z = L⁻¹ X,  H⁻¹ = (I − Zᵀ Z) / ridge
///
/// in n P² + n² P operations. More rows are summed into H itself, n² P, which a Cholesky
/// factorisation inverts, n³. Neither holds more than twice the matrix.
package struct DampedInverse {
  private let side: Int
  private let ridge: Double
  private let weight: Double
  /// Rows that have not gone into the sum, one after the other.
  private var rows: [Double]
  private var held = 0
  /// The upper triangle of Σ x xᵀ, once there are more rows than columns.
  private var sum: [Double] = []
  private var failed = false

  /// - Parameters:
  ///   - side: n, the length of a row.
  ///   - ridge: above 0.
  ///   - weight: what the sum over rows is divided by.
  package init(side: Int, ridge: Double, weight: Double) {
    self.side = side
    self.ridge = ridge
    self.weight = weight
    // Growth by doubling would hold as much again.
    rows = .room(for: max(side, Self.leastBlock) * side)
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
    if sum.isEmpty, 2 * held <= side {
      guard let small = try? byWoodbury() else { return nil }
      inverse = small
    } else {
      takeIn()
      guard let large = byCholesky() else { return nil }
      inverse = large
    }
    return inverse.mirrorUpperTriangle(side: side) ? inverse : nil
  }

  private mutating func takeIn() {
    if sum.isEmpty { sum = .zeros(side * side) }
    do throws(LinearAlgebraError) {
      try LinearAlgebra.addGram(n: side, k: held, alpha: 1, rows, into: &sum)
    } catch {
      failed = true
    }
    rows.removeAll(keepingCapacity: true)
    held = 0
  }

  private mutating func byWoodbury() throws(LinearAlgebraError) -> [Double]? {
    var inverse = [Double].zeros(side * side)
    for index in 0..<side { inverse[index * side + index] = 1 / ridge }
    guard held > 0 else { return inverse }
    var kernel = [Double].zeros(held * held)
    for index in 0..<held { kernel[index * held + index] = weight * ridge }
    try LinearAlgebra.addGram(ofRows: true, n: held, k: side, alpha: 1, rows, into: &kernel)
    var order = Int32(held)
    var status: Int32 = 0
    // Row-major upper is column-major lower.
    dpotrf_("L", &order, &kernel, &order, &status)
    guard status == 0 else { return nil }
    let (side, held) = (side, held)
    rows.withUnsafeMutableBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      Self.solve(kernel, order: held, rows, side: side)
    }
    try LinearAlgebra.addGram(n: side, k: held, alpha: -1 / ridge, rows, into: &inverse)
    return inverse
  }

  /// right (order × side) becomes U⁻ᵀ · right for the upper triangle U, in panels of columns that
  /// threads share.
  private static func solve(
    _ upper: [Double], order: Int, _ right: UnsafeMutablePointer<Double>, side: Int
  ) {
    let panels = (side + 511) / 512
    upper.withUnsafeBufferPointer { upper in
      guard let upper = upper.baseAddress else { return }
      func solve(_ part: Int) {
        let first = side * part / panels
        let count = side * (part + 1) / panels - first
        cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, Int32(order),
          Int32(count), 1, upper, Int32(order), right + first, Int32(side))
      }
      guard OpenBLAS.takesThreads else { return (0..<panels).forEach(solve) }
      Team.shared.run(panels, solve)
    }
  }

  private mutating func byCholesky() -> [Double]? {
    for index in sum.indices { sum[index] /= weight }
    for index in 0..<side { sum[index * side + index] += ridge }
    var order = Int32(side)
    var status: Int32 = 0
    // Row-major upper is column-major lower.
    dpotrf_("L", &order, &sum, &order, &status)
    guard status == 0, !failed else { return nil }
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
