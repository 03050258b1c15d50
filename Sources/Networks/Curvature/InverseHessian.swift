import COpenBLAS
import Numerics

/// The inverse of the damped Gauss–Newton matrix over some of the parameters.
package struct InverseHessian: Sendable {
  /// Places in the flat parameter vector of the rows and columns.
  package let parameters: [Int]
  /// parameters.count² values, symmetric.
  package let values: [Double]
  /// The damping that gave a finite inverse: at least what was asked for.
  package let usedDamping: Double
}

/// An inverse Hessian that cannot be had.
package enum InverseHessianError: Error, Equatable, CustomStringConvertible {
  case damping(Double)
  case tooLarge(parameters: Int, bytes: Int, limit: Int)
  case noCurvature
  case notFinite(damping: Double)

  package var description: String {
    switch self {
    case .damping(let value):
      "the damping of the inverse Hessian must be finite and above 0, not \(value)"
    case .tooLarge(let parameters, let bytes, let limit):
      "the inverse Hessian of \(parameters) live parameters takes \(bytes >> 20) MiB where "
        + "\(limit >> 20) MiB are allowed; prune the network first, or use a layer-wise strategy"
    case .noCurvature:
      "the Gauss–Newton matrix is zero or not finite: no parameter moves any output"
    case .notFinite(let damping):
      "the inverse Hessian is not finite even with a damping of \(damping)"
    }
  }
}

extension PreciseCurvature {
  /// (G + damping · mean(diag G) · I)⁻¹, where G is the Gauss–Newton matrix over `parameters`.
  ///
  /// Hassibi & Stork 1993: from H₀⁻¹ = I / (damping · mean diag G), every sample and output updates
  /// H⁻¹ ← H⁻¹ − H⁻¹ X Xᵀ H⁻¹ / (P + Xᵀ H⁻¹ X). Blocks of rows are taken in at once, which is the
  /// same algebra (Woodbury): H⁻¹ ← H⁻¹ − H⁻¹ Uᵀ (P I + U H⁻¹ Uᵀ)⁻¹ U H⁻¹. An inverse that is not
  /// finite or not positive on the diagonal is built again with ten times the damping, up to 1.
  package func inverseHessian(
    over parameters: [Int], damping: Double, memoryLimit: Int
  ) throws(InverseHessianError) -> InverseHessian {
    guard damping > 0, damping.isFinite else { throw .damping(damping) }
    let count = parameters.count
    let bytes = count.multipliedReportingOverflow(by: count * MemoryLayout<Double>.stride)
    guard !bytes.overflow, bytes.partialValue <= memoryLimit, count <= Int(Int32.max) else {
      throw .tooLarge(
        parameters: count, bytes: bytes.overflow ? .max : bytes.partialValue, limit: memoryLimit)
    }
    guard count > 0 else { return InverseHessian(parameters: [], values: [], usedDamping: damping) }
    let diagonal = gaussNewtonDiagonal()
    let mean = parameters.reduce(0) { $0 + diagonal[$1] } / Double(count)
    guard mean > 0, mean.isFinite else { throw .noCurvature }
    var used = damping
    while true {
      if let values = invert(over: parameters, ridge: used * mean) {
        return InverseHessian(parameters: parameters, values: values, usedDamping: used)
      }
      guard used < 1 else { throw .notFinite(damping: used) }
      // Damping below the last digit of the mean curvature is none: start from that digit.
      used = max(used, Double.ulpOfOne / 10) * 10
    }
  }

  /// The recursion from I / `ridge`, or nil where it left the positive finite matrices.
  private func invert(over parameters: [Int], ridge: Double) -> [Double]? {
    var recursion = OuterProductRecursion(
      side: parameters.count, start: 1 / ridge, weight: Double(samples.count))
    forEachFactorRow { row in recursion.add(parameters.map { row[$0] }) }
    return recursion.result()
  }
}

/// The recursion of outer products on a symmetric matrix, rows gathered into blocks.
private struct OuterProductRecursion {
  private let side: Int
  private let weight: Double
  /// The inverse; the upper triangle holds.
  private var inverse: [Double]
  private var rows: [Double] = []
  private var held = 0
  private var failed = false
  /// Rows taken in at once: enough for matrix products to run at full speed.
  private static let block = 128

  init(side: Int, start: Double, weight: Double) {
    self.side = side
    self.weight = weight
    inverse = Matrix(identity: side, times: start).values
    rows.reserveCapacity(Self.block * side)
  }

  mutating func add(_ row: [Double]) {
    rows += row
    held += 1
    if held == Self.block { takeIn() }
  }

  /// The inverse with both triangles, or nil.
  mutating func result() -> [Double]? {
    takeIn()
    guard !failed else { return nil }
    for row in 0..<side {
      guard inverse[row * side + row] > 0 else { return nil }
      for column in row..<side {
        let value = inverse[row * side + column]
        guard value.isFinite else { return nil }
        inverse[column * side + row] = value
      }
    }
    return inverse
  }

  private mutating func takeIn() {
    defer {
      rows.removeAll(keepingCapacity: true)
      held = 0
    }
    guard held > 0, !failed else { return }
    let (n, k) = (Int32(side), Int32(held))
    // T = U H⁻¹ and M = P I + T Uᵀ = L Lᵀ.
    var product = [Double](repeating: 0, count: held * side)
    cblas_dsymm(
      CblasRowMajor, CblasRight, CblasUpper, k, n, 1, inverse, n, rows, n, 0, &product, n)
    var middle = Matrix(identity: held, times: weight).values
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, k, k, n, 1, product, n, rows, n, 1, &middle, k)
    var order = k
    var status: Int32 = 0
    // Column-major upper is row-major lower.
    dpotrf_("U", &order, &middle, &order, &status)
    guard status == 0 else {
      failed = true
      return
    }
    // Z = L⁻¹ T, so that Zᵀ Z is what H⁻¹ loses.
    cblas_dtrsm(
      CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, k, n, 1, middle, k,
      &product, n)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, n, k, -1, product, n, 1, &inverse, n)
  }
}
