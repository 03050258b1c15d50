import StrategyKit

/// The quadratic form of every row of one layer: half (w − w₀)ᵀ H (w − w₀) times the row's output
/// curvature, with H the damped second moment of the layer's inputs.
///
/// The bias is a last column whose input is 1: adjusted, and removed only where biases are
/// prunable.
struct RowProblem: SurgicalProblem {
  private let parameters: LayerParameters
  private let moment: Matrix
  private let curvature: [Float]
  private let ridge: Double
  private let algebra: LinearAlgebra
  private let weightColumns: Int
  /// The inverse for the columns that the last row used; rows of one mask share it.
  private var shared: (columns: [Int], inverse: Matrix)?

  /// - Throws: `StrategyError` when the host's signals do not have the layer's size.
  init(
    _ parameters: LayerParameters, damping: Double, algebra: LinearAlgebra,
    in network: NetworkView
  ) throws {
    let layer = parameters.layer
    let columns = layer.fanIn + (layer.biasCount > 0 ? 1 : 0)
    let values = try network.withValues(of: .inputMoment, for: layer) { span in
      (0..<span.count).map { Double(span[$0]) }
    }
    curvature = try network.values(of: .outputCurvature, for: layer)
    guard values.count == columns * columns, curvature.count == layer.outputs else {
      throw StrategyError(
        "'\(layer.name)' needs an input moment of \(columns) by \(columns) and \(layer.outputs) "
          + "output curvatures, not \(values.count) and \(curvature.count) values")
    }
    moment = try Matrix(rows: columns, columns: columns, values: values)
    let diagonal = (0..<columns).map { values[$0 * columns + $0] }.filter { $0 > 0 }
    ridge = diagonal.isEmpty ? 0 : damping * diagonal.reduce(0, +) / Double(diagonal.count)
    weightColumns = layer.fanIn
    self.parameters = parameters
    self.algebra = algebra
  }

  func position(_ column: Int, inRow row: Int) -> Int {
    column == weightColumns
      ? parameters.layer.weightCount + row : row * weightColumns + column
  }

  private func weight(_ column: Int, _ row: Int) -> Double {
    Double(parameters.values[position(column, inRow: row)])
  }

  func rowsByScale() -> [Int] {
    let scales = (0..<parameters.layer.outputs).map { row in
      liveColumns(row).reduce(0) { sum, column in
        sum + moment[column, column] * weight(column, row) * weight(column, row)
      } * Double(curvature[row])
    }
    return scales.indices.sorted { (scales[$0], $0) < (scales[$1], $1) }
  }

  private func liveColumns(_ row: Int) -> [Int] {
    (0..<moment.columns).filter { parameters.mask[position($0, inRow: row)] != 0 }
  }

  private func isPrunable(_ column: Int, _ row: Int) -> Bool {
    position(column, inRow: row) < parameters.layer.prunableCount
  }

  mutating func trace(_ row: Int, bound: inout CheapestLosses) throws -> [RowTrace.Removal] {
    var removals: [RowTrace.Removal] = []
    let live = liveColumns(row)
    // An input that is always 0 costs nothing, and nothing else depends on it.
    for column in live where moment[column, column] == 0 && isPrunable(column, row) {
      removals.append(RowTrace.Removal(column: column, cost: 0, loss: 0))
      bound.insert(0)
    }
    let columns = live.filter { moment[$0, $0] != 0 }
    guard !columns.isEmpty else { return removals }
    var elimination = SurgicalElimination(
      inverse: try inverse(for: columns), weights: columns.map { weight($0, row) },
      isCandidate: columns.map { isPrunable($0, row) }, algebra: algebra)
    let scale = max(0, Double(curvature[row]))
    var loss = 0.0
    while let removal = try elimination.removeCheapest() {
      let cost = removal.loss * scale
      loss = max(loss, cost)
      guard loss.isFinite else {
        throw StrategyError(
          "the output curvature of unit \(row) of '\(parameters.layer.name)' is \(scale)")
      }
      if loss > bound.bound { break }
      bound.insert(loss)
      removals.append(
        RowTrace.Removal(column: columns[removal.position], cost: cost, loss: loss))
    }
    return removals
  }

  func resolved(_ row: Int, without removed: [Int]) throws -> [(position: Int, weight: Float)] {
    let gone = Set(removed)
    let columns = liveColumns(row).filter { moment[$0, $0] != 0 }
    let kept = columns.filter { !gone.contains($0) }
    guard !kept.isEmpty, kept.count < columns.count else { return [] }
    // H_kk (w_k − w₀_k) = H_kr w₀_r, for what is kept and what is removed.
    let lost = columns.filter(gone.contains)
    let pull = try algebra.product(
      moment.taking(rows: kept, columns: lost),
      Matrix(rows: lost.count, columns: 1, values: lost.map { weight($0, row) }))
    let change = try algebra.product(inverted(kept), pull)
    return zip(kept, change.values).map {
      (position($0, inRow: row), Float(weight($0, row) + $1))
    }
  }

  private mutating func inverse(for columns: [Int]) throws -> Matrix {
    if let shared, shared.columns == columns { return shared.inverse }
    let inverse = try inverted(columns)
    shared = (columns, inverse)
    return inverse
  }

  /// The inverse of H over some columns.
  ///
  /// Where H is singular in spite of the damping, more is added, tenfold each time, up to the mean
  /// of the diagonal.
  private func inverted(_ columns: [Int]) throws -> Matrix {
    var extra = 0.0
    let mean = columns.reduce(0) { $0 + moment[$1, $1] } / Double(columns.count)
    while true {
      var matrix = moment.taking(rows: columns, columns: columns)
      for row in columns.indices { matrix[row, row] += ridge + extra }
      do {
        try algebra.invert(&matrix)
        return matrix
      } catch let error as HostError {
        extra = extra == 0 ? 1e-8 * mean : extra * 10
        guard extra.isFinite, extra <= mean else { throw error }
      }
    }
  }
}
