package import Networks

/// How dense the layers of a network were after each round: live weights over those that the dense network's
/// layer of that name has.
package struct LayerDensities: Sendable {
  package struct Layer: Sendable, Hashable {
    package var name: String
    /// What a share of 1 is.
    package var whole: Int
    /// Whether the dense network has no such layer, and `whole` is the most that it ever had here.
    package var isNew: Bool
    /// One a round; nil before the layer was there, and where it is gone.
    package var shares: [Double?]
  }

  /// From the input on, those that came last at the end.
  package let layers: [Layer]
  /// Live weights of all layers after each round.
  package let weights: [Int]

  /// - Parameters:
  ///   - rounds: Those that changed something, of many some.
  ///   - dense: Weights of the dense network's layers by name.
  package init(_ rounds: [RoundRecord], dense: [String: Int]) {
    let shown = Self.thinned(rounds)
    var names: [String] = []
    for layer in shown.flatMap(\.layers) where !names.contains(layer.name) {
      names.append(layer.name)
    }
    weights = shown.map(\.weights)
    layers = names.map { name in
      let counts = shown.map { round in round.layers.first { $0.name == name }?.weights }
      let whole = dense[name].flatMap { $0 > 0 ? $0 : nil }
      let most = max(1, counts.compactMap { $0 }.max() ?? 1)
      return Layer(
        name: name, whole: whole ?? most, isNew: whole == nil,
        shares: counts.map { count in count.map { Double($0) / Double(whole ?? most) } })
    }
  }

  /// Rounds that are told; of more some are left out, the last never.
  private static let most = 24

  private static func thinned(_ rounds: [RoundRecord]) -> [RoundRecord] {
    let step = max(1, (rounds.count + most - 1) / most)
    return rounds.indices.filter { $0 % step == 0 || $0 == rounds.count - 1 }.map { rounds[$0] }
  }
}

extension Network {
  /// Weights of its weighted layers by name, masked ones included.
  package var weightsByLayer: [String: Int] {
    Dictionary(
      layout.slots.compactMap { slot in
        let node = graph.nodes[slot.place]
        return node.operation.isWeighted ? (node.name, slot.weights.count) : nil
      }, uniquingKeysWith: { first, _ in first })
  }
}
