import StrategyKit

/// Candidates on their way into a hidden layer.
struct UnitInstallation {
  let hidden: HiddenLayer
  let units: [Unit]
  /// Whether the first of them takes the place of the silent unit; the others come behind all.
  let takesSilentPlace: Bool
  /// Whether training leaves what leads into them as it is.
  let freezes: Bool

  /// A candidate as it becomes a unit.
  struct Unit {
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

  /// Adds the units to a plan, and says what loss is expected of them to first order.
  ///
  /// - Parameter isHalved: whether their fan-out is halved as long as that makes the loss smaller.
  func emit(into plan: Plan, halved isHalved: Bool) throws {
    var scale: Float = 1
    var edits = try emit(into: plan, fanOutTimes: scale)
    if isHalved {
      var loss = try plan.loss()
      for _ in 0..<Self.mostHalvings {
        try plan.retract(edits)
        edits = try emit(into: plan, fanOutTimes: scale / 2)
        let next = try plan.loss()
        // Whatever comes is better than a loss that is not finite.
        guard next < loss || !loss.isFinite else { break }
        (scale, loss) = (scale / 2, next)
      }
      try plan.retract(edits)
      _ = try emit(into: plan, fanOutTimes: scale)
    }
    try plan.predict(lossChange: Double(scale) * units.reduce(0) { $0 + $1.lossSlope })
  }

  /// Down to a millionth of the published length.
  private static let mostHalvings = 20

  /// - Returns: how many edits were added.
  private func emit(into plan: Plan, fanOutTimes scale: Float) throws -> Int {
    var added = units[...]
    var edits = 0
    if takesSilentPlace, let first = added.popFirst() {
      edits += try wake(first, fanOutTimes: scale, in: plan)
    }
    guard !added.isEmpty else { return edits }
    let (layer, reader) = (hidden.layer, hidden.reader)
    let columns = (0..<reader.outputs).flatMap { output in
      added.map { $0.fanOut[output] * scale }
    }
    try plan.widen(
      layer,
      by: NewUnits(
        fanIn: added.map { Array($0.fanIn.prefix(layer.fanIn)) },
        biases: layer.biasCount > 0 ? added.map { $0.fanIn[layer.fanIn] } : [],
        fanOut: [columns]))
    guard freezes else { return edits + 1 }
    let width = layer.unitCount + added.count
    try plan.freeze(
      (layer.unitCount..<width).flatMap { hidden.fanIn(of: $0, width: width) }, of: layer)
    return edits + 2
  }

  /// Puts a unit into the place of the silent one, whose fan-in and fan-out are frozen.
  ///
  /// - Returns: how many edits were added.
  private func wake(_ unit: Unit, fanOutTimes scale: Float, in plan: Plan) throws -> Int {
    let fanIn = hidden.fanIn(of: 0, width: 1)
    let fanOut = hidden.fanOut(of: 0, inputs: hidden.reader.inputs)
    try plan.setWeights(fanIn, of: hidden.layer, to: unit.fanIn)
    try plan.setWeights(fanOut, of: hidden.reader, to: unit.fanOut.map { $0 * scale })
    try plan.thaw(fanOut, of: hidden.reader)
    guard !freezes else { return 3 }
    try plan.thaw(fanIn, of: hidden.layer)
    return 4
  }
}
