import CWorkbench
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

extension Round {
  /// Lends the round as the C struct.
  ///
  /// - Parameter now: the network as it is.
  func withCRound<Result>(
    now counts: Counts, _ body: (UnsafePointer<wb_round>) -> Result
  ) -> Result {
    let now = wb_counts(
      struct_size: UInt32(MemoryLayout<wb_counts>.size), reserved: 0,
      weights: UInt64(counts.weights), parameters: UInt64(counts.parameters),
      operations: UInt64(counts.operations))
    return withUnsafePointer(to: now) { now in
      var round = wb_round(
        struct_size: UInt32(MemoryLayout<wb_round>.size), index: UInt32(clamping: index),
        total: UInt32(clamping: total), reserved: 0, weights_goal: UInt64(max(0, weightsGoal)),
        loss: loss, now: now, step: nil)
      return body(&round)
    }
  }
}

/// What a strategy makes of a network in a round; already applied.
package struct Plan: Sendable {
  package let edits: [Edit]
  /// The change of the training loss that the strategy expects, where it said so.
  package let prediction: Double?
  package let surgery: Surgery
  /// Collecting what the strategy reads, scoring and proposing.
  package let scoreSeconds: Double
}
