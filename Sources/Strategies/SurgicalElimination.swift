import StrategyKit

/// The step that Optimal Brain Surgeon repeats: remove the weight whose loss costs least once all
/// others have made up for it, and leave the inverse of what remains.
///
///     q   = argmin w_q² / (2 [H⁻¹]_qq), ties by position
///     w   ← w − (w_q / [H⁻¹]_qq) H⁻¹ e_q
///     H⁻¹ ← H⁻¹ − u uᵀ,  u = H⁻¹ e_q / √[H⁻¹]_qq
///
/// A step needs the diagonal and one column of the inverse. So the diagonal is kept up to date, and
/// the vectors u are collected: a column is that of the last full inverse less what they take from
/// it. A full batch of them goes into the inverse as one product of matrices, which a processor does
/// many times faster than as many outer products. Removed rows and columns stay until they are an
/// eighth of the matrix, and are then squeezed out in place.
struct SurgicalElimination {
  /// A removed weight and the loss that its removal is expected to cost.
  struct Removal {
    /// Its position in the vector that the elimination started from.
    var position: Int
    /// In units of the quadratic form's H; never negative for a positive definite H.
    var loss: Double
  }

  /// Vectors that are collected before they go into the inverse.
  private static let batch = 64

  /// H⁻¹ without the collected vectors.
  private var inverse: Matrix
  /// The collected vectors u, one a row; 0 for removed weights.
  private var collected: Matrix
  private var collectedCount = 0
  /// The diagonal of H⁻¹, up to date.
  private var diagonal: [Double]
  private var weights: [Double]
  private var positions: [Int]
  /// Whether a row may be removed: false for parameters that are only adjusted, and removed rows.
  private var isCandidate: [Bool]
  private var isLive: [Bool]
  private var liveCount: Int
  private let algebra: LinearAlgebra

  /// Starts from all weights of a quadratic form.
  ///
  /// - Parameters:
  ///   - inverse: H⁻¹; changed in place when it is held here alone, and otherwise copied.
  ///   - weights: one a row.
  ///   - isCandidate: whether a row may be removed; the others are only adjusted.
  ///   - algebra: the host's.
  init(inverse: consuming Matrix, weights: [Double], isCandidate: [Bool], algebra: LinearAlgebra) {
    diagonal = weights.indices.map { inverse[$0, $0] }
    self.inverse = inverse
    self.weights = weights
    self.isCandidate = isCandidate
    self.algebra = algebra
    collected = Matrix(rows: SurgicalElimination.batch, columns: weights.count)
    positions = Array(weights.indices)
    isLive = [Bool](repeating: true, count: weights.count)
    liveCount = weights.count
  }

  /// The weights that remain, with their positions in the vector the elimination started from.
  var survivors: [(position: Int, weight: Double)] {
    positions.indices.filter { isLive[$0] }.map { (positions[$0], weights[$0]) }
  }

  /// Removes the cheapest candidate and lets the others make up for it.
  ///
  /// - Returns: what was removed; nil when no candidate is left.
  /// - Throws: `StrategyError` when the inverse is no longer finite and positive.
  mutating func removeCheapest() throws -> Removal? {
    guard let (row, loss) = try cheapest() else { return nil }
    let removal = Removal(position: positions[row], loss: loss)
    eliminate(row)
    if collectedCount == SurgicalElimination.batch { try takeIn() }
    return removal
  }

  private func cheapest() throws -> (row: Int, loss: Double)? {
    var best: (row: Int, loss: Double)?
    for row in positions.indices where isCandidate[row] {
      let pivot = diagonal[row]
      let loss = weights[row] * weights[row] / (2 * pivot)
      guard pivot > 0, loss.isFinite else {
        throw StrategyError(
          "the inverse curvature of parameter \(positions[row]) is \(pivot) and its weight "
            + "\(weights[row]), which is not positive and finite: raise the option 'damping'")
      }
      if loss < best?.loss ?? .infinity { best = (row, loss) }
    }
    return best
  }

  private mutating func eliminate(_ row: Int) {
    let size = positions.count
    var column = Array(inverse.values[row * size..<(row + 1) * size])
    subtractCollected(at: row, from: &column)
    for index in 0..<size where !isLive[index] { column[index] = 0 }
    let pivot = diagonal[row]
    let factor = weights[row] / pivot
    let root = pivot.squareRoot()
    let start = collectedCount * size
    for index in 0..<size {
      weights[index] -= factor * column[index]
      let element = column[index] / root
      diagonal[index] -= element * element
      collected.values[start + index] = element
    }
    collectedCount += 1
    weights[row] = 0
    isLive[row] = false
    isCandidate[row] = false
    liveCount -= 1
  }

  /// What the collected vectors take from a column of the inverse.
  private func subtractCollected(at row: Int, from column: inout [Double]) {
    let size = column.count
    let count = collectedCount
    collected.values.withUnsafeBufferPointer { vectors in
      column.withUnsafeMutableBufferPointer { column in
        for vector in 0..<count {
          let start = vector * size
          let factor = vectors[start + row]
          for index in 0..<size { column[index] -= factor * vectors[start + index] }
        }
      }
    }
  }

  /// Brings the inverse up to date.
  private mutating func takeIn() throws {
    if positions.count - liveCount >= positions.count / 8 { compact() }
    try algebra.addProduct(
      collected, transposingA: true, collected, times: -1, to: &inverse)
    collectedCount = 0
  }

  /// Moves the live rows and columns to the front, in order, and lets go of the others.
  private mutating func compact() {
    let rows = positions.indices.filter { isLive[$0] }
    inverse = inverse.taking(rows: rows, columns: rows)
    collected = collected.taking(rows: Array(0..<collected.rows), columns: rows)
    diagonal = rows.map { diagonal[$0] }
    positions = rows.map { positions[$0] }
    weights = rows.map { weights[$0] }
    isCandidate = rows.map { isCandidate[$0] }
    isLive = [Bool](repeating: true, count: rows.count)
  }
}
