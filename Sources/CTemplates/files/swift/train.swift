import StrategyKit

/// Pulls all weights towards zero in training, and removes the smallest.
///
///     after each step: w = sign(w) · max(0, |w| − learning rate · strength)
///
/// That is the proximal step of an L1 penalty. To make it yours, change `endStep`;
/// `StepBeginningStrategy` is there for what comes before a step.
struct ExampleTrainer: ScoringStrategy, StepEndingStrategy {
  static let info = StrategyInfo(
    id: "example-id", name: "Example name",
    summary: "Pulls weights towards zero in training, and removes the smallest.",
    reads: [.parameters],
    options: [.number("strength", "how hard it pulls", initial: 1e-4, in: 0...1)])

  private let strength: Double

  init(options: Options) throws {
    strength = try options.number("strength")
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    let shrink = Float(strength * step.learningRate)
    for layer in network.layers {
      for position in layer.parameterOffset..<layer.parameterOffset + layer.prunableCount {
        let value = parameters[position]
        parameters[position] = Float(signOf: value, magnitudeOf: max(0, abs(value) - shrink))
      }
    }
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try network.values(of: .parameters, for: layer).prefix(layer.prunableCount).map { abs($0) }
  }
}

/// The one function that the library exports.
@c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
  exportStrategies("example-id", ExampleTrainer.self)
}
