import StrategyKit

/// Widens a small network in stages, by units with small random weights into them and none out of
/// them, so that what the network computes stays as it is.
///
/// To make it yours, change `propose`. `GrowthSchedule` says which layer gets how many units when.
final class ExampleGrower: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "example-id", name: "Example name", summary: "Adds units with small random weights.",
    emits: [.widen], course: .grow,
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
    let bound = 1 / Float(layer.fanIn).squareRoot()
    let fanIn = (0..<count).map { _ in
      network.random(layer.fanIn).map { (2 * $0 - 1) * bound }
    }
    // One array for each edge that leads out of the layer.
    let fanOut = try network.edges.filter { $0.from == layer.id }.map { edge in
      guard let id = edge.to else { return [Float]() }
      let reader = try network.layer(id)
      let weights = edge.area * reader.kernel.height * reader.kernel.width
      return [Float](repeating: 0, count: reader.outputs * count * weights)
    }
    try plan.widen(layer, by: NewUnits(fanIn: fanIn, fanOut: fanOut))
  }
}

/// The one function that the library exports.
@c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
  exportStrategies("example-id", ExampleGrower.self)
}
