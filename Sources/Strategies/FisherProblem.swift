import StrategyKit

/// The quadratic form of one layer's live weights in blocks: half (w − w₀)ᵀ F (w − w₀) with
///
///     F = ridge · I + (1/N) Σ gᵢ gᵢᵀ
///
/// over the gradients gᵢ of N samples' own losses in the weights of a block, and 0 between blocks.
///
/// S. P. Singh, D. Alistarh: WoodFisher: Efficient Second-Order Approximation for Neural Network
/// Compression. NeurIPS 2020, arXiv:2004.14340, sections 3 and 4.
///
/// Departs from the paper: it adds one sample after the other to the inverse by rank-one updates, which
/// is the same matrix as the inverse of the sum. It takes all that go in a step by their first losses
/// and adds up the changes that each alone would make; here they go one after the other within a
/// block, and the others solve for all of them. A block is `size` live weights of a layer that
/// follow each other; the paper's have masked ones among them. ``SampleGradients``
/// says over which samples.
struct FisherProblem: SurgicalProblem {
  private let parameters: LayerParameters
  private let blocks: [ArraySlice<Int>]
  private let gradients: SampleGradients
  private let curvature: [Float]
  private let ridge: Double
  private let algebra: LinearAlgebra

  /// - Throws: `StrategyError` when the host's signals do not have the layer's size.
  init(
    _ parameters: LayerParameters, size: Int, damping: Double, algebra: LinearAlgebra,
    in network: NetworkView
  ) throws {
    let layer = parameters.layer
    let live = parameters.candidates
    blocks = stride(from: 0, to: live.count, by: size).map {
      live[$0..<min($0 + size, live.count)]
    }
    gradients = try SampleGradients(layer, in: network)
    let curvature = try network.values(of: .fisherDiagonal, for: layer)
    let known = live.map { Double(curvature[$0]) }.filter { $0 > 0 }
    ridge = known.isEmpty ? 0 : damping * known.reduce(0, +) / Double(known.count)
    self.curvature = curvature
    self.parameters = parameters
    self.algebra = algebra
  }

  func position(_ column: Int, inRow row: Int) -> Int {
    blocks[row][blocks[row].startIndex + column]
  }

  func rowsByScale() -> [Int] {
    let scales = blocks.map { block in
      block.reduce(0) { $0 + Double(curvature[$1]) * weight($1) * weight($1) }
    }
    return scales.indices.sorted { (scales[$0], $0) < (scales[$1], $1) }
  }

  private func weight(_ position: Int) -> Double { Double(parameters.values[position]) }

  func trace(_ row: Int, bound: inout CheapestLosses) throws -> [RowTrace.Removal] {
    let fisher = try fisher(of: row)
    let weights = blocks[row].map(weight)
    var removals: [RowTrace.Removal] = []
    // What moves no sample's loss costs nothing, and nothing else depends on it.
    for column in weights.indices where fisher[column, column] == 0 {
      removals.append(RowTrace.Removal(column: column, cost: 0, loss: 0))
      bound.insert(0)
    }
    let columns = weights.indices.filter { fisher[$0, $0] != 0 }
    guard !columns.isEmpty else { return removals }
    var elimination = SurgicalElimination(
      inverse: try inverted(fisher, over: columns), weights: columns.map { weights[$0] },
      isCandidate: columns.map { _ in true }, algebra: algebra)
    var loss = 0.0
    while let removal = try elimination.removeCheapest() {
      loss = max(loss, removal.loss)
      if loss > bound.bound { break }
      bound.insert(loss)
      removals.append(
        RowTrace.Removal(column: columns[removal.position], cost: removal.loss, loss: loss))
    }
    return removals
  }

  func resolved(_ row: Int, without removed: [Int]) throws -> [(position: Int, weight: Float)] {
    let fisher = try fisher(of: row)
    let gone = Set(removed)
    let columns = (0..<blocks[row].count).filter { fisher[$0, $0] != 0 }
    let kept = columns.filter { !gone.contains($0) }
    let lost = columns.filter(gone.contains)
    guard !kept.isEmpty, !lost.isEmpty else { return [] }
    // F_kk (w_k − w₀_k) = F_kr w₀_r, for what is kept and what is removed.
    let pull = try algebra.product(
      fisher.taking(rows: kept, columns: lost),
      Matrix(
        rows: lost.count, columns: 1, values: lost.map { weight(position($0, inRow: row)) }))
    let change = try algebra.product(inverted(fisher, over: kept), pull)
    return zip(kept, change.values).map { column, change in
      let position = position(column, inRow: row)
      return (position, Float(weight(position) + change))
    }
  }

  /// (1/N) Σ gᵢ gᵢᵀ over a block.
  private func fisher(of row: Int) throws -> Matrix {
    let rows = gradients.rows(of: blocks[row])
    var fisher = Matrix(rows: rows.columns, columns: rows.columns)
    try algebra.addProduct(
      rows, transposingA: true, rows, times: 1 / Double(gradients.samples), to: &fisher)
    return fisher
  }

  /// The inverse of the damped matrix over some columns.
  private func inverted(_ fisher: Matrix, over columns: [Int]) throws -> Matrix {
    var matrix = fisher.taking(rows: columns, columns: columns)
    for row in columns.indices { matrix[row, row] += ridge }
    try algebra.invert(&matrix)
    return matrix
  }
}
