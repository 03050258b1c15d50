package import Numerics

/// First- and second-order quantities of the mean loss over samples, one sample at a time in double
/// precision.
///
/// All vectors are flat, in the order of the network's layout, and cover every parameter, masked
/// ones and those of batch normalisations too. The network is in inference mode.
package struct PreciseCurvature {
  package let network: Network
  package let samples: Samples
  package let loss: Loss

  /// - Precondition: the samples' features and outputs are the network's.
  package init(network: Network, samples: Samples, loss: Loss) {
    precondition(samples.features == network.graph.inputShape.count, "inputs of another width")
    precondition(samples.outputs == network.graph.outputs, "outputs of another width")
    self.network = network
    self.samples = samples
    self.loss = loss
  }

  private var zeros: [Double] { [Double](repeating: 0, count: network.layout.count) }
  private var share: Double { 1 / Double(max(samples.count, 1)) }

  /// The mean loss.
  package func meanLoss() -> Double {
    let engine = PreciseEngine<Double>(network)
    var sum = 0.0
    for sample in 0..<samples.count {
      let outputs = engine.forward(samples.input(sample))
      sum += loss.slope(of: outputs, samples, sample: sample).loss
    }
    return sum * share
  }

  /// Calls `body` with each sample's number and the gradient of its loss.
  package func forEachGradient(_ body: (_ sample: Int, _ gradient: [Double]) -> Void) {
    let engine = PreciseEngine<Double>(network)
    for sample in 0..<samples.count {
      let outputs = engine.forward(samples.input(sample))
      var gradient = zeros
      engine.backward(
        from: loss.slope(of: outputs, samples, sample: sample).gradient, into: &gradient)
      body(sample, gradient)
    }
  }

  /// The gradient of the mean loss.
  package func gradient() -> [Double] {
    var sum = zeros
    forEachGradient { _, gradient in add(share, gradient, to: &sum) { $0 } }
    return sum
  }

  /// The diagonal of the empirical Fisher matrix: the mean of the squared per-sample gradients.
  package func fisherDiagonal() -> [Double] {
    var sum = zeros
    forEachGradient { _, gradient in add(share, gradient, to: &sum) { $0 * $0 } }
    return sum
  }

  /// Calls `body` with the rows X of the Gauss–Newton matrix (1/N) Σ X Xᵀ: for each sample one an
  /// output, a column of the square root of the output Hessian times the Jacobian.
  package func forEachFactorRow(_ body: (_ row: [Double]) throws -> Void) rethrows {
    let engine = PreciseEngine<Double>(network)
    for sample in 0..<samples.count {
      let outputs = engine.forward(samples.input(sample))
      for column in loss.hessianFactor(outputs) {
        var row = zeros
        engine.backward(from: column, into: &row)
        try body(row)
      }
    }
  }

  /// The exact diagonal of the Gauss–Newton matrix.
  package func gaussNewtonDiagonal() -> [Double] {
    var sum = zeros
    forEachFactorRow { row in add(share, row, to: &sum) { $0 * $0 } }
    return sum
  }

  /// The diagonal of the Hessian by LeCun's recursion; see
  /// ``PreciseEngine/addLeCunDiagonal(from:into:)``.
  package func leCunDiagonal() -> [Double] {
    let engine = PreciseEngine<Double>(network)
    var sum = zeros
    var unused = zeros
    for sample in 0..<samples.count {
      let outputs = engine.forward(samples.input(sample))
      engine.backward(
        from: loss.slope(of: outputs, samples, sample: sample).gradient, into: &unused)
      engine.addLeCunDiagonal(from: loss.hessianDiagonal(outputs), into: &sum)
    }
    return sum.map { $0 * share }
  }

  /// The Hessian of the mean loss times `direction`, exact: forward differentiation of the gradient
  /// (Pearlmutter 1994). Costs about three gradients.
  ///
  /// - Precondition: `direction` has one value a parameter.
  package func hessianProduct(_ direction: [Double]) -> [Double] {
    precondition(direction.count == network.layout.count, "the direction has another length")
    let engine = PreciseEngine<Dual>(
      graph: network.graph,
      parameters: zip(network.values, direction).map { Dual(Double($0), tangent: $1) },
      statistics: network.statistics.map(Double.init))
    var sum = [Dual](repeating: Dual(0), count: direction.count)
    for sample in 0..<samples.count {
      let outputs = engine.forward(samples.input(sample))
      engine.backward(
        from: loss.slope(of: outputs, samples, sample: sample).gradient, into: &sum)
    }
    return sum.map { $0.tangent * share }
  }

  @inline(__always)
  private func add(
    _ factor: Double, _ values: [Double], to sum: inout [Double], _ power: (Double) -> Double
  ) {
    for index in sum.indices { sum[index] += factor * power(values[index]) }
  }
}
