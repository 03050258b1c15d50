import StrategyKit

/// Leaves the network as it is: the control that shows what the extra training alone does.
///
/// It gives no score and proposes nothing, so the host changes nothing. It has no paper.
struct NoPruning: Strategy {
  static let info = StrategyInfo(
    id: "none", name: "No pruning", summary: "Leaves the network dense; the extra training only.",
    citation: "control, no publication")

  init(options: Options) {}
}
