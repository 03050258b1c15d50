import StrategyKit

/// Two 3×3 convolutions with a ReLU between them, fitted to a 5×5 one.
///
/// With V the first filters and U the second, C = U∗V is again a 5×5 convolution. It is fitted to
/// the layer's outputs, min E|W x − C x|², by solving for U with V held, and then for each unit's V
/// with the rest held; both are linear least squares with the second moment of the layer's inputs.
/// V starts from the singular vectors of all 3×3 windows of W. The fit may end in a local minimum.
///
/// The ReLU starts as a linear function: each middle unit gets a bias of `linearRange` times the
/// root mean square of what it receives, and the second bias takes back what that adds. All the
/// padding lies before the first filters and all the stride after the second, where they were.
struct SmallFilters {
  /// The sequence that takes the layer's place.
  let layers: [NewLayer]

  private static let linearRange = 4.0
  private static let mostSweeps = 60
  private static let leastGain = 1e-3

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
  static func windows(of parameters: [Float], _ layer: Layer) -> Matrix {
    let shifts = shifts(inputs: layer.inputs)
    var windows = Matrix(rows: layer.outputs * 9, columns: layer.inputs * 9)
    for output in 0..<layer.outputs {
      for (shift, positions) in shifts.enumerated() {
        for (column, position) in positions.enumerated() {
          windows[output * 9 + shift, column] = Double(parameters[output * layer.fanIn + position])
        }
      }
    }
    return windows
  }

  init(
    _ layer: Layer, _ parameters: [Float], width: Int, in network: NetworkView,
    algebra: LinearAlgebra
  ) throws {
    var fit = try Fit(layer, parameters, width: width, in: network, algebra: algebra)
    var error = Double.infinity
    for _ in 0..<SmallFilters.mostSweeps {
      try fit.solveSecond()
      try fit.solveFirst()
      let now = try fit.error()
      guard now < error * (1 - SmallFilters.leastGain) else { break }
      error = now
    }
    try fit.solveSecond()
    fit.balance()
    let middle = fit.inputScales().map { Float($0 * SmallFilters.linearRange) }
    var biases = [Float](repeating: 0, count: layer.outputs)
    for output in 0..<layer.outputs {
      let old = layer.biasCount > 0 ? parameters[layer.weightCount + output] : 0
      let added = (0..<width * 9).reduce(0.0) {
        $0 + fit.second[output, $1] * Double(middle[$1 / 9])
      }
      biases[output] = old - Float(added)
    }
    layers = [
      .convolution(
        outputs: width, inputs: layer.inputs, kernel: Size(height: 3, width: 3),
        stride: Size(height: 1, width: 1), padding: layer.padding,
        weights: fit.first.values.map { Float($0) }, biases: middle),
      .relu,
      .convolution(
        outputs: layer.outputs, inputs: width, kernel: Size(height: 3, width: 3),
        stride: layer.stride, padding: Size(height: 0, width: 0),
        weights: fit.second.values.map { Float($0) }, biases: biases),
    ]
  }

  /// The state of the alternating least squares.
  private struct Fit {
    /// V: width by (inputs · 9).
    var first: Matrix
    /// U: outputs by (width · 9).
    var second: Matrix
    private let target: Matrix
    private let moment: Matrix
    private let shifts: [[Int]]
    private let algebra: LinearAlgebra

    init(
      _ layer: Layer, _ parameters: [Float], width: Int, in network: NetworkView,
      algebra: LinearAlgebra
    ) throws {
      self.algebra = algebra
      shifts = SmallFilters.shifts(inputs: layer.inputs)
      let size = layer.fanIn
      target = try Matrix(
        rows: layer.outputs, columns: size,
        values: parameters.prefix(layer.weightCount).map { Double($0) })
      let stride = size + (layer.biasCount > 0 ? 1 : 0)
      let values = try network.values(of: .inputMoment, for: layer)
      guard values.count == stride * stride else {
        throw StrategyError(
          "'\(layer.name)' needs an input moment of \(stride) by \(stride), not \(values.count) "
            + "values")
      }
      var moment = Matrix(rows: size, columns: size)
      for row in 0..<size {
        for column in 0..<size { moment[row, column] = Double(values[row * stride + column]) }
      }
      let mean = (0..<size).reduce(0) { $0 + moment[$1, $1] } / Double(size)
      // Directions that the inputs never take are fitted too, a little.
      for row in 0..<size { moment[row, row] += mean > 0 ? 1e-6 * mean : 1 }
      self.moment = moment
      let windows = SmallFilters.windows(of: parameters, layer)
      let parts = try algebra.singularValues(of: windows)
      first = Matrix(rows: width, columns: windows.columns)
      for unit in 0..<min(width, parts.values.count) {
        for column in 0..<windows.columns { first[unit, column] = parts.right[unit, column] }
      }
      second = Matrix(rows: layer.outputs, columns: width * 9)
    }

