import CWorkbench
import Numerics
package import StrategyKit

/// The host's algebra as the C table `wb.linear-algebra/1`; one for the process, never freed.
struct LinearAlgebraTable: @unchecked Sendable {
  /// Where the table lies. It is written once, before anyone knows of it.
  let address: UnsafeRawPointer

  static let shared = LinearAlgebraTable()

  private init() {
    let table = UnsafeMutablePointer<wb_linear_algebra>.allocate(capacity: 1)
    table.initialize(
      to: wb_linear_algebra(
        struct_size: MemoryLayout<wb_linear_algebra>.size,
        multiply: { transposeA, transposeB, m, n, k, alpha, a, b, beta, c in
          answer([m, n, k], [a, b, UnsafePointer(c)]) { () throws(LinearAlgebraError) in
            try LinearAlgebra.multiply(
              transposeA: transposeA != 0, transposeB: transposeB != 0, m: Int(m), n: Int(n),
              k: Int(k), alpha: alpha, a, b, beta: beta, into: c)
          }
        },
        rank_one: { n, alpha, x, a, stride in
          answer([n, stride], [x, UnsafePointer(a)]) { () throws(LinearAlgebraError) in
            try LinearAlgebra.rankOne(n: Int(n), alpha: alpha, x, into: a, stride: Int(stride))
          }
        },
        invert: { n, a in
          answer([n], [a]) { () throws(LinearAlgebraError) in
            try LinearAlgebra.invertPositiveDefinite(n: Int(n), a)
          }
        },
        svd: { m, n, a, u, s, vTransposed in
          answer([m, n], [a, u, s, vTransposed]) { () throws(LinearAlgebraError) in
            try LinearAlgebra.singularValues(
              m: Int(m), n: Int(n), a, u: u, s: s, vTransposed: vTransposed)
          }
        },
        least_squares: { m, n, k, a, b, x in
          answer([m, n, k], [a, b, UnsafePointer(x)]) { () throws(LinearAlgebraError) in
            try LinearAlgebra.leastSquares(m: Int(m), n: Int(n), k: Int(k), a, b, into: x)
          }
        }))
    address = UnsafeRawPointer(table)
  }
}

/// Does the work when the sides are ones the library can hold and no address is null.
private func answer(
  _ sides: [UInt64], _ addresses: [UnsafeRawPointer],
  _ work: () throws(LinearAlgebraError) -> Void
) -> wb_status {
  guard sides.allSatisfy({ $0 <= UInt64(Int32.max) }), !addresses.contains(where: isNull) else {
    return WB_FAILED
  }
  do throws(LinearAlgebraError) {
    try work()
    return WB_OK
  } catch {
    return WB_FAILED
  }
}

extension StrategyKit.LinearAlgebra {
  /// The host's algebra as strategies get it, for who works with them outside of a call.
  package static var host: StrategyKit.LinearAlgebra {
    StrategyKit.LinearAlgebra(
      LinearAlgebraTable.shared.address.assumingMemoryBound(to: wb_linear_algebra.self))
  }
}
