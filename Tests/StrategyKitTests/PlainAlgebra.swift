import CWorkbench

/// Linear algebra in loops, as the fake host's and as what the tests compare with.
enum PlainAlgebra {
  static func product(_ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for row in 0..<m {
      for inner in 0..<k {
        for column in 0..<n { c[row * n + column] += a[row * k + inner] * b[inner * n + column] }
      }
    }
    return c
  }

  static func transposed(_ a: [Double], _ m: Int, _ n: Int) -> [Double] {
    (0..<n * m).map { a[$0 % m * n + $0 / m] }
  }

  /// By elimination with the diagonal as pivots; nil unless all are positive.
  static func inverse(_ a: [Double], _ n: Int) -> [Double]? {
    var a = a
    for pivot in 0..<n {
      let value = a[pivot * n + pivot]
      guard value > 0, value.isFinite else { return nil }
      for column in 0..<n { a[pivot * n + column] /= value }
      a[pivot * n + pivot] = 1 / value
      for row in 0..<n where row != pivot {
        let factor = a[row * n + pivot]
        a[row * n + pivot] = 0
        for column in 0..<n { a[row * n + column] -= factor * a[pivot * n + column] }
      }
    }
    return a
  }

  /// By one-sided Jacobi rotations: a (m x n) = u (m x r) diag(s) vt (r x n).
  static func singularValues(_ a: [Double], _ m: Int, _ n: Int) -> (
    u: [Double], s: [Double], vt: [Double]
  ) {
    if m < n {
      let flipped = singularValues(transposed(a, m, n), n, m)
      return (transposed(flipped.vt, m, m), flipped.s, transposed(flipped.u, n, m))
    }
    var columns = (0..<n).map { column in (0..<m).map { a[$0 * n + column] } }
    var v = (0..<n).map { column in (0..<n).map { $0 == column ? 1.0 : 0 } }
    for _ in 0..<60 {
      var largest = 0.0
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) {
          let (alpha, beta) = (dot(columns[p], columns[p]), dot(columns[q], columns[q]))
          let gamma = dot(columns[p], columns[q])
          guard abs(gamma) > 1e-15 * (alpha * beta).squareRoot(), gamma != 0 else { continue }
          largest = max(largest, abs(gamma) / (alpha * beta).squareRoot())
          let zeta = (beta - alpha) / (2 * gamma)
          let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
          let c = 1 / (1 + t * t).squareRoot()
          rotate(&columns, p, q, c, c * t)
          rotate(&v, p, q, c, c * t)
        }
      }
      if largest < 1e-14 { break }
    }
    let lengths = columns.map { dot($0, $0).squareRoot() }
    let order = lengths.indices.sorted { lengths[$0] > lengths[$1] }
    var u = [Double](repeating: 0, count: m * n)
    for (place, column) in order.enumerated() where lengths[column] > 0 {
      for row in 0..<m { u[row * n + place] = columns[column][row] / lengths[column] }
    }
    return (u, order.map { lengths[$0] }, order.flatMap { v[$0] })
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func rotate(_ a: inout [[Double]], _ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    for index in a[p].indices {
      let (x, y) = (a[p][index], a[q][index])
      a[p][index] = c * x - s * y
      a[q][index] = s * x + c * y
    }
  }
}

private func doubles(_ pointer: UnsafePointer<Double>, _ count: UInt64) -> [Double] {
  Array(UnsafeBufferPointer(start: pointer, count: Int(count)))
}

/// The functions above behind the C table; never freed, like any host's.
nonisolated(unsafe) let plainAlgebraTable: UnsafePointer<wb_linear_algebra> = {
  let table = UnsafeMutablePointer<wb_linear_algebra>.allocate(capacity: 1)
  table.initialize(
    to: wb_linear_algebra(
      struct_size: MemoryLayout<wb_linear_algebra>.size,
      multiply: { flipA, flipB, m, n, k, alpha, a, b, beta, c in
        let left = doubles(a, m * k)
        let right = doubles(b, k * n)
        let product = PlainAlgebra.product(
          flipA == 0 ? left : PlainAlgebra.transposed(left, Int(k), Int(m)),
          flipB == 0 ? right : PlainAlgebra.transposed(right, Int(n), Int(k)), Int(m), Int(k),
          Int(n))
        for index in product.indices { c[index] = alpha * product[index] + beta * c[index] }
        return WB_OK
      },
      rank_one: { n, alpha, x, a, stride in
        for row in 0..<Int(n) {
          for column in 0..<Int(n) { a[row * Int(stride) + column] += alpha * x[row] * x[column] }
        }
        return WB_OK
      },
      invert: { n, a in
        guard let inverse = PlainAlgebra.inverse(doubles(a, n * n), Int(n)) else {
          return WB_FAILED
        }
        for (index, value) in inverse.enumerated() { a[index] = value }
        return WB_OK
      },
      svd: { m, n, a, u, s, vt in
        let parts = PlainAlgebra.singularValues(doubles(a, m * n), Int(m), Int(n))
        for (index, value) in parts.u.enumerated() { u[index] = value }
        for (index, value) in parts.s.enumerated() { s[index] = value }
        for (index, value) in parts.vt.enumerated() { vt[index] = value }
        return WB_OK
      },
      least_squares: { m, n, k, a, b, x in
        let left = doubles(a, m * n)
        let flipped = PlainAlgebra.transposed(left, Int(m), Int(n))
        let normal = PlainAlgebra.product(flipped, left, Int(n), Int(m), Int(n))
        guard let inverse = PlainAlgebra.inverse(normal, Int(n)) else { return WB_FAILED }
        let right = PlainAlgebra.product(flipped, doubles(b, m * k), Int(n), Int(m), Int(k))
        let solution = PlainAlgebra.product(inverse, right, Int(n), Int(n), Int(k))
        for (index, value) in solution.enumerated() { x[index] = value }
        return WB_OK
      }))
  return UnsafePointer(table)
}()
