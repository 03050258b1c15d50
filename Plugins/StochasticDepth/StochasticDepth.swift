import StrategyKit

/// Trains a residual network with blocks left out at random, then drops the least useful blocks.
///
///     survival of block l of L = 1 − (l / L)(1 − p_L)
///     score = scale² · E[branch²] / E[stream before the block²]
///
/// G. Huang, Y. Sun, Z. Liu, D. Sedra, K. Weinberger: Deep Networks with Stochastic Depth. ECCV
/// 2016, arXiv:1603.09382, section 3.
///
/// In training the gate of a block is 0 or 1; at evaluation its branch is multiplied by the
/// survival. The plan sets that factor before the training that follows it, so the two agree once
/// that training is done. After blocks have gone, the rest are numbered anew and their factors
/// follow. Blocks whose skip alone has not the right shape always take part.
///
/// Departs from the paper: it trains from the start with gates and never removes a block. Here the
/// gates act in the training of the rounds, and the budget is met by dropping blocks, chosen by
/// `BlockChoice`; a goal that is out of reach ends the run. A block's use is the power that its last
/// layer puts out, against the power of what the block receives: that of the layer before the first
/// block plus those of the branches before, as if they were uncorrelated. The paper has no such
/// score.
struct StochasticDepth: BlockScoringStrategy, ProposingStrategy, StepBeginningStrategy {
  static let info = StrategyInfo(
    id: "stochastic-depth", name: "Stochastic Depth",
    summary: "Skips residual blocks at random in training, and drops the least useful ones.",
    citation: "Huang et al. 2016, arXiv:1603.09382", version: "1.1",
    reads: [.activationMean, .activationVariance], emits: [.scaleBlock, .dropBlock],
    needs: [.blocks],
    options: [
      .number("survival", "the chance that the last block takes part", initial: 0.5, in: 0...1)
    ])

  private let lastSurvival: Float

  init(options: Options) throws {
    lastSurvival = Float(try options.number("survival"))
  }

  /// One chance a block, by its place among them.
  private func survivals(of blocks: [Block]) -> [Float] {
    blocks.enumerated().map { index, block in
      guard block.isDroppable else { return 1 }
      return 1 - Float(index + 1) / Float(blocks.count) * (1 - lastSurvival)
    }
  }

  func beginStep(
    _ step: Step, in network: NetworkView, gates: inout MutableSpan<Float>
  ) throws {
    let survivals = survivals(of: network.blocks)
    guard survivals.count == gates.count else {
      throw StrategyError("\(survivals.count) blocks need as many gates, not \(gates.count)")
    }
    let draws = network.random(gates.count)
    for index in draws.indices { gates[index] = draws[index] < survivals[index] ? 1 : 0 }
  }

  func blockScores(in network: NetworkView) throws -> [Float] {
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

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let blocks = network.blocks
    // Later there may be none left, which is no news as long as the goal is met.
    guard !blocks.isEmpty || round.index > 0 else {
      throw SkipStrategy("the network has no residual blocks")
    }
    let choice = BlockChoice(
      blocks, scores: try blockScores(in: network), weights: round.now.weights,
      goal: round.weightsGoal)
    guard let going = choice.going else {
      throw SkipStrategy(
        blocks.isEmpty
          ? "no residual block is left to drop: \(round.now.weights) weights are outside of blocks, "
            + "and the goal is \(round.weightsGoal)"
          : "without any block that may be dropped \(choice.least) weights would be left, and the "
            + "goal is \(round.weightsGoal)")
    }
    for place in going { try plan.drop(blocks[place]) }
    let left = blocks.indices.filter { !going.contains($0) }.map { blocks[$0] }
    for (block, survival) in zip(left, survivals(of: left)) where block.scale != survival {
      try plan.scale(block, by: survival)
    }
  }
}
