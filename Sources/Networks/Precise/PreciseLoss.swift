package import Numerics

extension Samples {
  /// One sample's input, in the order of channels, rows, columns.
  package func input(_ sample: Int) -> ArraySlice<Float> {
    inputs[sample * features..<(sample + 1) * features]
  }
}

extension Loss {
  /// The loss of one sample and its gradient in the outputs.
  ///
  /// Squared error is the mean over the outputs. Labels under squared error count as one-hot
  /// targets, values under cross-entropy as a distribution over the classes.
  ///
  /// - Precondition: `samples` has as many outputs as `outputs` has values.
  package func slope<S: Scalar>(
    of outputs: [S], _ samples: Samples, sample: Int
  ) -> (loss: S, gradient: [S]) {
    let targets = samples.denseTarget(sample)
    precondition(
      targets.count == outputs.count, "\(targets.count) targets, \(outputs.count) outputs")
    var loss = S(0)
    switch self {
    case .squaredError:
      let share = S(1 / Double(outputs.count))
      let gradient = outputs.indices.map { index in
        let error = outputs[index] - S(targets[index])
        loss += share * error * error
        return S(2) * share * error
      }
      return (loss, gradient)
    case .crossEntropy:
      let highest = S(outputs.map(\.real).max() ?? 0)
      let powers = outputs.map { ($0 - highest).exponential }
      let sum = powers.reduce(S(0), +)
      let gradient = outputs.indices.map { index in
        loss += S(targets[index]) * (sum.logarithm - (outputs[index] - highest))
        return powers[index] / sum - S(targets[index])
      }
      return (loss, gradient)
    }
  }

  /// A square root of the loss's Hessian in the outputs: S with S Sᵀ = ∂²L/∂o², one column an
  /// output. Softmax: √p_k (e_k − p), which gives diag(p) − p pᵀ; squared error: √(2 / outputs) e_k.
  package func hessianFactor(_ outputs: [Double]) -> [[Double]] {
    let count = outputs.count
    switch self {
    case .squaredError:
      let root = (2 / Double(count)).squareRoot()
      return (0..<count).map { column in (0..<count).map { $0 == column ? root : 0 } }
    case .crossEntropy:
      let p = Self.softmax(outputs)
      return (0..<count).map { column in
        (0..<count).map { p[column].squareRoot() * (($0 == column ? 1 : 0) - p[$0]) }
      }
    }
  }

  /// The diagonal of the loss's Hessian in the outputs.
  package func hessianDiagonal(_ outputs: [Double]) -> [Double] {
    switch self {
    case .squaredError: outputs.map { _ in 2 / Double(outputs.count) }
    case .crossEntropy: Self.softmax(outputs).map { $0 * (1 - $0) }
    }
  }

  private static func softmax(_ outputs: [Double]) -> [Double] {
    let highest = outputs.max() ?? 0
    let powers = outputs.map { ($0 - highest).exponential }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}

extension Samples {
  fileprivate func denseTarget(_ sample: Int) -> [Double] {
    switch targets {
    case .labels(let labels, let classes):
      (0..<classes).map { $0 == Int(labels[sample]) ? 1 : 0 }
    case .values(let values, let width):
      values[sample * width..<(sample + 1) * width].map(Double.init)
    }
  }
}
