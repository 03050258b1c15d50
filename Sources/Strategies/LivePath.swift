import StrategyKit

/// A path of live weights through the layers outside of residual branches, drawn at random.
///
/// Those layers feed each other one after the other: a unit of one is an input of the next, or
/// several where its map is flattened. Where a network is built otherwise the path breaks off and
/// begins anew, so that every such layer keeps a weight all the same.
struct LivePath {
  /// For each layer the position that the path takes.
  private(set) var positions: [UInt64: Int] = [:]

  init(_ layers: [LiveWeights], in network: NetworkView) {
    // From the output back, the weights that something behind them reads.
    var useful = [[Int]](repeating: [], count: layers.count)
    var read: Set<Int>?
    for (index, weights) in layers.enumerated().reversed() {
      let layer = weights.layer
      let reading = weights.weights.filter { read?.contains($0 / layer.fanIn) ?? true }
      useful[index] = reading.isEmpty ? weights.weights : reading
      guard index > 0 else { break }
      read = Set(useful[index].compactMap { layer.source(of: $0, among: layers[index - 1].layer) })
    }
    var unit: Int?
    for (index, weights) in layers.enumerated() {
      let layer = weights.layer
      let following = useful[index].filter {
        index > 0 && layer.source(of: $0, among: layers[index - 1].layer) == unit
      }
      let choice = following.isEmpty ? useful[index] : following
      guard let draw = network.random(1).first, !choice.isEmpty else { continue }
      let position = choice[min(Int(draw * Float(choice.count)), choice.count - 1)]
      positions[layer.id] = position
      unit = position / layer.fanIn
    }
  }
}

extension Layer {
  /// The unit of the layer before that a weight reads; nil where the layers do not fit each other.
  fileprivate func source(of position: Int, among previous: Layer) -> Int? {
    guard previous.unitCount > 0, inputs.isMultiple(of: previous.unitCount) else { return nil }
    let input = position % fanIn / (kernel.height * kernel.width)
    return input / (inputs / previous.unitCount)
  }
}