    /// Every middle unit's 9 placements as 5×5 filters: (unit, shift) by patch.
    private var placements: Matrix {
      var placements = Matrix(rows: first.rows * 9, columns: target.columns)
      for unit in 0..<first.rows {
        for (shift, positions) in shifts.enumerated() {
          for (index, position) in positions.enumerated() {
            placements[unit * 9 + shift, position] = first[unit, index]
          }
        }
      }
      return placements
    }

    /// W − C.
    private func residual() throws -> Matrix {
      var residual = try algebra.product(second, placements)
      for index in residual.values.indices {
        residual.values[index] = target.values[index] - residual.values[index]
      }
      return residual
    }

    /// E|W x − C x|².
    func error() throws -> Double {
      let residual = try residual()
      let weighted = try algebra.product(residual, moment)
      return zip(residual.values, weighted.values).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The best U for this V: W M Tᵀ (T M Tᵀ)⁻¹ with T the placements.
    mutating func solveSecond() throws {
      let placements = placements
      let weighted = try algebra.product(placements, moment)
      let normal = try inverse(algebra.product(weighted, placements, transposingB: true))
      let right = try algebra.product(target, weighted, transposingB: true)
      second = try algebra.product(right, normal)
    }

    /// The best V of one unit after the other for this U.
    mutating func solveFirst() throws {
      var residual = try residual()
      for unit in 0..<first.rows {
        add(unit, times: 1, to: &residual)
        try solve(unit, residual)
        add(unit, times: -1, to: &residual)
      }
    }

    private func add(_ unit: Int, times sign: Double, to residual: inout Matrix) {
      for output in 0..<target.rows {
        for (shift, positions) in shifts.enumerated() {
          let factor = sign * second[output, unit * 9 + shift]
          for (index, position) in positions.enumerated() {
            residual[output, position] += factor * first[unit, index]
          }
        }
      }
    }

    private mutating func solve(_ unit: Int, _ residual: Matrix) throws {
      var filters = Matrix(rows: target.rows, columns: 9)
      for output in 0..<target.rows {
        for shift in 0..<9 { filters[output, shift] = second[output, unit * 9 + shift] }
      }
      let overlap = try algebra.product(filters, transposingA: true, filters)
      let pulled = try algebra.product(
        algebra.product(filters, transposingA: true, residual), moment)
      var normal = Matrix(rows: first.columns, columns: first.columns)
      var right = Matrix(rows: first.columns, columns: 1)
      for (shift, rows) in shifts.enumerated() {
        for (index, row) in rows.enumerated() {
          right[index, 0] += pulled[shift, row]
          for (other, columns) in shifts.enumerated() {
            let factor = overlap[shift, other]
            for (place, column) in columns.enumerated() {
              normal[index, place] += factor * moment[row, column]
            }
          }
        }
      }
      let solution = try algebra.product(inverse(normal), right)
      for index in 0..<first.columns { first[unit, index] = solution[index, 0] }
    }

    /// The inverse of a sum of squares, which is singular where a unit does nothing.
    private func inverse(_ normal: Matrix) throws -> Matrix {
      var normal = normal
      let mean = (0..<normal.rows).reduce(0) { $0 + normal[$1, $1] } / Double(normal.rows)
      for row in 0..<normal.rows { normal[row, row] += mean > 0 ? 1e-9 * mean : 1 }
      try algebra.invert(&normal)
      return normal
    }

    /// Gives both filters of a middle unit the same norm.
    mutating func balance() {
      for unit in 0..<first.rows {
        let into = (0..<first.columns).reduce(0) { $0 + first[unit, $1] * first[unit, $1] }
        let out = (0..<second.rows * 9).reduce(0) {
          let value = second[$1 / 9, unit * 9 + $1 % 9]
          return $0 + value * value
        }
        guard into > 0, out > 0 else { continue }
        let factor = (out / into).squareRoot().squareRoot()
        for column in 0..<first.columns { first[unit, column] *= factor }
        for index in 0..<second.rows * 9 { second[index / 9, unit * 9 + index % 9] /= factor }
      }
    }

    /// The root mean square of what each middle unit receives.
    func inputScales() -> [Double] {
      let centre = shifts[4]
      return (0..<first.rows).map { unit in
        var sum = 0.0
        for (index, row) in centre.enumerated() {
          for (other, column) in centre.enumerated() {
            sum += first[unit, index] * moment[row, column] * first[unit, other]
          }
        }
        return max(0, sum).squareRoot()
      }
    }
  }
}
