import Foundation

/// The rounds of a cell: each ratio asked for is reached in steps of equal factor, none larger than
/// the benchmark allows.
package struct Trajectory: Equatable, Sendable {
  /// One round of pruning and fine-tuning.
  package struct Round: Equatable, Sendable {
    /// Live weights to leave.
    package var weightsGoal: Int
    /// The ratio that is reported after the round; nil within a step.
    package var reported: Double?
  }

  package let rounds: [Round]

  /// - Parameters:
  ///   - weights: What the dense network counts.
  ///   - ratios: Rising, each at least 1; 1 is a round of training that removes nothing.
  package init(dense weights: Int, ratios: [Double], largestStep: Double) {
    var rounds: [Round] = []
    var previous = 1.0
    for ratio in ratios {
      let factor = ratio / previous
      // The tolerance keeps 2 · 2 · … from asking for a round more than 4 · … does.
      let steps = max(1, Int((log(factor) / log(largestStep) - 1e-9).rounded(.up)))
      for step in 1..<steps {
        let between = previous * pow(factor, Double(step) / Double(steps))
        rounds.append(
          Round(
            weightsGoal: Benchmark.weightsGoal(dense: weights, ratio: between), reported: nil))
      }
      rounds.append(
        Round(weightsGoal: Benchmark.weightsGoal(dense: weights, ratio: ratio), reported: ratio))
      previous = ratio
    }
    self.rounds = rounds
  }
}
