import StrategyKit

/// Keeps the weights into each unit within a norm while it trains, and removes the smallest.
struct NormBound: ScoringStrategy, StepEndingStrategy {
  static let info = StrategyInfo(
    id: "norm-bound", name: "Norm bound", summary: "Trains with the norm of each unit bounded.",
    reads: [.parameters],
    options: [.number("norm", "of the weights into a unit", initial: 3, in: 0.01...1000)])

  private let norm: Float

  init(options: Options) throws {
    norm = Float(try options.number("norm"))
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    for layer in network.layers {
      for unit in 0..<layer.unitCount {
        let first = layer.parameterOffset + unit * layer.fanIn
        var squares: Float = 0
        for place in first..<first + layer.fanIn {
          squares += parameters[place] * parameters[place]
        }
        guard squares > norm * norm else { continue }
        let factor = norm / squares.squareRoot()
        for place in first..<first + layer.fanIn { parameters[place] *= factor }
      }
    }
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try network.values(of: .parameters, for: layer).prefix(layer.prunableCount).map { abs($0) }
  }
}
