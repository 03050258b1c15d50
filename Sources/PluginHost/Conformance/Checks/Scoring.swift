import Networks

extension ConformanceTest {
  /// What a strategy's scores and decisions depend on.
  static let scoring = [
    ConformanceTest(
      "same-seed", [.scores, .randomness],
      "The same network and stream give the same decisions, to the bit.",
      .strategy(decisionsRepeat)),
    ConformanceTest(
      "call-order", [.pureScores],
      "Layers scored in another order, and twice, have the same scores.",
      .strategy(orderDoesNotMatter)),
    ConformanceTest(
      "finite-scores", [.scores],
      "Scores are finite for weights that are all 0, tiny, large, or masked.",
      .strategy(scoresAreFinite)),
  ]

  private static func decisionsRepeat(_ subject: Subject) throws -> String? {
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let first = try Play(subject, subject.instance()).run(on: small)
      let second = try Play(subject, subject.instance()).run(on: small)
      subject.witness.doing("compared two runs with the same stream on \(small.words)")
      guard first == second else {
        throw subject.witness.shortcoming("they decided otherwise")
      }
    }
    return nil
  }

  private static func orderDoesNotMatter(_ subject: Subject) throws -> String? {
    guard try subject.instance().scores else { throw NotApplicable(reason: "it does not score") }
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let model = ModelView(small.network, measurements: small.measurements)
      let targets = subject.entry.scored(in: model)
      let instance = try subject.instance()
      subject.witness.doing("scored the layers of \(small.words) from the input on")
      let forward = try targets.map { try instance.score($0, in: model) }
      guard instance.session.drawn == 0 else {
        throw NotApplicable(reason: "it draws random numbers, of which each comes once")
      }
      subject.witness.doing("scored the layers of \(small.words) from the output on, and again")
      for (target, before) in zip(targets, forward).reversed() {
        for _ in 0..<2 {
          let again = try instance.score(target, in: model)
          guard let index = again.firstDifference(from: before) else { continue }
          throw subject.witness.shortcoming(
            "its score \(index) of \(target.what) is \(again[index]), and was \(before[index])")
        }
      }
    }
    return nil
  }

  private static func scoresAreFinite(_ subject: Subject) throws -> String? {
    guard try subject.instance().scores else { throw NotApplicable(reason: "it does not score") }
    var networks: [SmallNetwork] = []
    for small in try SmallNetwork.ordinary() {
      networks.append(small)
      for (words, factor) in [("all 0", 0), ("1e-18 as large", 1e-18), ("100 times as large", 100)]
      {
        networks.append(
          try small.with("\(small.words) with weights \(words)") { network in
            for place in network.graph.weightedLayers {
              for index in network.prunable(at: place) { network.values[index] *= Float(factor) }
            }
          })
      }
    }
    networks.append(try .emptied())
    try subject.withNetworks(networks) { small in
      let model = ModelView(small.network, measurements: small.measurements)
      let instance = try subject.instance()
      for target in subject.entry.scored(in: model) {
        subject.witness.doing("scored \(target.what) of \(small.words)")
        let scores = try instance.score(target, in: model)
        for (index, score) in scores.enumerated()
        where !score.isFinite && target.matters(index, in: small.network) {
          throw subject.witness.shortcoming("its score \(index) is \(score)")
        }
      }
    }
    return nil
  }
}

/// What a strategy gives scores for in one call.
struct ScoredTarget {
  let id: UInt64
  let count: Int
  let what: String
  /// Of weights, where they lie; a masked one's score is never looked at.
  let positions: Range<Int>?

  func matters(_ index: Int, in network: Network) -> Bool {
    positions.map { network.mask[$0.lowerBound + index] != 0 } ?? true
  }
}

extension StrategyEntry {
  /// What it is asked to score in a network.
  func scored(in model: ModelView) -> [ScoredTarget] {
    switch granularity {
    case .weights:
      model.layers.filter { !$0.prunable.isEmpty }.map {
        ScoredTarget(
          id: $0.id, count: $0.prunable.count, what: "layer '\($0.name)'", positions: $0.prunable)
      }
    case .units:
      model.layers.filter(\.unitsRemovable).map {
        ScoredTarget(id: $0.id, count: $0.units, what: "layer '\($0.name)'", positions: nil)
      }
    case .blocks:
      model.blockCount == 0
        ? [] : [ScoredTarget(id: 0, count: model.blockCount, what: "the blocks", positions: nil)]
    }
  }
}

extension StrategyInstance {
  func score(_ target: ScoredTarget, in model: ModelView) throws -> [Float] {
    try score(target.id, count: target.count, of: target.what, in: model)
  }
}

extension [Float] {
  /// The first index at which two arrays have other bits.
  fileprivate func firstDifference(from other: [Float]) -> Int? {
    indices.first { !other.indices.contains($0) || self[$0].bitPattern != other[$0].bitPattern }
  }
}
