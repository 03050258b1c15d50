import StrategyKit

/// Trains with residual blocks left out at random, and drops the last ones.
struct BlockDropout: BlockScoringStrategy, StepBeginningStrategy {
  static let info = StrategyInfo(
    id: "block-dropout", name: "Block dropout", summary: "Trains with blocks left out at random.",
    needs: [.blocks],
    options: [.number("survival", "how often a block takes part", initial: 0.8, in: 0...1)])

  private let survival: Float

  init(options: Options) throws {
    survival = Float(try options.number("survival"))
  }

  func beginStep(_ step: Step, in network: NetworkView, gates: inout MutableSpan<Float>) throws {
    let draws = network.random(gates.count)
    for block in gates.indices {
      gates[block] = draws[block] < survival ? 1 : 0
    }
  }

  func blockScores(in network: NetworkView) throws -> [Float] {
    network.blocks.map { -Float($0.index) }
  }
}
