import StrategyKit

/// Removes weights at random: the control that every score has to beat.
///
/// A path of live weights from an input to an output is drawn first and stays; without it a small
/// network would soon compute a constant, which is no comparison. It has no paper. The values come
/// from the host's stream, so a run can be repeated.
///
/// With `spread=global` the weights that go are drawn from all others, each as likely as any other.
/// With another spread every layer is left its share of the budget, and chance decides within the
/// layer alone: the control for what a strategy gains by how much it leaves of each layer. Where
/// earlier rounds left a layer less than its share, it keeps that, and the others get the rest.
struct RandomPruning: ProposingStrategy {
  enum Scope: String, CaseIterable {
    case global, uniform, er, erk
  }

  static let info = StrategyInfo(
    id: "random", name: "Random", summary: "Removes weights at random, but for one path.",
    citation: "control, no publication", version: "1.2", reads: [.mask], emits: [.maskOff],
    options: [
      .choice("spread", "how those left are spread over layers", initial: Scope.global)
    ])

  /// Of the live weights over layers; nil leaves that to chance, too.
  private let spread: Spread?

  init(options: Options) throws {
    let scope: Scope = try options.choice("spread")
    spread = Spread(rawValue: scope.rawValue)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let layers = try network.layers.map { try LiveWeights($0, in: network) }
    let path = LivePath(layers.filter { $0.layer.block == nil }, in: network).positions
    let free = layers.map { weights in
      weights.prunable.filter { $0 != path[weights.layer.id] }
    }
    let keys = free.map { network.random($0.count) }
    let removed =
      switch spread {
      case nil: overall(round.weightsToRemove, of: free, keys)
      case let spread?: byLayer(round.weightsToRemove, of: layers, free, keys, spread)
      }
    for (weights, positions) in zip(layers, removed) {
      try plan.maskOff(positions.sorted(), of: weights.layer)
    }
  }

  /// The `count` positions with the smallest keys, whatever their layer.
  private func overall(_ count: Int, of free: [[Int]], _ keys: [[Float]]) -> [[Int]] {
    var candidates: [(key: Float, layer: Int, position: Int)] = []
    for layer in free.indices {
      candidates += zip(keys[layer], free[layer]).map { ($0, layer, $1) }
    }
    candidates.sort { ($0.key, $0.layer, $0.position) < ($1.key, $1.layer, $1.position) }
    var removed = [[Int]](repeating: [], count: free.count)
    for candidate in candidates.prefix(count) {
      removed[candidate.layer].append(candidate.position)
    }
    return removed
  }

  /// Of each layer the positions with the smallest keys, so that its share of what is left remains.
  private func byLayer(
    _ count: Int, of layers: [LiveWeights], _ free: [[Int]], _ keys: [[Float]], _ spread: Spread
  ) -> [[Int]] {
    let live = layers.map(\.prunable.count)
    // What is live and not free is on the path.
    let parts = layers.indices.map { index in
      Spread.Part(layers[index].layer, bounds: live[index] - free[index].count...live[index])
    }
    let budgets = spread.budgets(parts, total: live.reduce(0, +) - count)
    return layers.indices.map { index in
      smallest(live[index] - budgets[index], of: Array(free[index].indices)) { keys[index][$0] }
        .map { free[index][$0] }
    }
  }
}
