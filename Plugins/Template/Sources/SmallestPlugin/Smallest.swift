import StrategyKit

/// Removes the weights that are closest to zero.
///
/// To make it yours, change `scores`; what else it looks at goes into `reads`.
struct SmallestPruner: ScoringStrategy {
  static let info = StrategyInfo(
    id: "smallest", name: "Smallest", summary: "Removes the weights closest to zero.",
    reads: [.parameters])

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try network.values(of: .parameters, for: layer).prefix(layer.prunableCount).map { abs($0) }
  }
}

/// The one function that the library exports.
@c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
  exportStrategies("smallest", SmallestPruner.self)
}
