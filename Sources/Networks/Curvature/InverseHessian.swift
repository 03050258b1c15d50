import Numerics

/// The inverse of the damped Gauss–Newton matrix over some of the parameters.
package struct InverseHessian: Sendable {
  /// Places in the flat parameter vector of the rows and columns.
  package let parameters: [Int]
  /// parameters.count² values, symmetric.
  package let values: [Double]
  /// The damping that gave a finite inverse: at least what was asked for.
  package let usedDamping: Double

  /// The bytes that are held while the inverse over `count` parameters is made and handed over: the
  /// samples' rows, the matrix, and the copy of who asked for it. `Int.max` where no number holds it.
  package static func bytes(over count: Int) -> Int {
    let (square, overflows) = count.multipliedReportingOverflow(by: count)
    return overflows || square > Int.max / 24 ? .max : 24 * square
  }
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
  /// Hassibi & Stork 1993 start from H₀⁻¹ = I / (damping · mean diag G), and every sample and output
  /// updates H⁻¹ ← H⁻¹ − H⁻¹ X Xᵀ H⁻¹ / (P + Xᵀ H⁻¹ X). ``DampedInverse`` has the same matrix at once.
  /// An inverse that is not finite or not positive on the diagonal is built again with ten times the
  /// damping, up to 1.
  package func inverseHessian(
    over parameters: [Int], damping: Double, memoryLimit: Int
  ) throws(InverseHessianError) -> InverseHessian {
    guard damping > 0, damping.isFinite else { throw .damping(damping) }
    let count = parameters.count
    let bytes = InverseHessian.bytes(over: count)
    guard bytes <= memoryLimit, count <= Int(Int32.max) else {
      throw .tooLarge(parameters: count, bytes: bytes, limit: memoryLimit)
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

  /// (G + ridge · I)⁻¹, or nil where it is not positive and finite.
  private func invert(over parameters: [Int], ridge: Double) -> [Double]? {
    var builder = DampedInverse(
      side: parameters.count, ridge: ridge, weight: Double(samples.count))
    forEachFactorRow { row in builder.add(parameters.map { row[$0] }) }
    return builder.result()
  }
}
