import CWorkbench
package import Networks

/// One round of pruning: how far it is to go.
package struct Round: Equatable, Sendable {
  package let index: Int
  package let total: Int
  /// Live prunable parameters to leave.
  package let weightsGoal: Int
  /// At an update point the step that comes next; nil between training periods.
  package let step: TrainingStep?

  package init(index: Int, total: Int, weightsGoal: Int, step: TrainingStep? = nil) {
    self.index = index
    self.total = total
    self.weightsGoal = weightsGoal
    self.step = step
  }
}

/// A training period about to begin.
package struct PeriodOutline: Hashable, Sendable {
  /// Its place among those of the run, and how many there are.
  package let index: Int
  package let total: Int
  /// Mini-batches of it, and of one pass over the training samples.
  package let steps: Int
  package let stepsPerEpoch: Int
  package let weightsGoal: Int

  package init(index: Int, total: Int, steps: Int, stepsPerEpoch: Int, weightsGoal: Int) {
    self.index = index
    self.total = total
    self.steps = steps
    self.stepsPerEpoch = stepsPerEpoch
    self.weightsGoal = weightsGoal
  }
}

/// Before which steps of a period a strategy proposes.
package struct UpdatePoints: Hashable, Sendable {
  /// At least 1.
  package let every: Int
  /// The last step that may be one.
  package let end: Int

  package init(every: Int, end: Int) {
    self.every = max(1, every)
    self.end = end
  }

  /// The next one behind a step; nil where there is none.
  package func next(after step: Int) -> Int? {
    let (next, overflow) = (step / every + 1).multipliedReportingOverflow(by: every)
    return overflow || next > end ? nil : next
  }
}

extension Round {
  /// Lends the round as the C struct.
  ///
  /// - Parameters:
  ///   - now: the network as it is.
  ///   - loss: mean training loss on the samples that signals are computed over.
  func withCRound<Result>(
    now counts: Counts, loss: Double, _ body: (UnsafePointer<wb_round>) -> Result
  ) -> Result {
    let now = wb_counts(
      struct_size: UInt32(MemoryLayout<wb_counts>.size), reserved: 0,
      weights: UInt64(counts.weights), parameters: UInt64(counts.parameters),
      operations: UInt64(counts.operations))
    return withUnsafePointer(to: now) { now in
      withUnsafePointer(to: step.map(wb_step.init) ?? wb_step()) { next in
        var round = wb_round(
          struct_size: UInt32(MemoryLayout<wb_round>.size), index: UInt32(clamping: index),
          total: UInt32(clamping: total), reserved: 0, weights_goal: UInt64(max(0, weightsGoal)),
          loss: loss, now: now, step: step == nil ? nil : next)
        return body(&round)
      }
    }
  }
}

/// What a strategy makes of a network in a round; already applied.
package struct AppliedPlan: Sendable {
  package let edits: [Edit]
  /// The change of the training loss that the strategy expects, where it said so.
  package let prediction: Double?
  /// Those that the host pruned by; nil where the strategy proposed itself.
  package let scores: ScoreSummary?
  package let surgery: Surgery
  /// Mean training loss before it on the samples that signals are computed over.
  package let loss: Double
  /// Of all that was measured, on the network and on what a plan would have left.
  package let operations: Double
  /// Collecting what the strategy reads, scoring and proposing.
  package let scoreSeconds: Double
}
