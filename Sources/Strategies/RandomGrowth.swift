import StrategyKit

/// Adds units with a random fan-in and no fan-out: the control for all that is clever about new units.
///
///     ψ ~ U(−√(6 / fan-in), √(6 / fan-in)), ω = 0
///
/// The function stays as it is, and the gradient in ω is not 0. Values are symmetric around 0: those of
/// a published control were not, and it lost for that. Ash 1989 adds units like this one at a time.
final class RandomGrowth: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "random-growth", name: "Random Growth",
    summary: "Adds units with random weights into them and none out of them.",
    citation: "control of Evci et al. 2022, arXiv:2201.05125", emits: [.widen], course: .grow,
    options: [
      .number("stages", "how often each layer grows", initial: 8, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
    ])

  private var growth: GrowthSchedule

  init(options: Options) throws {
    growth = GrowthSchedule(
      stages: try options.integer("stages"), until: try options.number("until"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try growth.points(of: period, in: network)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard case .widen(let layer, units: let count)? = try growth.next(round, in: network) else {
      return
    }
    try plan.widen(layer, by: try network.randomUnits(for: layer, count))
    try plan.predict(lossChange: 0)
  }
}

extension NetworkView {
  /// New units for a layer with random weights into them and none out of them.
  func randomUnits(for layer: Layer, _ count: Int) throws -> NewUnits {
    let fanIn = (0..<count).map { _ in randomRow(layer.fanIn) }
    return NewUnits(fanIn: fanIn, fanOut: try silentColumns(from: layer, count))
  }

  /// Weights into a unit from U(−√(6 / fan-in), √(6 / fan-in)), the rule of He et al. 2015 for ReLUs.
  func randomRow(_ fanIn: Int) -> [Float] {
    let bound = (6 / Float(max(1, fanIn))).squareRoot()
    return random(fanIn).map { (2 * $0 - 1) * bound }
  }

  /// Columns of zeros for new units of a layer, one array an edge.
  func silentColumns(from layer: Layer, _ count: Int) throws -> [[Float]] {
    try edges.filter { $0.from == layer.id }.map { edge in
      guard let id = edge.to else { return [] }
      let reader = try self.layer(id)
      let columns = edge.area * reader.kernel.height * reader.kernel.width
      return [Float](repeating: 0, count: reader.outputs * count * columns)
    }
  }
}
