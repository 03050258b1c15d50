import StrategyKit

/// Two linear factors of a layer: columns of the kernel's height, then rows of its width.
///
/// With A the weights as a matrix, (input, y) by (output, x), and M the second moment of the inputs,
/// averaged over the columns of the patch, the factors are those of the singular value
/// decomposition of M^½ A, cut off: A V Vᵀ with V the leading eigenvectors of Aᵀ M A. For a dense
/// layer, a kernel of 1 by 1, this is the best product of its rank for E|(W − W′) x|², and for M = I
/// the plain singular value decomposition. For a convolution it starts a `FilterFit`, as does the
/// plain one where that is closer.
struct SeparableFilters {
  /// Width by (inputs · kernel height).
  private(set) var first: Matrix
  /// Outputs by (width · kernel width).
  private(set) var second: Matrix
  /// One an output, or none.
  let biases: [Double]
  /// E|W x − C x|² with C the two as one layer.
  let error: Double

  private static let mostSweeps = 5

  private static func matrix(of layer: LinearLayer) -> Matrix {
    let columns = layer.layer.kernel.width
    var matrix = Matrix(
      rows: layer.weights.columns / columns, columns: layer.outputs * columns)
    for output in 0..<layer.outputs {
      for row in 0..<matrix.rows {
        for x in 0..<columns {
          matrix[row, output * columns + x] = layer.weights[output, row * columns + x]
        }
      }
    }
    return matrix
  }

  /// The squared singular values of M^½ A and the vectors on the right, one a column.
  private static func parts(
    of layer: LinearLayer, algebra: LinearAlgebra
  ) throws -> (energies: [Double], vectors: Matrix, matrix: Matrix) {
    let matrix = matrix(of: layer)
    let weighted = try algebra.product(layer.moment.averaged(over: windows(of: layer)), matrix)
    let found = try algebra.singularValues(
      of: algebra.product(matrix, transposingA: true, weighted))
    return (found.values, found.left, matrix)
  }

  /// What each unit of width carries of the layer's output, the largest first.
  static func energies(of layer: LinearLayer, algebra: LinearAlgebra) throws -> [Double] {
    let parts = try parts(of: layer, algebra: algebra)
    return Array(parts.energies.prefix(min(parts.matrix.rows, parts.matrix.columns)))
  }

  /// - Parameter width: units between the factors, at most the rank of A.
  /// - Throws: `HostError` when a decomposition does not converge.
  init(of layer: LinearLayer, width: Int, algebra: LinearAlgebra) throws {
    let columns = layer.layer.kernel.width
    let parts = try Self.parts(of: layer, algebra: algebra)
    var vectors = Matrix(rows: width, columns: parts.matrix.columns)
    for unit in 0..<width {
      for column in 0..<vectors.columns { vectors[unit, column] = parts.vectors[column, unit] }
    }
    first = try algebra.product(vectors, parts.matrix, transposingB: true)
    second = Matrix(rows: layer.outputs, columns: width * columns)
    for output in 0..<layer.outputs {
      for unit in 0..<width {
        for x in 0..<columns {
          second[output, unit * columns + x] = vectors[unit, output * columns + x]
        }
      }
    }
    if columns > 1 {
      let fit = try Self.fit(layer, first, parts.matrix, algebra: algebra)
      (first, second) = (fit.first, fit.second)
    }
    let composed = try algebra.product(second, Self.placements(of: first, columns: columns))
    biases = layer.biases(for: composed)
    error = try layer.error(of: composed, algebra: algebra)
    try balance(
      &first, &second, inputs: layer.moment.aboutZero(in: Self.windows(of: layer)),
      algebra: algebra)
  }

  /// The positions in a patch of each of its columns.
  private static func windows(of layer: LinearLayer) -> [[Int]] {
    let columns = layer.layer.kernel.width
    let rows = layer.weights.columns / columns
    return (0..<columns).map { x in (0..<rows).map { $0 * columns + x } }
  }

  /// The better of two starts, swept.
  private static func fit(
    _ layer: LinearLayer, _ first: Matrix, _ matrix: Matrix, algebra: LinearAlgebra
  ) throws -> FilterFit {
    let shifts = windows(of: layer)
    let plain = try algebra.singularValues(of: matrix)
    var start = Matrix(rows: first.rows, columns: first.columns)
    for unit in 0..<first.rows {
      for row in 0..<first.columns { start[unit, row] = plain.left[row, unit] }
    }
    let weighted = try FilterFit(layer, shifts: shifts, first: first, algebra: algebra)
    let unweighted = try FilterFit(layer, shifts: shifts, first: start, algebra: algebra)
    var fit = try weighted.error() <= unweighted.error() ? weighted : unweighted
    try fit.sweep(atMost: mostSweeps)
    return fit
  }

  private static func placements(of first: Matrix, columns: Int) -> Matrix {
    var placements = Matrix(rows: first.rows * columns, columns: first.columns * columns)
    for unit in 0..<first.rows {
      for row in 0..<first.columns {
        for x in 0..<columns {
          placements[unit * columns + x, row * columns + x] = first[unit, row]
        }
      }
    }
    return placements
  }

  /// Puts the first factor behind another layer that feeds it.
  mutating func absorb(_ before: LinearLayer, algebra: LinearAlgebra) throws {
    first = try algebra.product(first, before.weights)
    try balance(
      &first, &second, inputs: before.moment.aboutZero(in: [Array(0..<before.weights.columns)]),
      algebra: algebra)
  }

  /// The two layers that take a layer's place.
  ///
  /// The columns keep its vertical stride and padding, the rows the horizontal ones, so that the
  /// pair computes what the product would.
  func layers(for old: LinearLayer) -> [NewLayer] {
    let layer = old.layer
    let (into, out) = (first.values.map { Float($0) }, second.values.map { Float($0) })
    let biases = biases.map { Float($0) }
    if layer.kind == .dense {
      return [
        .dense(outputs: first.rows, inputs: old.inputs, weights: into),
        .dense(outputs: old.outputs, inputs: first.rows, weights: out, biases: biases),
      ]
    }
    return [
      .convolution(
        outputs: first.rows, inputs: old.inputs,
        kernel: Size(height: layer.kernel.height, width: 1),
        stride: Size(height: layer.stride.height, width: 1),
        padding: Size(height: layer.padding.height, width: 0), weights: into),
      .convolution(
        outputs: old.outputs, inputs: first.rows,
        kernel: Size(height: 1, width: layer.kernel.width),
        stride: Size(height: 1, width: layer.stride.width),
        padding: Size(height: 0, width: layer.padding.width), weights: out, biases: biases),
    ]
  }
}
