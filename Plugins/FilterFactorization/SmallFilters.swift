import StrategyKit

/// Two 3×3 convolutions with a ReLU between them, fitted to a 5×5 one by `FilterFit`.
///
/// V starts from the singular vectors of all 3×3 windows of W.
///
/// The ReLU starts as a linear function: each middle unit gets a bias of `linearRange` times the
/// root mean square of what it receives, and the second bias takes back what that adds. All the
/// padding lies before the first filters and all the stride after the second, where they were.
struct SmallFilters {
  /// The sequence that takes the layer's place.
  let layers: [NewLayer]

  private static let linearRange = 4.0
  private static let mostSweeps = 60

  /// The positions in a 5×5 patch that a 3×3 window sees, for the 9 windows.
  private static func shifts(inputs: Int) -> [[Int]] {
    (0..<9).map { shift in
      (0..<inputs * 9).map { index in
        let (input, place) = index.quotientAndRemainder(dividingBy: 9)
        return (input * 5 + place / 3 + shift / 3) * 5 + place % 3 + shift % 3
      }
    }
  }

  /// All 3×3 windows of a layer's 5×5 filters, one a row.
  static func windows(of layer: LinearLayer) -> Matrix {
    let shifts = shifts(inputs: layer.inputs)
    var windows = Matrix(rows: layer.outputs * 9, columns: layer.inputs * 9)
    for output in 0..<layer.outputs {
      for (shift, positions) in shifts.enumerated() {
        for (column, position) in positions.enumerated() {
          windows[output * 9 + shift, column] = layer.weights[output, position]
        }
      }
    }
    return windows
  }

  init(of layer: LinearLayer, width: Int, algebra: LinearAlgebra) throws {
    let shifts = SmallFilters.shifts(inputs: layer.inputs)
    let windows = SmallFilters.windows(of: layer)
    let parts = try algebra.singularValues(of: windows)
    var start = Matrix(rows: width, columns: windows.columns)
    for unit in 0..<min(width, parts.values.count) {
      for column in 0..<windows.columns { start[unit, column] = parts.right[unit, column] }
    }
    var fit = try FilterFit(layer, shifts: shifts, first: start, algebra: algebra)
    try fit.sweep(atMost: SmallFilters.mostSweeps)
    let composed = try fit.composed()
    var (first, second) = (fit.first, fit.second)
    let inputs = layer.moment.aboutZero(in: [shifts[4]])
    try balance(&first, &second, inputs: inputs, algebra: algebra)
    let middle = inputScales(first, inputs).map { $0 * SmallFilters.linearRange }
    let old =
      layer.biases.isEmpty
      ? [Double](repeating: 0, count: layer.outputs) : layer.biases(for: composed)
    let biases = old.indices.map { output in
      (0..<width * 9).reduce(old[output]) { $0 - second[output, $1] * middle[$1 / 9] }
    }
    layers = [
      .convolution(
        outputs: width, inputs: layer.inputs, kernel: Size(height: 3, width: 3),
        stride: Size(height: 1, width: 1), padding: layer.layer.padding,
        weights: first.values.map { Float($0) }, biases: middle.map { Float($0) }),
      .relu,
      .convolution(
        outputs: layer.outputs, inputs: width, kernel: Size(height: 3, width: 3),
        stride: layer.layer.stride, padding: Size(height: 0, width: 0),
        weights: second.values.map { Float($0) }, biases: biases.map { Float($0) }),
    ]
  }
}

/// The root mean square of what each middle unit receives.
private func inputScales(_ first: Matrix, _ inputs: Matrix) -> [Double] {
  (0..<first.rows).map { unit in
    var sum = 0.0
    for row in 0..<first.columns {
      for column in 0..<first.columns {
        sum += first[unit, row] * inputs[row, column] * first[unit, column]
      }
    }
    return max(0, sum).squareRoot()
  }
}
