import GrowthKit
import StrategyKit

/// A dense layer whose units one other dense layer reads, and nothing else does.
struct SplittableLayer {
  let group: GrowingGroup
  let reader: Layer
  /// Where the units begin among what the reader reads: it may read other layers, too.
  let first: Int
  var layer: Layer { group.layer }

  /// What `StrategyInfo.reads` has to name.
  static let signals: Set<Signal> = [.parameters, .inputs, .outputGradients]

  /// All of a network, from the input on.
  static func all(in network: NetworkView, _ model: WidthModel) throws -> [SplittableLayer] {
    try GrowingGroup.all(in: network, model).compactMap { group in
      let layer = group.layer
      guard group.group.layers.count == 1, layer.kind == .dense, layer.unitCount > 0,
        network.edges.count(where: { $0.from == layer.id }) == 1,
        let reader = group.readers.first, reader.layer.kind == .dense, reader.width == 1
      else { return nil }
      return SplittableLayer(group: group, reader: reader.layer, first: reader.edge.first)
    }
  }

  /// The best direction of each unit; none where no activation follows that is known and bends.
  ///
  /// Σ of unit i is a sum over samples of factors c times h hᵀ:
  ///
  ///     c = (gᵀ V_i) σ''(θ_iᵀ h) / samples
  ///
  /// with g the gradient in the reader's pre-activations and V_i the reader's weights for the unit. The
  /// matrices are not made: all units' products with vectors are two products of matrices.
  ///
  /// - Throws: ``HostError`` when the host refuses a signal.
  func directions(in network: NetworkView) throws -> [SplitDirection] {
    let algebra = try network.linearAlgebra()
    let (inputs, sums, activation) = try passed(in: network)
    guard let activation else { return [] }
    let gradients = try network.withValues(of: .outputGradients, for: reader) { values in
      var matrix = Matrix(rows: inputs.rows, columns: reader.outputs)
      for index in matrix.values.indices { matrix.values[index] = Double(values[index]) }
      return matrix
    }
    var factors = try algebra.product(
      gradients,
      columns(
        first..<first + layer.unitCount, of: weights(of: reader, withBias: false, in: network)))
    for index in factors.values.indices {
      factors.values[index] *=
        activation.curvature(at: sums.values[index]) / Double(max(1, inputs.rows))
    }
    let least = try LeastEigenvectors(samples: inputs, factors: factors, algebra: algebra)
    return try least.pairs { network.random($0).map { Double(2 * $0 - 1) } }.enumerated().map {
      SplitDirection(unit: $0, eigenvalue: $1.value, vector: $1.vector)
    }
  }

  /// Whether an activation follows that is known and bends.
  ///
  /// - Throws: ``HostError`` when the host refuses a signal.
  func bends(in network: NetworkView) throws -> Bool { try passed(in: network).activation != nil }

  /// What goes into the layer and what its units make of it, a row a sample, and what follows them.
  private func passed(
    in network: NetworkView
  ) throws -> (inputs: Matrix, sums: Matrix, activation: UnitActivation?) {
    let inputs = try network.inputRows(of: layer, withBias: layer.biasCount > 0)
    let own = try weights(of: layer, withBias: layer.biasCount > 0, in: network)
    let sums = try network.linearAlgebra().product(inputs, own, transposingB: true)
    let outputs = try columns(
      first..<first + layer.unitCount, of: network.inputRows(of: reader, withBias: false))
    return (inputs, sums, UnitActivation(from: sums.values, to: outputs.values))
  }

  private func columns(_ range: Range<Int>, of matrix: Matrix) -> Matrix {
    guard range != 0..<matrix.columns else { return matrix }
    var part = Matrix(rows: matrix.rows, columns: range.count)
    for row in 0..<matrix.rows {
      for (column, from) in range.enumerated() { part[row, column] = matrix[row, from] }
    }
    return part
  }

  /// A dense layer's weights, a row a unit, with its bias behind them.
  private func weights(of layer: Layer, withBias: Bool, in network: NetworkView) throws -> Matrix {
    let values = try network.values(of: .parameters, for: layer)
    var matrix = Matrix(rows: layer.outputs, columns: layer.inputs + (withBias ? 1 : 0))
    for row in 0..<layer.outputs {
      for column in 0..<layer.inputs {
        matrix[row, column] = Double(values[row * layer.inputs + column])
      }
      if withBias { matrix[row, layer.inputs] = Double(values[layer.weightCount + row]) }
    }
    return matrix
  }
}
