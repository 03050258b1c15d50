/// The rounds of a cell: the points of the benchmark's grid on the way to the largest ratio asked
/// for, and the ratios asked for that lie between them.
package struct Trajectory: Equatable, Sendable {
  /// One round of pruning and fine-tuning.
  package struct Round: Equatable, Sendable {
    /// Live weights to leave.
    package var weightsGoal: Int
    /// The ratio that is reported after the round; nil on the way.
    package var reported: Double?
  }

  package let rounds: [Round]

  /// - Parameters:
  ///   - weights: What the dense network counts.
  ///   - ratios: Rising, each at least 1; 1 is a round of training that removes nothing.
  ///   - grid: The rounds that lead from one ratio to the next.
  package init(dense weights: Int, ratios: [Double], grid: RoundGrid) {
    func round(_ ratio: Double, reported: Double?) -> Round {
      Round(
        weightsGoal: Benchmark.weightsGoal(dense: weights, ratio: ratio), reported: reported)
    }
    let asked = ratios.map { round($0, reported: $0) }
    var rounds = asked
    // Neighbours may round to the same weights: on the way each size is trained once.
    var goals = Set(asked.map(\.weightsGoal) + [weights])
    for ratio in grid.ratios(below: ratios.last ?? 1) {
      let between = round(ratio, reported: nil)
      if goals.insert(between.weightsGoal).inserted { rounds.append(between) }
    }
    self.rounds = rounds.sorted { earlier, later in
      earlier.weightsGoal == later.weightsGoal
        ? earlier.reported ?? 0 < later.reported ?? 0 : earlier.weightsGoal > later.weightsGoal
    }
  }
}
