package import StrategyKit

/// Which side of a new unit is 0, so that the function stays as it is.
package enum SilentSide: String, CaseIterable, Sendable {
  /// What leads in. A bias just above 0 keeps a ReLU open for every sample, as if its derivative at 0
  /// were 1. Where a layer has no biases, as before a batch normalisation, what leads out is 0 instead.
  case fanIn = "fan-in"
  /// What leads out.
  case fanOut = "fan-out"
  /// Neither: the function changes at once.
  case none
  /// Neither, but units come in pairs of opposite fan-out (Yuan et al. 2023, "variance transfer").
  case pair
}

/// Units that were chosen, on their way into a plan.
package struct UnitGrowth {
  package let side: SilentSide
  /// The norms of new units as a share of the mean of those that are there; 0 for √fall on both sides.
  package let scale: Double
  /// Enough to keep a ReLU open, and too little to be seen.
  private static let open: Float = 1e-6

  package init(side: SilentSide, scale: Double) {
    self.side = side
    self.scale = scale
  }

  /// How many units a candidate becomes.
  package var unitsEach: Int { side == .pair ? 2 : 1 }

  /// Emits what was chosen, one edit a group, from the output on to the input, so that a reader's new
  /// units are there when units come before it; they get nothing from those.
  ///
  /// - Parameters:
  ///   - chosen: groups and their units.
  ///   - share: of the scale.
  /// - Returns: how many edits.
  package func emit(
    _ chosen: [Candidates.OfGroup], times share: Double = 1,
    in network: NetworkView, plan: Plan
  ) throws -> Int {
    let sized = try chosen.map { group, units in
      let norms = try scale > 0 && !units.isEmpty ? group.meanNorms(in: network) : (1, 1)
      return (group, units.flatMap { self.sized($0, group, norms, share) })
    }
    return try UnitSides.emit(sized, in: network, plan: plan)
  }

  /// A length of a step and what it does.
  package struct Step {
    package let length: Double
    /// The change of the loss, to first order and as measured.
    package let prediction: Double
    package let change: Double
  }

  /// The lengths that are tried, those of growing by TINY's authors.
  package static let lengths = [1, 0.5, 0.1]

  /// Tries what was chosen at several lengths, and takes it back.
  ///
  /// - Parameter loss: As it is.
  /// - Returns: The length at which the loss falls most; nil where it falls at none.
  package func search(
    _ chosen: [Candidates.OfGroup], from loss: Double, lengths: [Double] = lengths,
    in network: NetworkView, plan: Plan
  ) throws -> Step? {
    let slope = chosen.reduce(0.0) { sum, growth in
      growth.units.reduce(sum) { $0 + $1.worth }
    }
    var best: Step?
    for length in lengths {
      let edits = try emit(chosen, times: length, in: network, plan: plan)
      guard edits > 0 else { return nil }
      let change = try plan.loss() - loss
      try plan.retract(edits)
      if change < best?.change ?? 0 {
        best = Step(length: length, prediction: -length * slope, change: change)
      }
    }
    return best
  }

  private func sized(
    _ unit: CandidateUnit, _ group: GrowingGroup, _ norms: (fanIn: Double, fanOut: Double),
    _ share: Double
  ) -> [UnitSides] {
    var (into, out): (Double, Double)
    if scale > 0 {
      let norm = unit.fanIn.reduce(0) { $0 + $1 * $1 }.squareRoot()
      into = norm > 0 ? share * scale * norms.fanIn / norm : 0
      out = share * scale * norms.fanOut
    } else {
      // What promises nothing changes nothing yet.
      let isPromising = unit.fall > 0
      into = isPromising ? (share * unit.fall).squareRoot() : 1
      out = isPromising ? into : 0
    }
    let isOpen = side == .fanIn && group.layer.biasCount > 0
    if isOpen { into = 0 }
    if side == .fanOut || (side == .fanIn && !isOpen) { out = 0 }
    let sides = UnitSides(
      fanIn: unit.fanIn.map { Float(into * $0) },
      bias: isOpen ? Self.open : Float(into * unit.bias),
      fanOut: unit.fanOut.map { $0.map { Float(out * $0) } })
    return side == .pair ? [sides, sides.withOppositeFanOut] : [sides]
  }
}
