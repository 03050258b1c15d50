/// A unit that could be added to a group of layers of one width.
///
/// In a natural scale: its pre-activation has the second moment 1 in the problem's metric, and what leads
/// out of it the Euclidean norm 1. With √fall times both it changes the loss by −fall² to first order.
package struct CandidateUnit: Sendable {
  /// Into it, as a row of the group's first layer has them.
  package var fanIn: [Double]
  /// 0 where the layer has none.
  package var bias: Double
  /// Out of it: for each edge from the first layer the reader's weights for the unit, its outputs in
  /// order, and of each the unit's inputs and their kernels.
  package var fanOut: [[Double]]
  /// How fast the mean loss falls with the unit's share of the reader's pre-activations, as measured
  /// behind the activation; negative where it rises.
  package var fall: Double
  /// The curvature of the loss along the unit's share of the reader's pre-activations; 1 for a squared
  /// error.
  package var curvature = 1.0
  /// Whether it is the second sign of the direction before it.
  var isNegated = false

  /// What a unit is worth at first order; 0 where the loss would rise.
  package var worth: Double { fall > 0 ? fall * fall : 0 }

  /// What the best length of the step lowers the loss by, to second order.
  package var gain: Double { curvature > 0 ? worth / (2 * curvature) : 0 }

  package init(fanIn: [Double], bias: Double = 0, fanOut: [[Double]] = [], fall: Double = 0) {
    self.fanIn = fanIn
    self.bias = bias
    self.fanOut = fanOut
    self.fall = fall
  }
}

/// How the norms of new units are measured.
package enum UnitMetric: String, CaseIterable, Sendable {
  /// As they are: |ψ| = 1.
  case identity
  /// By what they make of the inputs: ψᵀ E[h hᵀ] ψ = 1.
  case covariance
}

/// What new units are to follow.
package enum UnitTarget: String, CaseIterable, Sendable {
  /// The fall of the loss in the reader's pre-activations.
  case raw
  /// What of it the units that are there cannot follow.
  case residual
}

/// Where the directions of new units come from.
package enum UnitSource: String, CaseIterable, Sendable {
  /// Singular vectors of the cross moment of inputs and slopes.
  case singular
  /// Its largest entries, each with a sign at random (Dai, Yin & Jha 2017, "NeST").
  case entries
  /// Chance.
  case random
}
