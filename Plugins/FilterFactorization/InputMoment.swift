import StrategyKit

/// The second moment of what a layer's units receive: the data by which a change of weights is
/// judged, E|ΔW x|².
///
/// Where the layer has biases, these take up what a change adds on average, so that only the spread
/// about the mean counts: E|ΔW x + Δb|² is least for Δb = −ΔW E[x], and then ΔW cov(x) ΔWᵀ.
struct InputMoment {
  /// Square and symmetric, positive definite.
  let matrix: Matrix
  /// E[x]; zeros where the layer has no biases that could make use of it.
  let mean: [Double]

  /// What is added to the diagonal for each input, as a share of its mean. Directions that the inputs
  /// never take then count a little, so that the weights there stay what they are where that costs
  /// nothing, and more than the host's single precision may take away: 6e-8 of the trace.
  private static let ridge = 5e-7

  /// - Throws: `StrategyError` when the host's signal has another size, `HostError` when it has none.
  init(of layer: Layer, in network: NetworkView) throws {
    let size = layer.fanIn
    let side = size + (layer.biasCount > 0 ? 1 : 0)
    let values = try network.values(of: .inputMoment, for: layer)
    guard values.count == side * side, values.allSatisfy(\.isFinite) else {
      throw StrategyError(
        "'\(layer.name)' needs a finite input moment of \(side) by \(side), and got "
          + "\(values.count) values")
    }
    let mean = (0..<size).map { side > size ? Double(values[$0 * side + size]) : 0 }
    var matrix = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0..<size {
        matrix[row, column] = Double(values[row * side + column]) - mean[row] * mean[column]
      }
    }
    self.init(matrix: matrix, mean: mean)
  }

  private init(matrix: Matrix, mean: [Double]) {
    var matrix = matrix
    let size = matrix.rows
    let scale = (0..<size).reduce(0) { $0 + max(0, matrix[$1, $1]) } / Double(max(1, size))
    for index in 0..<size {
      matrix[index, index] += scale > 0 ? Self.ridge * Double(size) * scale : 1
    }
    self.matrix = matrix
    self.mean = mean
  }

  private init(definite matrix: Matrix, mean: [Double]) {
    self.matrix = matrix
    self.mean = mean
  }

  /// The moment of some of the inputs.
  func keeping(_ inputs: [Int]) -> InputMoment {
    var kept = Matrix(rows: inputs.count, columns: inputs.count)
    for (row, input) in inputs.enumerated() {
      for (column, other) in inputs.enumerated() { kept[row, column] = matrix[input, other] }
    }
    return InputMoment(definite: kept, mean: inputs.map { mean[$0] })
  }

  /// The mean over several windows of E[x xᵀ] within each, mean and all.
  func aboutZero(in windows: [[Int]]) -> Matrix {
    let size = windows.first?.count ?? 0
    var result = Matrix(rows: size, columns: size)
    for window in windows {
      for (row, position) in window.enumerated() {
        for (column, other) in window.enumerated() {
          result[row, column] +=
            (matrix[position, other] + mean[position] * mean[other]) / Double(windows.count)
        }
      }
    }
    return result
  }

  /// The mean over several windows of what the moment says of each.
  func averaged(over windows: [[Int]]) -> Matrix {
    let size = windows.first?.count ?? 0
    var result = Matrix(rows: size, columns: size)
    for window in windows {
      for (row, position) in window.enumerated() {
        for (column, other) in window.enumerated() {
          result[row, column] += matrix[position, other] / Double(windows.count)
        }
      }
    }
    return result
  }

  /// tr(W M Wᵀ): the power of what the weights put out.
  func power(of weights: Matrix, algebra: LinearAlgebra) throws -> Double {
    let weighted = try algebra.product(weights, matrix)
    return zip(weights.values, weighted.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
