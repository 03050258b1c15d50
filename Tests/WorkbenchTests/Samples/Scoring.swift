import StrategyKit

/// Removes the weights without which the loss would change least, to first order.
struct SensitivityPruner: ScoringStrategy {
  static let info = StrategyInfo(
    id: "sensitivity", name: "Sensitivity", summary: "Removes weights by |weight · gradient|.",
    reads: [.parameters, .gradient],
    options: [.number("power", "of the gradient", initial: 1, in: 0...4)])

  private let power: Int

  init(options: Options) throws {
    power = try options.integer("power")
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let weights = try network.values(of: .parameters, for: layer)
    let gradients = try network.values(of: .gradient, for: layer)
    return (0..<layer.prunableCount).map { position in
      (0..<power).reduce(abs(weights[position])) { score, _ in score * abs(gradients[position]) }
    }
  }
}

/// Removes the units that are silent most often.
struct QuietUnits: ScoringStrategy {
  static let info = StrategyInfo(
    id: "quiet-units", name: "Quiet units", summary: "Removes units whose activations are zero.",
    reads: [.activationZeroRate], granularity: .units, localScores: true)

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try network.values(of: .activationZeroRate, for: layer).map { 1 - $0 }
  }
}

/// Removes the residual blocks with the fewest weights.
struct LightBlocks: BlockScoringStrategy {
  static let info = StrategyInfo(
    id: "light-blocks", name: "Light blocks", summary: "Removes the smallest residual blocks.",
    needs: [.blocks])

  init(options: Options) {}

  func blockScores(in network: NetworkView) throws -> [Float] {
    network.blocks.map { Float($0.weightCount) }
  }
}
