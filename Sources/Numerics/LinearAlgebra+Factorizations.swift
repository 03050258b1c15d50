import COpenBLAS

extension LinearAlgebra {
  /// a (m × n) = u (m × r) diag(s) vᵀ (r × n) with r = min(m, n), singular values descending; what
  /// a held is lost.
  package static func singularValues(
    m: Int, n: Int, _ a: UnsafeMutablePointer<Double>, u: UnsafeMutablePointer<Double>,
    s: UnsafeMutablePointer<Double>, vTransposed: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    // The library sees the columns of aᵀ (n × m) in these rows, and aᵀ = v s uᵀ.
    var (rows, columns) = (try side(n), try side(m))
    guard m > 0, n > 0 else { return }
    try requireFinite(a, m * n)
    var rank = min(rows, columns)
    var integers = [Int32](repeating: 0, count: 8 * Int(rank))
    var status: Int32 = 0
    try withWorkspace(sides: [m, n]) { work, size in
      dgesdd_(
        "S", &rows, &columns, a, &rows, s, vTransposed, &rows, u, &rank, work, &size, &integers,
        &status)
    }
    guard status == 0 else { throw .notConverged }
  }

  /// x (n × k) minimises |a x − b| column by column, a (m × n), b (m × k); the shortest such x
  /// where a is rank-deficient (singular values below max(m, n) · 2⁻⁵² of the largest count as 0).
  package static func leastSquares(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into x: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    var (rows, columns, sides) = (try side(m), try side(n), try side(k))
    guard n > 0, k > 0 else { return }
    guard m > 0 else { return x.update(repeating: 0, count: n * k) }
    try requireFinite(a, m * n)
    try requireFinite(b, m * k)
    var factors = columnMajor(a, rows: m, columns: n, leading: m)
    var leading = max(rows, columns)
    var solution = columnMajor(b, rows: m, columns: k, leading: Int(leading))
    var singular = [Double](repeating: 0, count: min(m, n))
    var threshold = Double(leading) * Double.ulpOfOne
    var rank: Int32 = 0
    var status: Int32 = 0
    // The library states the integer workspace beside the other one; 1 entry takes the answer.
    var integers: [Int32] = [0]
    try withWorkspace(sides: [m, n, k]) { work, size in
      dgelsd_(
        &rows, &columns, &sides, &factors, &rows, &solution, &leading, &singular, &threshold,
        &rank, work, &size, &integers, &status)
      if size == -1 { integers = [Int32](repeating: 0, count: max(1, Int(integers[0]))) }
    }
    guard status == 0 else { throw .notConverged }
    for row in 0..<n {
      for column in 0..<k { x[row * k + column] = solution[column * Int(leading) + row] }
    }
  }

  /// Calls `body` twice as LAPACK wants it: first with size −1 to learn the size of the workspace,
  /// then with one.
  private static func withWorkspace(
    sides: [Int], _ body: (UnsafeMutablePointer<Double>, inout Int32) -> Void
  ) throws(LinearAlgebraError) {
    var size: Int32 = -1
    var answer = 0.0
    body(&answer, &size)
    guard let needed = Int32(exactly: answer.rounded(.up)), needed >= 0 else {
      throw .tooLarge(sides: sides)
    }
    size = max(1, needed)
    let work = UnsafeMutablePointer<Double>.allocate(capacity: Int(size))
    defer { work.deallocate() }
    body(work, &size)
  }

  private static func requireFinite(
    _ values: UnsafePointer<Double>, _ count: Int
  ) throws(LinearAlgebraError) {
    for index in 0..<count where !values[index].isFinite { throw .notFinite }
  }

  private static func columnMajor(
    _ values: UnsafePointer<Double>, rows: Int, columns: Int, leading: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: leading * columns)
    for row in 0..<rows {
      for column in 0..<columns { result[column * leading + row] = values[row * columns + column] }
    }
    return result
  }
}
