import StrategyKit

extension LinearAlgebra {
  /// The inverse of a symmetric matrix that is positive definite but for rounding: its diagonal is
  /// raised by a share of its mean, ten times as much each time that it has no inverse.
  ///
  /// - Parameter ridge: the first share.
  /// - Throws: `HostError` when all of the mean is not enough.
  func dampedInverse(of matrix: Matrix, ridge: Double) throws -> Matrix {
    let size = matrix.rows
    let mean = (0..<size).reduce(0) { $0 + matrix[$1, $1] } / Double(max(1, size))
    var share = ridge
    while true {
      var inverse = matrix
      for index in 0..<size { inverse[index, index] += mean > 0 ? share * mean : 1 }
      do {
        try invert(&inverse)
        return inverse
      } catch let error as HostError {
        guard mean > 0, share < 1 else { throw error }
        share *= 10
      }
    }
  }
}
