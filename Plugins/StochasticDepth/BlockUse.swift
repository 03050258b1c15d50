import StrategyKit

/// What each residual block is of use: the power that its branch adds to the stream, against that of what
/// it receives.
///
///     scale² · E[branch²] / E[stream before the block²]
///
/// The branch's power is that of its last layer. The stream's is that of the layer before the first block
/// plus those of the branches before, as if they were uncorrelated. A block that adds nothing is its skip,
/// and leaves the function as it was when it goes.
func use(of network: NetworkView) throws -> [Float] {
  let layers = network.layers
  guard let first = layers.firstIndex(where: { $0.block != nil }) else {
    return network.blocks.map { _ in 0 }
  }
  var stream = first > 0 ? try power(of: layers[first - 1], in: network) : 1
  return try network.blocks.map { block in
    guard let last = layers.last(where: { $0.block == block.id }) else { return 0 }
    let branch = block.scale * block.scale * (try power(of: last, in: network))
    defer { stream += branch }
    return stream > 0 ? branch / stream : branch
  }
}

/// The mean square of a layer's activations.
private func power(of layer: Layer, in network: NetworkView) throws -> Float {
  let means = try network.values(of: .activationMean, for: layer)
  let variances = try network.values(of: .activationVariance, for: layer)
  let sum = zip(means, variances).reduce(0) { $0 + $1.0 * $1.0 + $1.1 }
  return means.isEmpty ? 0 : sum / Float(means.count)
}
