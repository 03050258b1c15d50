import Networks
import Numerics

/// The plain definitions: central differences of the precise engine's outputs and gradients, dense
/// matrices, no recursion.
struct BruteForce {
  let problem: Problem

  init(_ problem: Problem) { self.problem = problem }

  var parameters: [Double] { problem.network.values.map(Double.init) }

  private func engine(_ parameters: [Double]) -> PreciseEngine<Double> {
    PreciseEngine(
      graph: problem.network.graph, parameters: parameters,
      statistics: problem.network.statistics.map(Double.init))
  }

  /// The outputs of each sample.
  func outputs(_ parameters: [Double]) -> [[Double]] {
    let engine = engine(parameters)
    return (0..<problem.samples.count).map { engine.forward(problem.samples.input($0)) }
  }

  func meanLoss(_ parameters: [Double]) -> Double {
    let losses = outputs(parameters).enumerated().map { sample, outputs in
      problem.loss.slope(of: outputs, problem.samples, sample: sample).loss
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  func gradient(_ parameters: [Double]) -> [Double] {
    let engine = engine(parameters)
    var sum = [Double](repeating: 0, count: parameters.count)
    for sample in 0..<problem.samples.count {
      let outputs = engine.forward(problem.samples.input(sample))
      engine.backward(
        from: problem.loss.slope(of: outputs, problem.samples, sample: sample).gradient,
        into: &sum)
    }
    return sum.map { $0 / Double(problem.samples.count) }
  }

  /// The central difference of `f` along each parameter.
  func differences<Value>(
    step: Double = 1e-5, _ f: ([Double]) -> Value, _ quotient: (Value, Value, Double) -> Value
  ) -> [Value] {
    parameters.indices.map { index in
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      return quotient(f(above), f(below), above[index] - below[index])
    }
  }

  /// ∂²L/∂w², from central differences of the gradient.
  func hessian() -> Matrix {
    let rows = differences(gradient) { above, below, step in
      zip(above, below).map { ($0 - $1) / step }
    }
    return Matrix(rows: rows.count, columns: rows.count, values: rows.flatMap { $0 })
  }

  /// For each sample the Jacobian, outputs × parameters, from central differences of the outputs.
  func jacobians() -> [Matrix] {
    let columns = differences(outputs) { above, below, step in
      zip(above, below).map { zip($0, $1).map { ($0 - $1) / step } }
    }
    let width = problem.network.graph.outputs
    return (0..<problem.samples.count).map { sample in
      var jacobian = Matrix(rows: width, columns: columns.count)
      for (column, value) in columns.enumerated() {
        for output in 0..<width { jacobian[output, column] = value[sample][output] }
      }
      return jacobian
    }
  }

  /// The Hessian of one sample's loss in its outputs, in closed form.
  func outputHessian(_ outputs: [Double]) -> Matrix {
    let width = outputs.count
    guard problem.loss == .crossEntropy else {
      return Matrix(identity: width, times: 2 / Double(width))
    }
    let powers = outputs.map { $0.exponential }
    let p = powers.map { $0 / powers.reduce(0, +) }
    var hessian = Matrix(rows: width, columns: width)
    for row in 0..<width {
      for column in 0..<width {
        hessian[row, column] = (row == column ? p[row] : 0) - p[row] * p[column]
      }
    }
    return hessian
  }

  /// (1/N) Σ Jᵀ H_L J.
  func gaussNewton() throws -> Matrix {
    var sum = Matrix(rows: parameters.count, columns: parameters.count)
    for (jacobian, outputs) in zip(jacobians(), outputs(parameters)) {
      let product = try jacobian.transposed.multiplied(by: outputHessian(outputs))
        .multiplied(by: jacobian)
      for index in sum.values.indices {
        sum.values[index] += product.values[index] / Double(problem.samples.count)
      }
    }
    return sum
  }
}

/// The largest difference relative to the largest reference.
func distance(_ values: [Double], _ reference: [Double]) -> Double {
  guard values.count == reference.count, let scale = reference.map({ abs($0) }).max(), scale > 0
  else { return .infinity }
  return (zip(values, reference).map { abs($0 - $1) }.max() ?? 0) / scale
}

func distance(_ values: [Float], _ reference: [Double]) -> Double {
  distance(values.map(Double.init), reference)
}
