/// When which group of layers grows, and to what width, and when layers come.
///
/// The budget is approached in stages of one factor, each group of layers in a stage at an update of its
/// own, all in proportion to the seed network. A stage in which a layer comes begins with that, and the
/// new layer grows from then on, in proportion to the one that it reads.
public struct GrowthSchedule {
  /// What there is to do at an update.
  public enum Turn: Sendable {
    /// A layer gets units.
    case widen(Layer, units: Int)
    /// A layer comes, wherever there is room for one.
    case deepen
  }

  private let stages: Int
  private let until: Double
  /// Widths of the seed network, by the ids of its layers.
  private var seed: [UInt64: Int] = [:]
  private var seedWeights = 0
  /// How many groups of the seed network grow.
  private var growing = 0
  /// How many layers come.
  private var newLayers = 0
  private var done = 0

  /// A schedule that has not begun.
  ///
  /// - Parameters:
  ///   - stages: how often each group grows.
  ///   - until: the share of training in which that happens.
  public init(stages: Int, until: Double) {
    self.stages = stages
    self.until = until
  }

  /// Begins with a training period.
  ///
  /// - Parameters:
  ///   - period: the period.
  ///   - network: the seed network.
  ///   - newLayers: how many layers come, spread evenly among the stages.
  ///   - updatesEach: updates for each turn: more than one where a turn may have to wait for a reason.
  /// - Returns: when each group and each new layer has its turn.
  /// - Throws: ``SkipStrategy`` where nothing can grow.
  public mutating func points(
    of period: Period, in network: NetworkView, newLayers: Int = 0, updatesEach: Int = 1
  ) throws -> UpdatePoints? {
    let model = WidthModel(network)
    growing = model.groups.count(where: \.isGrowable)
    guard growing > 0 else { throw SkipStrategy("no layer can get more units") }
    seed = [:]
    for group in model.groups {
      for layer in group.layers { seed[layer.id] = group.units }
    }
    seedWeights = model.weights(at: model.groups.map(\.units))
    self.newLayers = newLayers
    done = 0
    return try UpdatePoints(turnsLeft * max(1, updatesEach), over: until, of: period)
  }

  /// How many turns of the period have not come yet.
  public var turnsLeft: Int {
    (0..<stages).reduce(0) { $0 + self.turns(in: $1) } - done
  }

  /// What there is to do.
  ///
  /// - Parameters:
  ///   - round: the round.
  ///   - network: the network as it is.
  /// - Returns: nil between training periods, and where a group has its width already.
  /// - Throws: ``SkipStrategy`` where the seed network is beyond the goal.
  public mutating func next(_ round: Round, in network: NetworkView) throws -> Turn? {
    guard round.step != nil else {
      try round.requireSeedWithinGoal()
      return nil
    }
    let (stage, turn) = place
    done += 1
    let coming = layersComing(in: stage)
    guard turn >= coming else { return .deepen }
    let model = WidthModel(network)
    let growing = model.groups.indices.filter { model.groups[$0].isGrowable }
    // Where a layer did not come, its turn to grow is left out.
    guard turn - coming < growing.count else { return nil }
    let group = growing[turn - coming]
    let widths = model.widths(
      inProportionTo: model.groups.map { seedWidth(of: $0, in: network) },
      budget: SizeStages(from: seedWeights, to: round.weightsGoal, count: stages)
        .weights(after: stage + 1))
    let units = widths[group] - model.groups[group].units
    guard units > 0, let layer = model.groups[group].layers.first else { return nil }
    return .widen(layer, units: units)
  }

  // MARK: - Turns

  /// The stage that the next turn belongs to, from 0, and the turn's place in it.
  private var place: (stage: Int, turn: Int) {
    var (stage, turn) = (0, done)
    while stage + 1 < stages, turn >= turns(in: stage) {
      turn -= turns(in: stage)
      stage += 1
    }
    return (stage, turn)
  }

  /// One for each layer that comes, then one for each group that is there with it.
  private func turns(in stage: Int) -> Int {
    let there = (0...stage).reduce(0) { $0 + layersComing(in: $1) }
    return layersComing(in: stage) + growing + there
  }

  /// The middles of equal shares of the stages.
  private func layersComing(in stage: Int) -> Int {
    (0..<newLayers).count { (2 * $0 + 1) * stages / (2 * newLayers) == stage }
  }

  /// The width that a group had in the seed network; a layer that came has that of the one it reads.
  private func seedWidth(of group: WidthModel.Group, in network: NetworkView) -> Int {
    for layer in group.layers {
      if let width = seed[layer.id] { return width }
    }
    var id = group.layers.first?.id
    while let reader = id {
      if let width = seed[reader] { return width }
      id = network.edges.first { $0.to == reader }?.from
    }
    return group.units
  }
}

extension Round {
  /// Checks that there is something to grow to.
  ///
  /// - Throws: ``SkipStrategy`` where the seed network has more weights than the goal.
  public func requireSeedWithinGoal() throws {
    guard now.weights <= weightsGoal else {
      throw SkipStrategy(
        "the seed network has \(now.weights) weights, and the goal is \(weightsGoal)")
    }
  }
}
