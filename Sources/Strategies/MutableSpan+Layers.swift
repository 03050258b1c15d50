import StrategyKit

extension MutableSpan where Element == Float {
  /// Refuses a flat parameter vector that layers known from before do not lie in.
  func check(against layers: [Layer]) throws(StrategyError) {
    for layer in layers where layer.parameterOffset + layer.parameterCount > count {
      throw StrategyError(
        "layer '\(layer.name)' lies behind the \(count) parameters that there are after this step: the "
          + "network is another one than at the last round")
    }
  }
}
