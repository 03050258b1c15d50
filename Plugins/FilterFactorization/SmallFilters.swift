import StrategyKit

/// Two 3×3 convolutions with a ReLU between them, fitted to a 5×5 one by `FilterFit`.
///
/// The fit ends in a local minimum, so it begins from several V, each is swept a little, and the best one
/// is gone on with: the directions that carry most of what all 3×3 windows of W put out on the data, those
/// that carry most of the windows themselves, and mixtures of windows by chance.
///
/// The ReLU starts as a linear function: each middle unit gets a bias of `linearRange` times the
/// root mean square of what it receives, and the second bias takes back what that adds. All the
/// padding lies before the first filters and all the stride after the second, where they were.
struct SmallFilters {
  /// The sequence that takes the layer's place.
  let layers: [NewLayer]
  /// E|W x − C x|² with C the two as one 5×5 layer, as long as the ReLU lets everything through.
  let error: Double

  private static let linearRange = 4.0
  private static let mostSweeps = 60
  private static let trialSweeps = 5
  private static let chanceStarts = 3

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

  /// What each unit of width carries of what the windows put out, the largest first.
  static func energies(of layer: LinearLayer, algebra: LinearAlgebra) throws -> [Double] {
    let windows = windows(of: layer)
    let found = try parts(of: windows, layer, algebra: algebra).values
    return Array(found.prefix(min(windows.rows, windows.columns)))
  }

  /// The singular values of Ω M Ωᵀ with Ω the windows, one a row, and M the second moment of what a window
  /// sees, averaged over the nine.
  private static func parts(
    of windows: Matrix, _ layer: LinearLayer, algebra: LinearAlgebra
  ) throws -> LinearAlgebra.SingularValues {
    let moment = layer.moment.averaged(over: shifts(inputs: layer.inputs))
    let weighted = try algebra.product(windows, moment)
    return try algebra.singularValues(of: algebra.product(weighted, windows, transposingB: true))
  }

  /// - Parameter draw: gives so many values from 0 to 1.
  private static func starts(
    _ windows: Matrix, _ layer: LinearLayer, width: Int, algebra: LinearAlgebra,
    draw: (Int) -> [Float]
  ) throws -> [Matrix] {
    let weighted = try parts(of: windows, layer, algebra: algebra).left
    var directions = Matrix(rows: width, columns: windows.rows)
    for unit in 0..<min(width, weighted.columns) {
      for column in 0..<directions.columns { directions[unit, column] = weighted[column, unit] }
    }
    let plain = try algebra.singularValues(of: windows)
    var vectors = Matrix(rows: width, columns: windows.columns)
    for unit in 0..<min(width, plain.values.count) {
      for column in 0..<vectors.columns { vectors[unit, column] = plain.right[unit, column] }
    }
    let mixtures = try (0..<chanceStarts).map { _ in
      try Matrix(
        rows: width, columns: windows.rows,
        values: draw(width * windows.rows).map { Double($0) - 0.5 })
    }
    return try [algebra.product(directions, windows), vectors]
      + mixtures.map { try algebra.product($0, windows) }
  }

  private static func fit(
    _ layer: LinearLayer, width: Int, algebra: LinearAlgebra, draw: (Int) -> [Float]
  ) throws -> FilterFit {
    let shifts = shifts(inputs: layer.inputs)
    var fits: [(fit: FilterFit, error: Double)] = []
    for first in try starts(
      windows(of: layer), layer, width: width, algebra: algebra, draw: draw)
    {
      var fit = try FilterFit(layer, shifts: shifts, first: first, algebra: algebra)
      try fit.sweep(atMost: trialSweeps)
      fits.append((fit, try fit.error()))
    }
    guard var best = fits.min(by: { $0.error < $1.error })?.fit else {
      throw StrategyError("'\(layer.layer.name)' has no filters to start from")
    }
    try best.sweep(atMost: mostSweeps)
    return best
  }

  /// - Parameters:
  ///   - width: units between the two.
  ///   - draw: gives so many values from 0 to 1.
  init(
    of layer: LinearLayer, width: Int, algebra: LinearAlgebra, draw: (Int) -> [Float]
  ) throws {
    let shifts = SmallFilters.shifts(inputs: layer.inputs)
    let fit = try SmallFilters.fit(layer, width: width, algebra: algebra, draw: draw)
    let composed = try fit.composed()
    error = try layer.error(of: composed, algebra: algebra)
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
