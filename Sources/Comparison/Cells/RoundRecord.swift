package import Networks
package import PluginHost

/// What a strategy did in a round, or at an update point of a training period.
package struct RoundRecord: Codable, Hashable, Sendable {
  /// Live weights to leave, or to grow to.
  package var weightsGoal: Int
  /// The step of the training period that came next; nil between periods.
  package var step: Int?
  /// Shown from the untrained network on.
  package var samples: Int
  package var weightsBefore: Int
  package var weights: Int
  /// From the input on, as they were left.
  package var layers: [Layer]
  package var proposal: Proposal
  /// On the training samples that the strategy read; nil where nobody measured it. The change is the
  /// one that surgery made, before any training.
  package var lossBefore: Double?
  package var lossAfter: Double?

  package struct Layer: Codable, Hashable, Sendable {
    package var name: String
    package var units: Int
    /// Live ones.
    package var weights: Int
  }

  init(_ stage: Leg.Stage, step: Int?, samples: Int, before: Network, _ outcome: RoundOutcome) {
    let network = outcome.surgery.network
    weightsGoal = stage.weightsGoal
    self.step = step
    self.samples = samples
    weightsBefore = before.counts.weights
    weights = network.counts.weights
    layers = network.layout.slots.compactMap { slot in
      let node = network.graph.nodes[slot.place]
      guard node.operation.isWeighted, let units = node.operation.units else { return nil }
      return Layer(name: node.name, units: units, weights: network.live(in: slot.weights))
    }
    proposal = outcome.proposal
    lossBefore = outcome.loss
  }
}

/// What a strategy asked for, without the numbers of it all.
package struct Proposal: Codable, Hashable, Sendable {
  /// How much of each kind: connections, units, or layers.
  package var edits: [Edit.Kind: Int] = [:]
  /// Of the scores by which weights, units or blocks were chosen, where the strategy gave some.
  package var scores: ScoreSummary?
  /// The change of the training loss that the strategy expected, where it said so.
  package var predictedLossChange: Double?
  /// What the strategy logged meanwhile, as far as there is room; nil where it said nothing.
  package var notes: [String]?
}
