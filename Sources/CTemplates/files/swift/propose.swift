import StrategyKit

/// Masks the smallest weights off itself, down to the goal of each round.
///
/// To make it yours, change `propose`: a plan may hold any edit that `Plan` has a function for; its
/// kind goes into `emits`, and what is looked at into `reads`.
struct ExamplePruner: ProposingStrategy {
  static let info = StrategyInfo(
    id: "example-id", name: "Example name", summary: "Masks the weights closest to zero.",
    reads: [.parameters, .mask], emits: [.maskOff])

  init(options: Options) {}

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    var live: [(size: Float, layer: Int, position: Int)] = []
    for (place, layer) in network.layers.enumerated() {
      let values = try network.values(of: .parameters, for: layer)
      let mask = try network.values(of: .mask, for: layer)
      for position in 0..<layer.prunableCount where mask[position] != 0 {
        live.append((abs(values[position]), place, position))
      }
    }
    let going = live.sorted(by: <).prefix(round.weightsToRemove)
    for (place, layer) in network.layers.enumerated() {
      try plan.maskOff(going.filter { $0.layer == place }.map(\.position), of: layer)
    }
  }
}

/// The one function that the library exports.
@c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
  exportStrategies("example-id", ExamplePruner.self)
}
