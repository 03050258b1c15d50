package import Networks

/// One round of pruning: how far it is to go.
package struct Round: Hashable, Sendable {
  package let index: Int
  package let total: Int
  /// Live prunable parameters to leave.
  package let weightsGoal: Int
  /// Mean training loss on the samples that signals are computed over.
  package let loss: Double

  package init(index: Int, total: Int, weightsGoal: Int, loss: Double) {
    self.index = index
    self.total = total
    self.weightsGoal = weightsGoal
    self.loss = loss
  }
}

/// What a strategy makes of a network in a round; already applied.
package struct Plan: Sendable {
  package let edits: [Edit]
  package let surgery: Surgery
  /// Collecting what the strategy reads, scoring and proposing.
  package let scoreSeconds: Double
}
