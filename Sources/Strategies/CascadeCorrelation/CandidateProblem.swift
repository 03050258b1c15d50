/// What candidates are trained on: what they read, and the error that the network has left.
package struct CandidateProblem: Sendable {
  /// Samples × width, row-major; a last 1 where units have biases.
  let inputs: [Double]
  let width: Int
  /// Samples × outputs, row-major, less the one mean over samples and outputs.
  let errors: [Double]
  /// The mean that was taken off.
  private let mean: Double
  let outputs: Int
  /// Σ e² over samples and outputs, of the errors as they were; never 0.
  let squares: Double
  let activation: Squashing

  /// Below what single precision knows of errors near 1, and far from where a quotient overflows it.
  private static let leastSquares = 1e-20

  package var samples: Int { errors.count / outputs }

  /// - Parameters:
  ///   - inputs: samples × features, row-major.
  ///   - errors: samples × outputs, row-major.
  ///   - isBiased: whether units have biases.
  package init(
    inputs: [Float], errors: [Float], outputs: Int, isBiased: Bool, activation: Squashing
  ) {
    let samples = errors.count / max(1, outputs)
    let features = inputs.count / max(1, samples)
    width = features + (isBiased ? 1 : 0)
    var rows: [Double] = []
    rows.reserveCapacity(samples * width)
    for sample in 0..<samples {
      let row = inputs[sample * features..<(sample + 1) * features]
      rows.append(contentsOf: row.lazy.map { Double($0) })
      if isBiased { rows.append(1) }
    }
    self.inputs = rows
    let mean = errors.reduce(0) { $0 + Double($1) } / Double(max(1, errors.count))
    let squares = errors.reduce(0) { $0 + Double($1) * Double($1) }
    self.errors = errors.map { Double($0) - mean }
    self.mean = mean
    self.outputs = max(1, outputs)
    self.squares = max(squares, Self.leastSquares)
    self.activation = activation
  }

  /// A candidate's value for each sample.
  package func values(of weights: [Double]) -> [Double] {
    (0..<samples).map { sample in
      var sum = 0.0
      for index in 0..<width { sum += weights[index] * inputs[sample * width + index] }
      return activation.value(at: sum)
    }
  }

  /// For each output the covariance of a candidate's values with the error, over Σ e²:
  ///
  ///     c_o = Σ_p v_p (e_po − ē) / Σ e²
  package func covariances(of values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: outputs)
    for (sample, value) in values.enumerated() {
      for output in 0..<outputs { sums[output] += value * errors[sample * outputs + output] }
    }
    return sums.map { $0 / squares }
  }

  /// For each output the mean over samples of a candidate's values times the error as it was: with
  /// gradients for errors, the slope of the mean loss in the candidate's fan-out at 0.
  func errorProducts(of values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return covariances(of: values).map { ($0 * squares + mean * sum) / Double(max(1, samples)) }
  }

  /// The slope of S = Σ_o |c_o| in a candidate's weights:
  ///
  ///     ∂S/∂w_i = Σ_p (Σ_o sign_o (e_po − ē) / Σ e²) f'(net_p) x_pi
  ///
  /// - Parameters:
  ///   - values: the candidate's.
  ///   - signs: of the covariance with each output. The paper's program, which sees every sample once an
  ///     epoch, has those of the epoch before.
  package func slope(of values: [Double], signs: [Double]) -> [Double] {
    var slope = [Double](repeating: 0, count: width)
    for (sample, value) in values.enumerated() {
      var pull = 0.0
      for output in 0..<outputs { pull += signs[output] * errors[sample * outputs + output] }
      pull *= activation.slope(atValue: value) / squares
      for index in 0..<width { slope[index] += pull * inputs[sample * width + index] }
    }
    return slope
  }
}
