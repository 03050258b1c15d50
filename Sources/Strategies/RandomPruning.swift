import StrategyKit

/// Removes weights at random: the control that every score has to beat.
///
///     score = u,  u uniform in [0, 1)
///
/// It has no paper. The values come from the host's stream, so a run can be repeated.
struct RandomPruning: ScoringStrategy {
  static let info = StrategyInfo(
    id: "random", name: "Random", summary: "Removes weights at random.",
    citation: "control, no publication")

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) -> [Float] {
    network.random(layer.prunableCount)
  }
}
