import StrategyKit

/// Where a layer's live parameters lie in its vector.
struct LiveWeights {
  let layer: Layer
  /// Weights, prunable or not.
  let weights: [Int]
  /// What a strategy may mask, biases where they are prunable.
  let prunable: [Int]

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    let mask = try network.values(of: .mask, for: layer)
    weights = (0..<layer.weightCount).filter { mask[$0] != 0 }
    prunable = (0..<layer.prunableCount).filter { mask[$0] != 0 }
  }
}
