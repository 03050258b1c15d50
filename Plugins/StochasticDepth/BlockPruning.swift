import StrategyKit

/// Drops the residual blocks of least use, round by round.
///
///     score = scale² · E[branch²] / E[stream before the block²]
///
/// A zero residual branch is the identity, so that a block can go without a change of shapes: K. He, X.
/// Zhang, S. Ren, J. Sun: Identity Mappings in Deep Residual Networks. ECCV 2016, arXiv:1603.05027; that
/// blocks may be left out of a trained network: A. Veit, M. Wilber, S. Belongie: Residual Networks Behave
/// Like Ensembles of Relatively Shallow Networks. NIPS 2016, arXiv:1605.06431.
///
/// Neither has this score (`use(of:)`) or a budget; which blocks go to meet one is said at `BlockChoice`. A
/// goal that is out of reach ends the run.
struct BlockPruning: BlockScoringStrategy, ProposingStrategy {
  static let info = StrategyInfo(
    id: "block-pruning", name: "Block Pruning",
    summary: "Drops the residual blocks that add least.",
    citation: "after He et al. 2016, arXiv:1603.05027, and Veit et al. 2016, arXiv:1605.06431",
    reads: [.activationMean, .activationVariance], emits: [.dropBlock], needs: [.blocks])

  init(options: Options) {}

  func blockScores(in network: NetworkView) throws -> [Float] { try use(of: network) }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let blocks = network.blocks
    // Later there may be none left, which is no news as long as the goal is met.
    guard !blocks.isEmpty || round.index > 0 else {
      throw SkipStrategy("the network has no residual blocks")
    }
    let going = try BlockChoice(
      blocks, scores: blockScores(in: network), weights: round.now.weights,
      goal: round.weightsGoal
    ).required()
    for place in going { try plan.drop(blocks[place]) }
  }
}
