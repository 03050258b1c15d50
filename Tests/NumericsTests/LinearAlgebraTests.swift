import Numerics
import Testing

@Suite struct LinearAlgebraTests {
  private func random(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
    var random = RandomStream(seed: 7, name: name)
    return Matrix(
      rows: rows, columns: columns, values: (0..<rows * columns).map { _ in random.normal() })
  }

  private func distance(_ left: Matrix, _ right: Matrix) -> Double {
    zip(left.values, right.values).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(arguments: [(1, 1, 1), (2, 3, 4), (7, 1, 5), (16, 33, 8), (3, 4, 0)])
  func productIsTheSumOfProducts(m: Int, n: Int, k: Int) throws {
    let a = random(m, k, "a")
    let b = random(k, n, "b")
    let product = try a.multiplied(by: b)
    for row in 0..<m {
      for column in 0..<n {
        let expected = (0..<k).reduce(0) { $0 + a[row, $1] * b[$1, column] }
        #expect(abs(product[row, column] - expected) < 1e-12)
      }
    }
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func transposesAndAccumulates(transposeA: Bool, transposeB: Bool) throws {
    let a = random(4, 3, "a")
    let b = random(3, 5, "b")
    let left = transposeA ? a.transposed : a
    let right = transposeB ? b.transposed : b
    let start = random(4, 5, "c")
    var c = start
    try LinearAlgebra.multiply(
      transposeA: transposeA, transposeB: transposeB, m: 4, n: 5, k: 3, alpha: 2, left.values,
      right.values, beta: -1, into: &c.values)
    let product = try a.multiplied(by: b)
    for index in c.values.indices {
      #expect(abs(c.values[index] - (2 * product.values[index] - start.values[index])) < 1e-12)
    }
  }

  @Test(arguments: [(7, 5), (300, 40), (501, 300)], [false, true])
  func gramMatricesHaveTheirUpperTriangle(size: (n: Int, k: Int), ofRows: Bool) throws {
    let a = random(size.k, size.n, "a")
    let whole = try a.transposed.multiplied(by: a)
    var c = random(size.n, size.n, "c")
    let start = c
    try LinearAlgebra.addGram(
      ofRows: ofRows, n: size.n, k: size.k, alpha: -0.5, (ofRows ? a.transposed : a).values,
      into: &c.values)
    for row in 0..<size.n {
      for column in row..<size.n {
        #expect(abs(c[row, column] - (start[row, column] - 0.5 * whole[row, column])) < 1e-11)
      }
    }
  }

  @Test func threadsDoNotChangeTheBitsOfALargeProduct() throws {
    let (a, b) = (random(520, 300, "a"), random(300, 400, "b"))
    let alone = try a.multiplied(by: b)
    Team.use(threads: 3)
    defer { Team.use(threads: 1) }
    #expect(try a.multiplied(by: b) == alone)
  }

  @Test func betaZeroOverwritesWhateverWasThere() throws {
    var c = [Double.nan]
    try LinearAlgebra.multiply(m: 1, n: 1, k: 1, [3], [4], into: &c)
    #expect(c == [12])
  }

  @Test(arguments: [1.5, -0.75])
  func rankOneUpdatesBothTrianglesWithinTheStride(alpha: Double) throws {
    let x = random(1, 3, "x").values
    var a = [Double](repeating: 10, count: 3 * 5)
    try LinearAlgebra.rankOne(n: 3, alpha: alpha, x, into: &a, stride: 5)
    for row in 0..<3 {
      for column in 0..<3 {
        #expect(abs(a[row * 5 + column] - (10 + alpha * x[row] * x[column])) < 1e-14)
        #expect(a[row * 5 + column] == a[column * 5 + row])
      }
      #expect(a[row * 5 + 3] == 10 && a[row * 5 + 4] == 10)
    }
  }

  @Test func rankOneTakesARowOfItsOwnMatrix() throws {
    // The elimination step of optimal brain surgery: H⁻¹ −= column columnᵀ / pivot.
    let start = random(4, 4, "symmetric")
    var a = try start.multiplied(by: start.transposed)
    let before = a
    try a.values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      try LinearAlgebra.rankOne(n: 4, alpha: -1 / base[5], base + 4, into: base, stride: 4)
    }
    for row in 0..<4 {
      for column in 0..<4 {
        let expected = before[row, column] - before[row, 1] * before[1, column] / before[1, 1]
        #expect(abs(a[row, column] - expected) < 1e-12)
      }
    }
  }

  @Test(arguments: [1, 2, 5, 40])
  func inverseTimesMatrixIsTheIdentity(side: Int) throws {
    let factor = random(side, side + 3, "factor")
    let matrix = try factor.multiplied(by: factor.transposed)
    let inverse = try matrix.invertedPositiveDefinite()
    #expect(inverse == inverse.transposed)
    #expect(distance(try matrix.multiplied(by: inverse), Matrix(identity: side)) < 1e-9)
  }

  @Test func inverseOfAnIndefiniteMatrixIsRefused() {
    let indefinite = Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])
    #expect(throws: LinearAlgebraError.notPositiveDefinite) {
      try indefinite.invertedPositiveDefinite()
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite) {
      try Matrix(rows: 2, columns: 2).invertedPositiveDefinite()
    }
  }

  @Test(arguments: [0, 1, 3])
  func inverseOfNotANumberIsRefused(position: Int) {
    var values = [2.0, 0, 0, 2]
    values[position] = .nan
    #expect(throws: LinearAlgebraError.self) {
      try Matrix(rows: 2, columns: 2, values: values).invertedPositiveDefinite()
    }
  }

  @Test(arguments: [(1, 1), (5, 3), (3, 5), (12, 12), (1, 6), (6, 1)])
  func singularValuesReconstruct(m: Int, n: Int) throws {
    let matrix = random(m, n, "svd")
    let (u, values, vTransposed) = try matrix.singularValues()
    #expect(values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
    var scaled = u
    for row in 0..<m { for column in values.indices { scaled[row, column] *= values[column] } }
    #expect(distance(try scaled.multiplied(by: vTransposed), matrix) < 1e-12)
    let identity = Matrix(identity: values.count)
    #expect(distance(try u.transposed.multiplied(by: u), identity) < 1e-12)
    #expect(distance(try vTransposed.multiplied(by: vTransposed.transposed), identity) < 1e-12)
  }

  @Test func singularValuesOfNotANumberAreRefused() {
    let matrix = Matrix(rows: 2, columns: 2, values: [1, 2, .nan, 4])
    #expect(throws: LinearAlgebraError.notFinite) { try matrix.singularValues() }
  }

  @Test(arguments: [(6, 3), (3, 3), (3, 6)])
  func leastSquaresSolvesTheNormalEquations(m: Int, n: Int) throws {
    let a = random(m, n, "design")
    let b = random(m, 2, "right")
    let x = try a.leastSquares(b)
    var residual = try a.multiplied(by: x)
    for index in residual.values.indices { residual.values[index] -= b.values[index] }
    let normal = try a.transposed.multiplied(by: residual)
    #expect(normal.values.allSatisfy { abs($0) < 1e-11 })
  }

  @Test func leastSquaresGivesTheShortestOfManySolutions() throws {
    // x + y = 2 twice: the shortest solution is (1, 1).
    let a = Matrix(rows: 2, columns: 2, values: [1, 1, 1, 1])
    let x = try a.leastSquares(Matrix(rows: 2, columns: 1, values: [2, 2]))
    #expect(abs(x[0, 0] - 1) < 1e-12 && abs(x[1, 0] - 1) < 1e-12)
  }

  @Test func leastSquaresOfTheInfiniteIsRefused() {
    let a = Matrix(rows: 1, columns: 1, values: [1])
    let b = Matrix(rows: 1, columns: 1, values: [.infinity])
    #expect(throws: LinearAlgebraError.notFinite) { try a.leastSquares(b) }
  }

  @Test func sidesBeyondTheLibraryAreRefused() {
    let beyond = Int(Int32.max) + 1
    var value = 0.0
    for side in [beyond, -1] {
      let refusal = LinearAlgebraError.tooLarge(sides: [side])
      #expect(throws: refusal) {
        try LinearAlgebra.multiply(m: side, n: 1, k: 1, [1], [1], into: &value)
      }
      #expect(throws: refusal) { try LinearAlgebra.invertPositiveDefinite(n: side, &value) }
      #expect(throws: refusal) {
        try LinearAlgebra.rankOne(n: 1, alpha: 1, [1], into: &value, stride: side)
      }
    }
    #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.rankOne(n: 2, alpha: 1, [1, 1], into: &value, stride: 1)
    }
  }
}
