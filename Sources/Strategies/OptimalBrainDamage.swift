import StrategyKit

/// Removes the weights whose loss, by the diagonal of the curvature, costs least.
///
///     score = h w² / 2
///
/// Y. LeCun, J. Denker, S. Solla: Optimal Brain Damage. NIPS 2, 1989, pages 598–605.
///
/// Departs from the paper: h is by default the exact diagonal of the Gauss-Newton matrix, which is
/// never negative. `curvature=lecun` is the paper's own recursion, and `curvature=fisher` the mean
/// of squared gradients. Parameters that are shared, as in convolutions, are one parameter each.
struct OptimalBrainDamage: ScoringStrategy {
  enum Curvature: String, CaseIterable {
    case gaussNewton = "gauss-newton"
    case lecun, fisher

    var signal: Signal {
      switch self {
      case .gaussNewton: .gaussNewtonDiagonal
      case .lecun: .lecunDiagonal
      case .fisher: .fisherDiagonal
      }
    }
  }

  static let info = StrategyInfo(
    id: "obd", name: "Optimal Brain Damage",
    summary: "Removes the weights of least saliency by the diagonal of the curvature.",
    citation: "LeCun, Denker & Solla 1989, NIPS 2, pages 598-605",
    reads: [.parameters, .gaussNewtonDiagonal, .lecunDiagonal, .fisherDiagonal], lossScores: true,
    options: [
      .choice("curvature", "which diagonal of the curvature", initial: Curvature.gaussNewton)
    ])

  private let curvature: Curvature

  init(options: Options) throws {
    curvature = try options.choice("curvature")
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let weights = try network.values(of: .parameters, for: layer)
    let diagonal = try network.values(of: curvature.signal, for: layer)
    return zip(diagonal, weights).prefix(layer.prunableCount).map { $0 * $1 * $1 / 2 }
  }
}
