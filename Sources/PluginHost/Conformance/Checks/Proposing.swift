import Networks

extension ConformanceTest {
  /// What a strategy proposes.
  static let proposing = [
    ConformanceTest(
      "plans", [.edits], "Its plans can be applied, and leave no more weights than was asked for.",
      .strategy(plansAreSound)),
    ConformanceTest(
      "goals", [.edits, .failures],
      "It has an answer to a goal that is met already, that is beyond all bounds, and of one weight.",
      .strategy(goalsAreMet)),
  ]

  private static func plansAreSound(_ subject: Subject) throws -> String? {
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      var play = Play(subject, try subject.instance())
      play.inspect = { weights, before, goal in
        // Who does nothing leaves what there was.
        guard weights > goal, weights != before else { return }
        throw subject.witness.shortcoming("it left \(weights) weights, and \(goal) were asked for")
      }
      _ = try play.run(on: small)
    }
    return nil
  }

  private static func goalsAreMet(_ subject: Subject) throws -> String? {
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let weights = small.network.counts.weights
      for goal in [weights, 20 * weights, 1] {
        subject.witness.doing("asked for \(goal) of \(weights) weights on \(small.words)")
        let left = try subject.attempt {
          try subject.instance().plan(
            Round(index: 0, total: 1, weightsGoal: goal), network: small.network,
            measurements: small.measurements
          ).surgery.network.counts.weights
        }
        // A single weight is less than a network can do with.
        guard let left, goal > 1, left > goal else { continue }
        throw subject.witness.shortcoming("its plan leaves \(left) weights")
      }
    }
    return nil
  }
}
