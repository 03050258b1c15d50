package import StrategyKit

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
/// eighth of the matrix, and are then squeezed out.
package struct SurgicalElimination {
  /// A removed weight and the loss that its removal is expected to cost.
  package struct Removal {
    /// Its position in the vector that the elimination started from.
    package var position: Int
    /// In units of the quadratic form's H; never negative for a positive definite H.
    package var loss: Double
  }

  /// Vectors that are collected before they go into the inverse.
  private static let batch = 64

  /// H⁻¹ without the collected vectors.
  private var inverse: SymmetricBands
  /// The collected vectors u, one a row; 0 for removed weights.
  private var collected: Matrix
  private var collectedCount = 0
  /// The diagonal of H⁻¹, up to date.
  private var diagonal: [Double]
  private var weights: [Double]
  private var positions: [Int]
  /// Whether a row may be removed: false for parameters that are only adjusted, and removed rows.
  private var isCandidate: [Bool]
  private var candidateCount: Int
  private var isLive: [Bool]
  private var liveCount: Int
  /// Of one removal: its column of the inverse, and the losses of all rows.
  private var column: [Double]
  private var losses: [Double]
  private let algebra: LinearAlgebra

  /// Starts from all weights of a quadratic form.
  ///
  /// - Parameters:
  ///   - inverse: H⁻¹, with both triangles.
  ///   - weights: one a row.
  ///   - isCandidate: whether a row may be removed; the others are only adjusted.
  ///   - algebra: the host's.
  package init(
    inverse: borrowing Matrix, weights: [Double], isCandidate: [Bool], algebra: LinearAlgebra
  ) {
    var diagonal = [Double](repeating: 0, count: weights.count)
    for row in weights.indices { diagonal[row] = inverse[row, row] }
    self.diagonal = diagonal
    self.inverse = SymmetricBands(inverse)
    self.weights = weights
    self.isCandidate = isCandidate
    candidateCount = isCandidate.count { $0 }
    self.algebra = algebra
    collected = Matrix(rows: SurgicalElimination.batch, columns: weights.count)
    column = [Double](repeating: 0, count: weights.count)
    losses = [Double](repeating: 0, count: weights.count)
    positions = Array(weights.indices)
    isLive = [Bool](repeating: true, count: weights.count)
    liveCount = weights.count
  }

  /// The weights that remain, with their positions in the vector the elimination started from.
  package var survivors: [(position: Int, weight: Double)] {
    positions.indices.filter { isLive[$0] }.map { (positions[$0], weights[$0]) }
  }

  /// Removes the cheapest candidate and lets the others make up for it.
  ///
  /// - Returns: what was removed; nil when no candidate is left.
  /// - Throws: `StrategyError` when the inverse is no longer finite and positive.
  package mutating func removeCheapest() throws -> Removal? {
    guard candidateCount > 0 else { return nil }
    let (row, loss) = try cheapest()
    let removal = Removal(position: positions[row], loss: loss)
    try eliminate(row)
    if collectedCount == SurgicalElimination.batch { try takeIn() }
    return removal
  }

  private mutating func cheapest() throws -> (row: Int, loss: Double) {
    let count = positions.count
    var best = (row: 0, loss: Double.infinity)
    var finite = 0
    losses.withUnsafeMutableBufferPointer { losses in
      weights.withUnsafeBufferPointer { weights in
        diagonal.withUnsafeBufferPointer { diagonal in
          for row in 0..<count { losses[row] = weights[row] * weights[row] / (2 * diagonal[row]) }
        }
      }
      isCandidate.withUnsafeBufferPointer { isCandidate in
        for row in 0..<count where isCandidate[row] {
          let loss = losses[row]
          finite += loss.isFinite ? 1 : 0
          if loss < best.loss { best = (row, loss) }
        }
      }
    }
    // A pivot that is not positive shows as the least loss or as one that is not finite.
    guard finite == candidateCount, diagonal[best.row] > 0 else {
      let row =
        (0..<count).first { isCandidate[$0] && !(diagonal[$0] > 0 && losses[$0].isFinite) }
        ?? best.row
      throw StrategyError(
        "the inverse curvature of parameter \(positions[row]) is \(diagonal[row]) and its weight "
          + "\(weights[row]), which is not positive and finite: raise the option 'damping'")
    }
    return best
  }

  private mutating func eliminate(_ row: Int) throws {
    let size = positions.count
    try fetchColumn(row)
    let pivot = diagonal[row]
    let factor = weights[row] / pivot
    let root = 1 / pivot.squareRoot()
    let start = collectedCount * size
    column.withUnsafeBufferPointer { column in
      weights.withUnsafeMutableBufferPointer { weights in
        for index in 0..<size { weights[index] -= factor * column[index] }
      }
      collected.values.withUnsafeMutableBufferPointer { collected in
        diagonal.withUnsafeMutableBufferPointer { diagonal in
          for index in 0..<size {
            let element = column[index] * root
            diagonal[index] -= element * element
            collected[start + index] = element
          }
        }
      }
    }
    collectedCount += 1
    weights[row] = 0
    isLive[row] = false
    isCandidate[row] = false
    candidateCount -= 1
    liveCount -= 1
  }

  /// A column of the inverse, less what the collected vectors take from it; 0 for removed weights.
  private mutating func fetchColumn(_ row: Int) throws {
    column.withUnsafeMutableBufferPointer { inverse.copyRow(row, to: $0) }
    try algebra.addRows(
      of: collected, weightedBy: (0..<collectedCount).map { -collected[$0, row] }, to: &column)
    isLive.withUnsafeBufferPointer { isLive in
      column.withUnsafeMutableBufferPointer { column in
        for index in column.indices where !isLive[index] { column[index] = 0 }
      }
    }
  }

  /// Brings the inverse up to date.
  private mutating func takeIn() throws {
    if positions.count - liveCount >= positions.count / 8 { try compact() }
    try inverse.subtractProducts(of: collected, algebra: algebra)
    collectedCount = 0
  }

  /// Lets go of the removed rows and columns.
  private mutating func compact() throws {
    let rows = positions.indices.filter { isLive[$0] }
    inverse = try inverse.compacted(to: rows)
    collected = collected.taking(rows: Array(0..<collected.rows), columns: rows)
    column = [Double](repeating: 0, count: rows.count)
    losses = column
    diagonal = rows.map { diagonal[$0] }
    positions = rows.map { positions[$0] }
    weights = rows.map { weights[$0] }
    isCandidate = rows.map { isCandidate[$0] }
    isLive = [Bool](repeating: true, count: rows.count)
  }
}
