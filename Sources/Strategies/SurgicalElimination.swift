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
/// eighth of the matrix, and are then squeezed out in place.
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
  private var candidateCount: Int
  private var isLive: [Bool]
  private var liveCount: Int
  /// Of one removal: its column of the inverse, and the losses of all rows.
  private var column: Matrix
  private var losses: [Double]
  private let algebra: LinearAlgebra

  /// Starts from all weights of a quadratic form.
  ///
  /// - Parameters:
  ///   - inverse: H⁻¹; changed in place when it is held here alone, and otherwise copied.
  ///   - weights: one a row.
  ///   - isCandidate: whether a row may be removed; the others are only adjusted.
  ///   - algebra: the host's.
  package init(
    inverse: consuming Matrix, weights: [Double], isCandidate: [Bool], algebra: LinearAlgebra
  ) {
    diagonal = weights.indices.map { inverse[$0, $0] }
    self.inverse = inverse
    self.weights = weights
    self.isCandidate = isCandidate
    candidateCount = isCandidate.count { $0 }
    self.algebra = algebra
    collected = Matrix(rows: SurgicalElimination.batch, columns: weights.count)
    column = Matrix(rows: 1, columns: weights.count)
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
    eliminate(row)
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

  private mutating func eliminate(_ row: Int) {
    let size = positions.count
    fetchColumn(row)
    let pivot = diagonal[row]
    let factor = weights[row] / pivot
    let root = 1 / pivot.squareRoot()
    let start = collectedCount * size
    column.values.withUnsafeBufferPointer { column in
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
  private mutating func fetchColumn(_ row: Int) {
    let size = positions.count
    inverse.values.withUnsafeBufferPointer { inverse in
      column.values.withUnsafeMutableBufferPointer { column in
        for index in 0..<size { column[index] = inverse[row * size + index] }
      }
    }
    subtractCollected(row)
    isLive.withUnsafeBufferPointer { isLive in
      column.values.withUnsafeMutableBufferPointer { column in
        for index in 0..<size where !isLive[index] { column[index] = 0 }
      }
    }
  }

  /// Four vectors in each pass over the column; the rows behind the collected ones are 0.
  private mutating func subtractCollected(_ row: Int) {
    let size = positions.count
    let count = (collectedCount + 3) / 4 * 4
    collected.values.withUnsafeBufferPointer { collected in
      column.values.withUnsafeMutableBufferPointer { column in
        for vector in stride(from: 0, to: count, by: 4) {
          let (a, b) = (vector * size, (vector + 1) * size)
          let (c, d) = ((vector + 2) * size, (vector + 3) * size)
          let (p, q) = (collected[a + row], collected[b + row])
          let (r, s) = (collected[c + row], collected[d + row])
          for index in 0..<size {
            column[index] -=
              (p * collected[a + index] + q * collected[b + index])
              + (r * collected[c + index] + s * collected[d + index])
          }
        }
      }
    }
  }

  /// Brings the inverse up to date.
  private mutating func takeIn() throws {
    if positions.count - liveCount >= positions.count / 8 { try compact() }
    try algebra.addProduct(
      collected, transposingA: true, collected, times: -1, to: &inverse)
    collectedCount = 0
    collected.values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }

  /// Moves the live rows and columns to the front, in order and in place, and lets go of the others.
  private mutating func compact() throws {
    let rows = positions.indices.filter { isLive[$0] }
    inverse = try inverse.compacted(rows: rows, columns: rows)
    collected = try collected.compacted(rows: Array(0..<collected.rows), columns: rows)
    column = Matrix(rows: 1, columns: rows.count)
    losses = column.values
    diagonal = rows.map { diagonal[$0] }
    positions = rows.map { positions[$0] }
    weights = rows.map { weights[$0] }
    isCandidate = rows.map { isCandidate[$0] }
    isLive = [Bool](repeating: true, count: rows.count)
  }
}
