import CKernels
import COpenBLAS

/// The linear-algebra library that factorisations go through.
package enum OpenBLAS {
  /// Keeps the library on the calling thread.
  ///
  /// Cells run beside each other in processes of their own, and one thread always adds in the same
  /// order: the same input gives the same bits.
  package static func useOneThread() { openblas_set_num_threads(1) }

  /// Whether several threads may call the library at once.
  package static var takesThreads: Bool { openblas_get_parallel() != 0 }

  /// The processor that the library's kernels are made for, in its own words: "SkylakeX".
  package static var core: String { String(cString: openblas_get_corename()) }
}

/// An operation that has no result.
package enum LinearAlgebraError: Error, Hashable, CustomStringConvertible {
  /// A side is negative or beyond what the library's 32-bit sizes and workspaces hold.
  case tooLarge(sides: [Int])
  /// A value is NaN or infinite.
  case notFinite
  /// A Cholesky factorisation met a pivot that is not positive.
  case notPositiveDefinite
  /// An iteration did not settle.
  case notConverged

  package var description: String {
    switch self {
    case .tooLarge(let sides):
      "a matrix with the sides \(sides) where sides of 0...\(Int32.max) can be computed with"
    case .notFinite: "a matrix of finite values is needed; a value is NaN or infinite"
    case .notPositiveDefinite:
      "a positive definite matrix is needed; raise the damping on its diagonal"
    case .notConverged: "the singular value iteration did not converge"
    }
  }
}

/// Double-precision algebra on row-major matrices behind raw pointers.
///
/// Every function checks its sides; the memory behind the pointers is the caller's word.
package enum LinearAlgebra {
  /// c (m × n) = `alpha` · op(a) op(b) + `beta` · c, where op transposes on request.
  ///
  /// `a` holds m × k values (k × m when transposed), `b` k × n (n × k). c overlaps neither. With
  /// `beta` 0 what c held does not matter.
  package static func multiply(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int,
    alpha: Double = 1, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, beta: Double = 0,
    into c: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    _ = (try side(m), try side(n), try side(k))
    guard m > 0, n > 0 else { return }
    share(rows: m, columns: n, inner: k) { rows, scratch in
      wbk_multiply_double(
        Int64(rows.count), Int64(n), Int64(k), alpha,
        a + (transposeA ? rows.lowerBound : rows.lowerBound * k), transposeA ? 1 : Int64(k),
        transposeA ? Int64(m) : 1, b, transposeB ? 1 : Int64(n), transposeB ? Int64(k) : 1, beta,
        nil, c + rows.lowerBound * n, Int64(n), scratch)
    }
  }

  /// The upper triangle of c (n × n) += `alpha` · aᵀ a, for a (k × n), or a aᵀ, for a (n × k); some of
  /// the lower one is overwritten.
  package static func addGram(
    ofRows: Bool = false, n: Int, k: Int, alpha: Double, _ a: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    _ = (try side(n), try side(k))
    guard n > 0, k > 0 else { return }
    let (along, across) = ofRows ? (Int64(k), Int64(1)) : (1, Int64(n))
    share(rows: n, columns: n, inner: k) { rows, scratch in
      func add(_ rows: Range<Int>, _ columns: Range<Int>) {
        wbk_multiply_double(
          Int64(rows.count), Int64(columns.count), Int64(k), alpha,
          a + rows.lowerBound * Int(along), along, across,
          a + columns.lowerBound * Int(along), across, along,
          1, nil, c + rows.lowerBound * n + columns.lowerBound, Int64(n), scratch)
      }
      // Of the square on the diagonal a quarter is left out; what lies right of it has the rows at once.
      let middle = (rows.lowerBound + rows.upperBound) / 2
      add(rows.lowerBound..<middle, rows)
      add(middle..<rows.upperBound, middle..<rows.upperBound)
      add(rows, rows.upperBound..<n)
    }
  }

  /// Calls `body` with runs of rows and memory that it may use; a large product's runs are short, and
  /// threads share them.
  private static func share(
    rows: Int, columns: Int, inner: Int,
    _ body: (Range<Int>, UnsafeMutablePointer<Double>) -> Void
  ) {
    let work = Double(rows) * Double(columns) * Double(inner)
    let parts = work < leastShared ? 1 : (rows + panel - 1) / panel
    let most = (rows + parts - 1) / parts
    Team.shared.run(parts) { part in
      withUnsafeTemporaryAllocation(
        of: Double.self, capacity: wbk_multiply_scratch(Int64(most), Int64(inner))
      ) { scratch in
        guard let scratch = scratch.baseAddress else { return }
        body(rows * part / parts..<rows * (part + 1) / parts, scratch)
      }
    }
  }

  /// Rows of a large product that one thread computes at a time.
  private static let panel = 240
  /// Multiply-adds below which a product stays whole.
  private static let leastShared = 3e7

  /// a (n × n, rows `stride` values apart) += `alpha` · x xᵀ, both triangles.
  ///
  /// The update is symmetric to the last bit, and x may lie inside a.
  package static func rankOne(
    n: Int, alpha: Double, _ x: UnsafePointer<Double>, into a: UnsafeMutablePointer<Double>,
    stride: Int
  ) throws(LinearAlgebraError) {
    let (count, leading) = (try side(n), try side(stride))
    guard leading >= count else { throw .tooLarge(sides: [n, stride]) }
    guard count > 0 else { return }
    // √|alpha| on both sides: products of two equal factors commute, alpha · xᵢ · xⱼ would not.
    let root = abs(alpha).squareRoot()
    let scaled = (0..<n).map { root * x[$0] }
    cblas_dger(CblasRowMajor, count, count, alpha < 0 ? -1 : 1, scaled, 1, scaled, 1, a, leading)
  }

  /// a (n × n, symmetric positive definite; the upper triangle is read) becomes its inverse.
  ///
  /// Where it throws, what a then holds is of no use.
  package static func invertPositiveDefinite(
    n: Int, _ a: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    var count = try side(n)
    guard n > 0 else { return }
    // Row-major upper is column-major lower.
    var status: Int32 = 0
    dpotrf_("L", &count, a, &count, &status)
    guard status == 0 else { throw .notPositiveDefinite }
    dpotri_("L", &count, a, &count, &status)
    guard status == 0 else { throw .notPositiveDefinite }
    for row in 0..<n {
      for column in row..<n {
        // The library's pivot test lets NaN through.
        guard a[row * n + column].isFinite else { throw .notFinite }
        a[column * n + row] = a[row * n + column]
      }
    }
  }

  /// The library's form of a side of a matrix.
  static func side(_ count: Int) throws(LinearAlgebraError) -> Int32 {
    guard count >= 0, let side = Int32(exactly: count) else { throw .tooLarge(sides: [count]) }
    return side
  }
}
