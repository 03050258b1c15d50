import StrategyKit

/// Optimal Brain Surgeon over all live weights of the network at once.
///
/// See `OptimalBrainSurgeon` for the papers. Departs from them:
/// - A weight without curvature, [H]_qq = 0 before damping, moves no output of any sample: it costs
///   nothing and goes first. The damping alone would give it a loss, w² · ridge / 2, and needed
///   weights would go before it.
/// - The quadratic form is good for small changes. So the inverse is taken anew, of the network as the
///   removals so far have left it, each time a sixteenth of the weights is gone; the 1993 paper does
///   so after every weight. What lost its last reader meanwhile has no curvature any more.
package struct ExactSurgery {
  private let damping: Double
  private let removals: Int
  /// How many weights there are before any goes.
  let live: Int

  /// Of the live weights, the share that goes with one inverse.
  private static let shareOfAnInverse = 1.0 / 16
  /// Some seconds of one core.
  private static let quickOperations = 2e10
  /// Passes back through the network that an inverse is made of, about: samples times outputs.
  private static let passes = 1e4

  /// - Parameters:
  ///   - damping: what is added to the diagonal, relative to its mean.
  ///   - removals: how many weights are to go.
  ///   - live: how many there are.
  package init(damping: Double, removals: Int, of live: Int) {
    self.damping = damping
    self.removals = removals
    self.live = live
  }

  /// What the host and the strategy hold together while an inverse is made.
  var bytes: Int {
    let (square, overflows) = live.multipliedReportingOverflow(by: live)
    return overflows || square > Int.max / 24 ? .max : 24 * square
  }

  /// Whether the round takes seconds: by the inverses, each n³ for n live weights and some thousand
  /// passes through all parameters. An estimate, so that it is the same on every machine.
  package func isQuick(parameters: Int) -> Bool {
    var left = Double(live)
    let goal = Double(live - removals)
    var operations = 0.0
    while left > goal, operations <= Self.quickOperations {
      operations += left * left * left + Self.passes * Double(parameters)
      left -= max(1, left * Self.shareOfAnInverse)
    }
    return operations <= Self.quickOperations
  }

  func propose(from layers: [LayerParameters], in network: NetworkView, plan: Plan) throws {
    var weights = layers.enumerated().flatMap { index, layer in
      layer.candidates.map {
        LiveWeight(layer: index, position: $0, value: Double(layer.values[$0]))
      }
    }
    let goal = weights.count - removals
    var expected = 0.0
    while weights.count > goal {
      let curvature = try layers.map { try plan.values(of: .gaussNewtonDiagonal, for: $0.layer) }
      let silent = weights.indices.filter {
        curvature[weights[$0].layer][weights[$0].position] == 0
      }
      var removed = Set(silent.prefix(weights.count - goal))
      // One elimination at most: what goes beyond it waits for the next inverse.
      let more = min(
        weights.count - removed.count - goal,
        max(1, Int(Double(weights.count) * Self.shareOfAnInverse)))
      if more > 0 {
        let eliminated = try eliminate(
          more, of: &weights, sparing: removed, in: network, plan: plan)
        removed.formUnion(eliminated.map(\.position))
        expected += eliminated.reduce(0) { $0 + $1.loss }
      }
      try emit(removed, of: weights, from: layers, to: plan)
      weights = weights.indices.filter { !removed.contains($0) }.map { weights[$0] }
    }
    try plan.predict(lossChange: expected)
  }

  private struct LiveWeight {
    var layer: Int
    var position: Int
    /// Not rounded to what the plan carries.
    var value: Double
  }

  /// Removes the cheapest weights one by one, and lets the others make up for them.
  ///
  /// - Parameter silent: what goes without a loss; nothing depends on it.
  private func eliminate(
    _ count: Int, of weights: inout [LiveWeight], sparing silent: Set<Int>, in network: NetworkView,
    plan: Plan
  ) throws -> [SurgicalElimination.Removal] {
    var elimination = SurgicalElimination(
      inverse: try inverse(of: weights.count, in: network, plan: plan),
      weights: weights.map(\.value),
      isCandidate: weights.indices.map { !silent.contains($0) },
      algebra: try network.linearAlgebra())
    let removed = try (0..<count).compactMap { _ in try elimination.removeCheapest() }
    for (index, value) in elimination.survivors { weights[index].value = value }
    return removed
  }

  /// The inverse with the plan so far applied, with as little damping more as it takes.
  private func inverse(of size: Int, in network: NetworkView, plan: Plan) throws -> Matrix {
    let inverse = try plan.inverseHessian(size: size, damping: damping)
    if inverse.damping > damping {
      network.log("obs: the damping had to be raised to \(inverse.damping)", isWarning: true)
    }
    return inverse.matrix
  }

  private func emit(
    _ removed: Set<Int>, of weights: [LiveWeight], from layers: [LayerParameters], to plan: Plan
  ) throws {
    for (index, layer) in layers.enumerated() {
      let own = weights.indices.filter { weights[$0].layer == index }
      try plan.emit(
        removed: own.filter(removed.contains).map { weights[$0].position },
        kept: own.filter { !removed.contains($0) }
          .map { (weights[$0].position, Float(weights[$0].value)) },
        of: layer.layer)
    }
  }
}
