import StrategyKit

/// The least eigenvalues of many matrices Hᵀ diag(c_i) H at once, by Lanczos's recursion.
///
/// A step takes all of them further by two products of matrices. Each basis is made orthogonal to all of
/// its vectors twice, so that no eigenvalue comes again (Parlett 1998, *The Symmetric Eigenvalue Problem*,
/// §6.9 and §13).
struct LeastEigenvectors {
  /// H, a row a sample.
  private let samples: Matrix
  /// c_i in column i.
  private let factors: Matrix
  private let algebra: LinearAlgebra
  /// Matrices up to this size are solved exactly. Of larger ones the ends of the spectrum are found first:
  /// over images of digits 12 steps give four digits of the least eigenvalue.
  private static let steps = 16

  /// - Precondition: as many rows in both.
  init(samples: Matrix, factors: Matrix, algebra: LinearAlgebra) throws {
    guard samples.rows == factors.rows else {
      throw StrategyError("\(samples.rows) samples and \(factors.rows) rows of factors do not fit")
    }
    (self.samples, self.factors, self.algebra) = (samples, factors, algebra)
  }

  typealias Pair = (value: Double, vector: [Double])

  /// The least eigenvalue of each matrix and its vector of the norm 1.
  ///
  /// - Parameter random: so many values around 0, for the vectors to begin with.
  func pairs(random: (Int) -> [Double]) throws -> [Pair] {
    let (count, size) = (factors.columns, samples.columns)
    var bases = (0..<count).map { _ in KrylovBasis(start: random(size)) }
    for _ in 0..<min(size, Self.steps) where bases.contains(where: \.isOpen) {
      let newest = try Matrix(rows: count, columns: size, values: bases.flatMap(\.newest))
      let products = try times(newest)
      for index in bases.indices {
        bases[index].extend(by: Array(products.values[index * size..<(index + 1) * size]))
      }
    }
    return try bases.map { try $0.least(algebra) }
  }

  /// Each matrix times the vector in its row.
  private func times(_ vectors: Matrix) throws -> Matrix {
    var shares = try algebra.product(samples, vectors, transposingB: true)
    for index in shares.values.indices { shares.values[index] *= factors.values[index] }
    return try algebra.product(shares, transposingA: true, samples)
  }
}

/// Orthonormal vectors q_0, A q_0, … of a symmetric matrix A, and the tridiagonal matrix that A is in them.
private struct KrylovBasis {
  private var vectors: [[Double]]
  private var diagonal: [Double] = []
  private var beside: [Double] = []
  /// Whether there may be more vectors.
  private(set) var isOpen = true

  init(start: [Double]) {
    let norm = start.norm
    vectors = [norm > 0 ? start.map { $0 / norm } : start]
  }

  var newest: [Double] { vectors[vectors.count - 1] }

  /// Takes A times the newest vector.
  mutating func extend(by product: [Double]) {
    guard isOpen else { return }
    var rest = product
    diagonal.append(newest.dot(product))
    for _ in 0..<2 {
      for vector in vectors { rest.subtract(vector, times: rest.dot(vector)) }
    }
    let norm = rest.norm
    let largest = (diagonal + beside).reduce(0) { max($0, abs($1)) }
    guard norm > 1e-10 * largest, vectors.count < product.count else { return isOpen = false }
    beside.append(norm)
    vectors.append(rest.map { $0 / norm })
  }

  /// The least eigenvalue in the basis. With a shift that makes the matrix positive semidefinite its
  /// singular values are its eigenvalues.
  func least(_ algebra: LinearAlgebra) throws -> LeastEigenvectors.Pair {
    let size = diagonal.count
    var matrix = Matrix(rows: size, columns: size)
    for index in 0..<size {
      matrix[index, index] = diagonal[index]
      guard index + 1 < size else { continue }
      matrix[index, index + 1] = beside[index]
      matrix[index + 1, index] = beside[index]
    }
    let shift = (0..<size).reduce(0.0) { bound, row in
      max(bound, (0..<size).reduce(0) { $0 + abs(matrix[row, $1]) })
    }
    guard shift > 0 else { return (0, vectors[0]) }
    for index in 0..<size { matrix[index, index] += shift }
    let factors = try algebra.singularValues(of: matrix)
    var vector = [Double](repeating: 0, count: vectors[0].count)
    for index in 0..<size {
      vector.subtract(vectors[index], times: -factors.right[size - 1, index])
    }
    return (factors.values[size - 1] - shift, vector)
  }
}

extension [Double] {
  fileprivate var norm: Double { dot(self).squareRoot() }

  fileprivate func dot(_ other: [Double]) -> Double {
    var sum = 0.0
    for index in indices { sum += self[index] * other[index] }
    return sum
  }

  fileprivate mutating func subtract(_ other: [Double], times factor: Double) {
    for index in indices { self[index] -= factor * other[index] }
  }
}
