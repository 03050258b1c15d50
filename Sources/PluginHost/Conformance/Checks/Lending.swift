extension ConformanceTest {
  /// What a strategy does with the memory that it is lent.
  static let lending = [
    ConformanceTest(
      "write-after", [.buffers],
      "It writes nothing behind scores, gates and parameters: a page there ends who does.",
      .strategy { try play($0, CallConditions(surroundings: .pages(.after))) }),
    ConformanceTest(
      "write-before", [.buffers],
      "It writes nothing in front of scores, gates and parameters: a page there ends who does.",
      .strategy { try play($0, CallConditions(surroundings: .pages(.before))) }),
    ConformanceTest(
      "inputs", [.buffers, .pointers],
      "It writes nothing to signals, and reads none behind its end or after its call.",
      .strategy { try play($0, CallConditions(protectsViews: true)) }),
  ]

  private static func play(_ subject: Subject, _ conditions: CallConditions) throws -> String? {
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let instance = try subject.instance([:], conditions)
      _ = try Play(subject, instance).run(on: small)
      // Strategies that propose are asked for their scores as well.
      guard instance.scores, instance.proposes else { return }
      let model = ModelView(small.network, measurements: small.measurements)
      for target in subject.entry.scored(in: model) {
        subject.witness.doing("scored \(target.what) of \(small.words)")
        _ = try instance.score(target, in: model)
      }
    }
    return nil
  }
}
