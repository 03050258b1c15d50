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
/// follow each other; the paper's have masked ones among them. The samples are the first thousand of
/// those that strategies measure over.
struct FisherProblem: SurgicalProblem {
  private let parameters: LayerParameters
  private let blocks: [ArraySlice<Int>]
  /// A row a sample: what goes into the layer, and the loss's gradient in what comes out.
  private let inputs, slopes: [Float]
  private let samples: Int
  private let curvature: [Float]
  private let ridge: Double
  private let algebra: LinearAlgebra
  private static let mostSamples = 1000

  /// - Throws: ``SkipStrategy`` for a convolution, of which the host tells no sample's gradient.
  init(
    _ parameters: LayerParameters, size: Int, damping: Double, algebra: LinearAlgebra,
    in network: NetworkView
  ) throws {
    let layer = parameters.layer
    guard layer.kind == .dense else {
      throw SkipStrategy(
        "method=fisher needs every sample's own gradient, which the host tells of dense layers alone, "
          + "and '\(layer.name)' is none: use method=row")
    }
    let live = parameters.candidates
    blocks = stride(from: 0, to: live.count, by: size).map {
      live[$0..<min($0 + size, live.count)]
    }
    inputs = try network.values(of: .inputs, for: layer)
    slopes = try network.values(of: .outputGradients, for: layer)
    let rows = layer.inputs > 0 ? inputs.count / layer.inputs : 0
    guard rows > 0, inputs.count == rows * layer.inputs, slopes.count == rows * layer.outputs
    else {
      throw StrategyError(
        "'\(layer.name)' needs \(layer.inputs) inputs and \(layer.outputs) gradients a sample, not "
          + "\(inputs.count) and \(slopes.count) values")
    }
    samples = min(rows, Self.mostSamples)
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
    let gradients = gradients(of: row)
    var fisher = Matrix(rows: gradients.columns, columns: gradients.columns)
    try algebra.addProduct(
      gradients, transposingA: true, gradients, times: 1 / Double(samples), to: &fisher)
    return fisher
  }

  /// A row for each sample that has a gradient in a block at all.
  private func gradients(of row: Int) -> Matrix {
    let layer = parameters.layer
    // A weight's gradient is its input times the unit's slope, a bias's the slope.
    let places = blocks[row].map { position in
      position < layer.weightCount
        ? (unit: position / layer.inputs, input: position % layer.inputs)
        : (unit: position - layer.weightCount, input: -1)
    }
    let units = Set(places.map(\.unit)).sorted()
    let active = (0..<samples).filter { sample in
      units.contains { slopes[sample * layer.outputs + $0] != 0 }
    }
    var gradients = Matrix(rows: active.count, columns: places.count)
    gradients.values.withUnsafeMutableBufferPointer { values in
      inputs.withUnsafeBufferPointer { inputs in
        slopes.withUnsafeBufferPointer { slopes in
          var next = 0
          for sample in active {
            let (firstInput, firstSlope) = (sample * layer.inputs, sample * layer.outputs)
            for place in places {
              let input = place.input < 0 ? 1 : Double(inputs[firstInput + place.input])
              values[next] = input * Double(slopes[firstSlope + place.unit])
              next += 1
            }
          }
        }
      }
    }
    return gradients
  }

  /// The inverse of the damped matrix over some columns.
  private func inverted(_ fisher: Matrix, over columns: [Int]) throws -> Matrix {
    var matrix = fisher.taking(rows: columns, columns: columns)
    for row in columns.indices { matrix[row, row] += ridge }
    try algebra.invert(&matrix)
    return matrix
  }
}
