import StrategyKit

/// A candidate as it becomes a unit.
struct InstalledUnit {
  /// With the bias last, where there is one.
  let fanIn: [Float]
  /// One an output.
  let fanOut: [Float]
  /// The slope of the mean loss in a factor on the fan-out, at 0.
  let lossSlope: Double

  init(_ candidate: CandidatePool.Candidate, of problem: CandidateProblem, multiplier: Double) {
    fanIn = candidate.weights.map { Float($0) }
    // Values here are those of the paper's unit times `valueScale`, and so are covariances.
    let scale = multiplier / (problem.activation.valueScale * problem.activation.valueScale)
    fanOut = candidate.covariances.map { Float(-$0 * scale) }
    let products = problem.errorProducts(of: problem.values(of: candidate.weights))
    lossSlope = zip(candidate.covariances, products).reduce(0) { $0 - $1.0 * scale * $1.1 }
  }
}

extension Plan {
  /// Adds units, and says what loss is expected of them to first order.
  ///
  /// - Parameters:
  ///   - units: the units.
  ///   - isHalved: whether their fan-out is halved as long as that makes the loss smaller.
  ///   - emit: adds them with a factor on their fan-out, and returns how many edits that took.
  func install(
    _ units: [InstalledUnit], halved isHalved: Bool, _ emit: (Float) throws -> Int
  ) throws {
    var scale: Float = 1
    var edits = try emit(scale)
    if isHalved {
      var loss = try loss()
      for _ in 0..<mostHalvings {
        try retract(edits)
        edits = try emit(scale / 2)
        let next = try self.loss()
        // Whatever comes is better than a loss that is not finite.
        guard next < loss || !loss.isFinite else { break }
        (scale, loss) = (scale / 2, next)
      }
      try retract(edits)
      _ = try emit(scale)
    }
    try predict(lossChange: Double(scale) * units.reduce(0) { $0 + $1.lossSlope })
  }
}

/// Down to a millionth of the published length.
private let mostHalvings = 20
