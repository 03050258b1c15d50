public import StrategyKit

/// The one function that the library exports.
///
/// - Returns: its table.
@c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
  exportStrategies("stochastic-depth", StochasticDepth.self, BlockPruning.self)
}
