import StrategyKit

/// Removes, before any training, the weights without which the gradient stays largest.
///
///     score = w · (H g)
///
/// where g is the gradient of the mean loss and H its Hessian. Without w the squared norm of the
/// gradient changes by −2 w · (H g) to first order; so what scores least goes.
///
/// C. Wang, G. Zhang, R. Grosse: Picking Winning Tickets Before Training by Preserving Gradient Flow.
/// ICLR 2020, arXiv:2002.07376. Their S(−θ) = −θ ⊙ H g is the negative of this
/// score, and they remove where it is largest.
///
/// Departs from the paper: its released code divides the outputs by 200 before the softmax and takes
/// the gradient in weights alone. Here the loss is the one that is trained on, and the gradient that
/// of the paper, in all parameters.
struct GradientFlowPruning: ScoringStrategy {
  static let info = StrategyInfo(
    id: "grasp", name: "Gradient signal preservation",
    summary: "Removes the weights without which the gradient stays largest, before training.",
    citation: "Wang et al. 2020, arXiv:2002.07376", reads: [.parameters, .hessianGradient],
    course: .sparse)

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let weights = try network.values(of: .parameters, for: layer)
    let product = try network.values(of: .hessianGradient, for: layer)
    return zip(product, weights).prefix(layer.prunableCount).map { $0 * $1 }
  }
}
