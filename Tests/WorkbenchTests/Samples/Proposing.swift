import StrategyKit

/// Masks the smallest weights, of every layer the same share.
struct EvenPruner: ProposingStrategy {
  static let info = StrategyInfo(
    id: "even", name: "Even", summary: "Masks the same share of every layer.",
    reads: [.parameters, .mask], emits: [.maskOff])

  init(options: Options) {}

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let share = Double(round.weightsToRemove) / Double(max(1, round.now.weights))
    for layer in network.layers {
      let values = try network.values(of: .parameters, for: layer)
      let mask = try network.values(of: .mask, for: layer)
      let live = (0..<layer.prunableCount).filter { mask[$0] != 0 }
      let count = Int((share * Double(live.count)).rounded(.up))
      let going = live.sorted { abs(values[$0]) < abs(values[$1]) }.prefix(count)
      try plan.maskOff(Array(going), of: layer)
    }
  }
}

/// Drops the residual block without which the loss is least, block after block.
struct TriedBlocks: ProposingStrategy {
  static let info = StrategyInfo(
    id: "tried-blocks", name: "Tried blocks", summary: "Drops the block that is missed least.",
    emits: [.dropBlock], needs: [.blocks])

  init(options: Options) {}

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    var blocks = network.blocks.filter(\.isDroppable)
    while try network.measure().weights > round.weightsGoal {
      var losses: [Double] = []
      for block in blocks {
        try plan.drop(block)
        losses.append(try plan.loss())
        try plan.retract(1)
      }
      guard let best = losses.indices.min(by: { losses[$0] < losses[$1] }) else {
        throw SkipStrategy("no block is left to drop, and the goal is not reached")
      }
      try plan.drop(blocks.remove(at: best))
      try plan.predict(lossChange: losses[best] - round.loss)
    }
  }
}
