/// When which group of layers grows, and to what width.
///
/// The budget is approached in stages of one factor, each group of layers in a stage at an update of its
/// own, all in proportion to the seed network.
public struct GrowthSchedule {
  private let stages: Int
  private let until: Double
  /// Widths of the seed network.
  private var seed: [Int] = []
  private var seedWeights = 0
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
  /// - Returns: when each group has its turn.
  /// - Throws: ``SkipStrategy`` where nothing can grow.
  public mutating func points(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    let model = WidthModel(network)
    let growing = model.groups.count(where: \.isGrowable)
    guard growing > 0 else { throw SkipStrategy("no layer can get more units") }
    seed = model.groups.map(\.units)
    seedWeights = model.weights(at: seed)
    done = 0
    let every = Int(until * Double(period.steps)) / (stages * growing)
    guard every > 0 else {
      throw SkipStrategy(
        "\(period.steps) mini-batches are too few for \(stages * growing) updates in a share of "
          + "\(until)")
    }
    return UpdatePoints(every: every, until: every * stages * growing)
  }

  /// The layer whose turn it is, and how many units it gets.
  ///
  /// - Parameters:
  ///   - round: the round.
  ///   - network: the network as it is.
  /// - Returns: nil between training periods.
  /// - Throws: ``SkipStrategy`` where the seed network is beyond the goal.
  public mutating func next(_ round: Round, in network: NetworkView) throws -> (
    layer: Layer, units: Int
  )? {
    let model = WidthModel(network)
    guard round.step != nil else {
      guard round.now.weights <= round.weightsGoal else {
        throw SkipStrategy(
          "the seed network has \(round.now.weights) weights, and the goal is \(round.weightsGoal)")
      }
      return nil
    }
    let growing = model.groups.indices.filter { model.groups[$0].isGrowable }
    let stage = done / growing.count + 1
    let group = growing[done % growing.count]
    done += 1
    let widths = model.widths(
      inProportionTo: seed, budget: budget(at: stage, goal: round.weightsGoal))
    guard let layer = model.groups[group].layers.first else { return nil }
    return (layer, widths[group] - model.groups[group].units)
  }

  /// Weights after a stage: from the seed's to the goal in equal factors.
  private func budget(at stage: Int, goal: Int) -> Int {
    guard stage < stages else { return goal }
    let ratio = Double(goal) / Double(max(1, seedWeights))
    return Int(Double(seedWeights) * root(ratio, stages, power: stage))
  }

  /// ratio^(power / degree), by halving.
  private func root(_ ratio: Double, _ degree: Int, power: Int) -> Double {
    var (low, high) = (0.0, max(1, ratio))
    for _ in 0..<100 {
      let middle = (low + high) / 2
      let value = (0..<degree).reduce(1.0) { product, _ in product * middle }
      if value < ratio { low = middle } else { high = middle }
    }
    return (0..<power).reduce(1.0) { product, _ in product * low }
  }
}
