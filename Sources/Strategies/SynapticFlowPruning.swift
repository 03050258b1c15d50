import StrategyKit

/// Removes, before any training and without data, the weights through which least flows.
///
///     R = 1ᵀ |W_L| … |W_2| |W_1| 1,   score = |w| · ∂R/∂|w|
///     live weights after round k of n = all · (budget / all)^(k/n)
///
/// H. Tanaka, D. Kunin, D. L. K. Yamins, S. Ganguli: Pruning neural networks without any data by
/// iteratively conserving synaptic flow. NeurIPS 2020, arXiv:2006.05467, algorithm 1.
///
/// What a layer's weights score adds up to the same in every layer, so that a layer with fewer of
/// them keeps more of each, and none is emptied before the others.
///
/// Departs from the paper: activations and batch normalisation count as the identity, which they are
/// for ReLU and at the start of training. Biases that have grown are in R, as in the released code.
/// ``SynapticFlow`` says what it makes of padding.
struct SynapticFlowPruning: ProposingStrategy {
  static let info = StrategyInfo(
    id: "synflow", name: "Synaptic flow",
    summary: "Removes the weights on paths of least product, before training and without data.",
    citation: "Tanaka et al. 2020, arXiv:2006.05467", reads: [.parameters, .mask],
    emits: [.maskOff], course: .sparse,
    options: [
      .number("rounds", "in how many steps the budget is reached", initial: 100, in: 1...10_000)
    ])

  private let rounds: Int

  init(options: Options) throws {
    rounds = try options.integer("rounds")
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let layers = network.layers
    let before = try layers.map { try SparseLayer($0, in: network).isLive }
    let flow = try SynapticFlow(layers, in: network)
    var live = before
    let start = before.reduce(0) { $0 + $1.trueCount }
    for goal in goals(from: start, to: round.weightsGoal) {
      let scores = try flow.scores(where: live)
      remove(live.reduce(0) { $0 + $1.trueCount } - goal, by: scores, from: &live)
    }
    for (index, layer) in layers.enumerated() {
      try plan.maskOff(before[index].changes(to: live[index]).gone, of: layer)
    }
  }

  /// Live weights after each round, along an exponential; the last is `end`.
  private func goals(from start: Int, to end: Int) -> [Int] {
    let factor = root(of: Double(end) / Double(max(1, start)), degree: rounds)
    var share = 1.0
    return (1...rounds).map { round in
      share *= factor
      return round == rounds ? end : max(end, Int((share * Double(start)).rounded()))
    }
  }

  /// Takes the `count` live positions with the lowest scores away, equal ones from the input on.
  private func remove(_ count: Int, by scores: [[Float]], from live: inout [[Bool]]) {
    guard count > 0 else { return }
    var places: [(layer: Int, position: Int)] = []
    for layer in live.indices {
      places += live[layer].positions(of: true).map { (layer, $0) }
    }
    let least = smallest(count, of: Array(places.indices)) { index in
      scores[places[index].layer][places[index].position]
    }
    for index in least { live[places[index].layer][places[index].position] = false }
  }
}

/// x with x^degree = `share`, to the last digits.
///
/// - Parameter share: from 0 to 1.
private func root(of share: Double, degree: Int) -> Double {
  var (low, high) = (0.0, 1.0)
  for _ in 0..<64 {
    let middle = (low + high) / 2
    var power = 1.0
    for _ in 0..<degree { power *= middle }
    if power < share { low = middle } else { high = middle }
  }
  return high
}
