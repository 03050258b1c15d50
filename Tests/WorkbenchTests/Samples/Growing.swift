import StrategyKit

/// Widens a small network in stages, by units that change nothing yet.
final class SilentGrower: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "silent-grower", name: "Silent grower", summary: "Adds units without outputs.",
    emits: [.widen], course: .grow)

  private var growth = GrowthSchedule(stages: 8, until: 0.5)

  init(options: Options) {}

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try growth.points(of: period, in: network)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard case .widen(let layer, units: let count)? = try growth.next(round, in: network) else {
      return
    }
    let bound = 1 / Float(layer.fanIn).squareRoot()
    let fanIn = (0..<count).map { _ in
      network.random(layer.fanIn).map { (2 * $0 - 1) * bound }
    }
    let fanOut = try network.edges.filter { $0.from == layer.id }.map { edge in
      guard let id = edge.to else { return [Float]() }
      let reader = try network.layer(id)
      let area = edge.area * reader.kernel.height * reader.kernel.width
      return [Float](repeating: 0, count: reader.outputs * count * area)
    }
    try plan.widen(layer, by: NewUnits(fanIn: fanIn, fanOut: fanOut))
    network.log("'\(layer.name)' has \(count) units more")
  }
}
