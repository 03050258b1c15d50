import StrategyKit

/// Trains a residual network with blocks left out at random, from the first mini-batch on.
///
///     survival of block l of L = 1 − (l / L)(1 − p_L)
///
/// G. Huang, Y. Sun, Z. Liu, D. Sedra, K. Weinberger: Deep Networks with Stochastic Depth. ECCV
/// 2016, arXiv:1603.09382, section 3.
///
/// In each mini-batch the gate of a block is 0 or 1, one draw a block; a closed one is its skip alone,
/// forward and backward, and costs nothing. At evaluation its branch is multiplied by the survival. At
/// ratio 1 that is all, and it is the paper's.
///
/// Departs from the paper: it never removes a block, and it has no budget. Here, where the budget asks for
/// less than the whole network, the least useful blocks (`use(of:)`, `BlockChoice`) go at once behind the
/// share `until` of training; the rest are numbered anew, and their factors follow. Blocks whose skip
/// alone has not the right shape always take part.
final class StochasticDepth: UpdatingStrategy, StepBeginningStrategy {
  static let info = StrategyInfo(
    id: "stochastic-depth", name: "Stochastic Depth",
    summary: "Trains from the start with residual blocks skipped at random.",
    citation: "Huang et al. 2016, arXiv:1603.09382", version: "2.0",
    reads: [.activationMean, .activationVariance], emits: [.scaleBlock, .dropBlock],
    needs: [.blocks], course: .sparse,
    options: [
      .number("survival", "the chance that the last block takes part", initial: 0.5, in: 0...1),
      .number(
        "until", "the share of training behind which blocks go, where some have to", initial: 0.75,
        in: 0.01...1),
    ])

  private let lastSurvival: Float
  private let until: Double
  /// Whether blocks have to go in the period that follows.
  private var isTooLarge = false

  init(options: Options) throws {
    lastSurvival = Float(try options.number("survival"))
    until = try options.number("until")
  }

  /// One chance a block, by its place among them.
  private func survivals(of blocks: [Block]) -> [Float] {
    blocks.enumerated().map { index, block in
      guard block.isDroppable else { return 1 }
      return 1 - Float(index + 1) / Float(blocks.count) * (1 - lastSurvival)
    }
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    guard isTooLarge else { return nil }
    guard period.steps > 1 else {
      throw SkipStrategy("blocks go inside of training, and it has one mini-batch only")
    }
    let step = min(max(1, Int(until * Double(period.steps))), period.steps - 1)
    return UpdatePoints(every: step, until: step)
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

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let blocks = network.blocks
    guard !blocks.isEmpty else { throw SkipStrategy("the network has no residual blocks") }
    isTooLarge = round.weightsToRemove > 0
    // Before training no block has a use yet; whether there are enough to drop is known.
    let scores = round.step == nil ? blocks.map { _ in 0 } : try use(of: network)
    let going = try BlockChoice(
      blocks, scores: scores, weights: round.now.weights, goal: round.weightsGoal
    ).required()
    let gone = round.step == nil ? [] : going
    for place in gone { try plan.drop(blocks[place]) }
    let left = blocks.indices.filter { !gone.contains($0) }.map { blocks[$0] }
    for (block, survival) in zip(left, survivals(of: left)) where block.scale != survival {
      try plan.scale(block, by: survival)
    }
  }
}
