import StrategyKit

/// The step that Optimal Brain Surgeon repeats: remove the weight whose loss costs least once all
/// others have made up for it, and leave the inverse of what remains.
///
///     q   = argmin w_q² / (2 [H⁻¹]_qq), ties by position
///     w   ← w − (w_q / [H⁻¹]_qq) H⁻¹ e_q
///     H⁻¹ ← H⁻¹ − H⁻¹ e_q e_qᵀ H⁻¹ / [H⁻¹]_qq
///
/// One removal takes O(n²) for n weights in the matrix. Removed rows and columns stay until there
/// are `compaction` of them or an eighth of the matrix, whichever is more, and are then squeezed
/// out in place.
struct SurgicalElimination {
  /// A removed weight and the loss that its removal is expected to cost.
  struct Removal {
    /// Its position in the vector that the elimination started from.
    var position: Int
    /// In units of the quadratic form's H; never negative for a positive definite H.
    var loss: Double
  }

  private static let compaction = 64

  private var inverse: Matrix
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
  ///   - inverse: H⁻¹.
  ///   - weights: one a row.
  ///   - isCandidate: whether a row may be removed; the others are only adjusted.
  ///   - algebra: the host's.
  init(inverse: consuming Matrix, weights: [Double], isCandidate: [Bool], algebra: LinearAlgebra) {
    self.inverse = inverse
    self.weights = weights
    self.isCandidate = isCandidate
    self.algebra = algebra
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
    let size = positions.count
    let start = row * inverse.columns
    var column = Array(inverse.values[start..<start + size])
    for index in 0..<size where !isLive[index] { column[index] = 0 }
    let pivot = column[row]
    let factor = weights[row] / pivot
    for index in 0..<size { weights[index] -= factor * column[index] }
    try algebra.addOuterProduct(of: column, times: -1 / pivot, to: &inverse)
    weights[row] = 0
    isLive[row] = false
    isCandidate[row] = false
    liveCount -= 1
    let removal = Removal(position: positions[row], loss: loss)
    if size - liveCount >= max(SurgicalElimination.compaction, size / 8) { compact() }
    return removal
  }

  private func cheapest() throws -> (row: Int, loss: Double)? {
    var best: (row: Int, loss: Double)?
    for row in positions.indices where isCandidate[row] {
      let pivot = inverse[row, row]
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

  /// Moves the live rows and columns to the front, in order.
  private mutating func compact() {
    let rows = positions.indices.filter { isLive[$0] }
    let stride = inverse.columns
    inverse.values.withUnsafeMutableBufferPointer { values in
      for (to, from) in rows.enumerated() {
        for (column, source) in rows.enumerated() {
          values[to * stride + column] = values[from * stride + source]
        }
      }
    }
    positions = rows.map { positions[$0] }
    weights = rows.map { weights[$0] }
    isCandidate = rows.map { isCandidate[$0] }
    isLive = [Bool](repeating: true, count: rows.count)
  }
}
