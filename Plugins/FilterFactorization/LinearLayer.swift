import StrategyKit

/// A layer's weights and biases at work, with the data that they see: what is left of it after units
/// before and behind it have gone.
struct LinearLayer {
  /// The layer in the network, which says what kind it is.
  let layer: Layer
  private(set) var inputs: Int
  /// Outputs by inputs and window.
  var weights: Matrix
  /// One an output, or none.
  var biases: [Double]
  private(set) var moment: InputMoment

  var outputs: Int { weights.rows }

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    inputs = layer.inputs
    let parameters = try network.values(of: .parameters, for: layer).map { Double($0) }
    weights = try Matrix(
      rows: layer.outputs, columns: layer.fanIn,
      values: Array(parameters.prefix(layer.weightCount)))
    biases = Array(parameters.suffix(layer.biasCount))
    moment = try InputMoment(of: layer, in: network)
  }

  /// Weights, then biases, as the host has them.
  var parameters: [Float] { weights.values.map { Float($0) } + biases.map { Float($0) } }

  mutating func keepOutputs(_ units: [Int]) {
    let columns = weights.columns
    var kept = Matrix(rows: units.count, columns: columns)
    for (row, unit) in units.enumerated() {
      kept.values.replaceSubrange(
        row * columns..<(row + 1) * columns,
        with: weights.values[unit * columns..<(unit + 1) * columns])
    }
    weights = kept
    if !biases.isEmpty { biases = units.map { biases[$0] } }
  }

  /// Leaves out the inputs that come from other units, and has the rest stand in for them as well as
  /// they can: W′ = W M[all, kept] M[kept, kept]⁻¹.
  mutating func keepInputs(from units: [Int], of count: Int, algebra: LinearAlgebra) throws {
    let width = weights.columns / count
    let columns = units.flatMap { $0 * width..<($0 + 1) * width }
    var cross = Matrix(rows: weights.columns, columns: columns.count)
    for row in 0..<weights.columns {
      for (place, column) in columns.enumerated() { cross[row, place] = moment.matrix[row, column] }
    }
    let kept = moment.keeping(columns)
    let inverse = try algebra.dampedInverse(of: kept.matrix, ridge: 1e-9)
    let old = weights
    weights = try algebra.product(algebra.product(old, cross), inverse)
    for output in biases.indices {
      biases[output] += dot(old, output, moment.mean) - dot(weights, output, kept.mean)
    }
    moment = kept
    inputs = inputs / count * units.count
  }

  /// E|W x − W′ x|² for other weights W′ in the place of these, once biases take up the mean.
  func error(of other: Matrix, algebra: LinearAlgebra) throws -> Double {
    var residual = weights
    for index in residual.values.indices { residual.values[index] -= other.values[index] }
    return try moment.power(of: residual, algebra: algebra)
  }

  /// What the biases become when other weights take the place of these.
  func biases(for other: Matrix) -> [Double] {
    biases.indices.map {
      biases[$0] + dot(weights, $0, moment.mean) - dot(other, $0, moment.mean)
    }
  }

  private func dot(_ matrix: Matrix, _ row: Int, _ vector: [Double]) -> Double {
    vector.indices.reduce(0) { $0 + matrix[row, $1] * vector[$1] }
  }
}
