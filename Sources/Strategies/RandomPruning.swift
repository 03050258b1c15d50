import StrategyKit

/// Removes weights at random: the control that every score has to beat.
///
/// A path of live weights from an input to an output is drawn first and stays; the weights that go
/// are drawn from all others, each as likely as any other. Without the path a small network would
/// soon compute a constant, which is no comparison. It has no paper. The values come from the
/// host's stream, so a run can be repeated.
struct RandomPruning: ProposingStrategy {
  static let info = StrategyInfo(
    id: "random", name: "Random", summary: "Removes weights at random, but for one path.",
    citation: "control, no publication", version: "1.1", reads: [.mask], emits: [.maskOff])

  init(options: Options) {}

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let layers = try network.layers.map { try LiveWeights($0, in: network) }
    let path = LivePath(layers.filter { $0.layer.block == nil }, in: network).positions
    var candidates: [(key: Float, layer: Int, position: Int)] = []
    for (index, weights) in layers.enumerated() {
      let kept = path[weights.layer.id]
      let free = weights.prunable.filter { $0 != kept }
      candidates += zip(network.random(free.count), free).map { ($0, index, $1) }
    }
    candidates.sort { ($0.key, $0.layer, $0.position) < ($1.key, $1.layer, $1.position) }
    var removed = [[Int]](repeating: [], count: layers.count)
    for candidate in candidates.prefix(round.weightsToRemove) {
      removed[candidate.layer].append(candidate.position)
    }
    for (weights, positions) in zip(layers, removed) {
      try plan.maskOff(positions.sorted(), of: weights.layer)
    }
  }
}

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
