import StrategyKit

/// Removes the filters and units whose weights are smallest together, the same share of every layer.
///
///     norm=l1: score = Σ |w|          norm=l2: score = √ Σ w²
///
/// over the weights of a filter.
///
/// H. Li, A. Kadav, I. Durdanovic, H. Samet, H. P. Graf: Pruning Filters for Efficient ConvNets.
/// ICLR 2017, arXiv:1608.08710, section 3.1.
///
/// Departs from the paper: it prunes convolutions alone, and chooses each stage's share by hand from
/// how sensitive it is. Here units of dense layers go too, and every layer loses the same share, since
/// norms of filters of different sizes cannot be compared. Filters that residual sums tie together
/// have the mean of their scores; the paper takes the order of the skip's own convolution.
struct FilterNorm: ScoringStrategy {
  enum Norm: String, CaseIterable {
    case l1, l2
  }

  static let info = StrategyInfo(
    id: "filter-norm", name: "Filter norm",
    summary: "Removes the units whose weights are smallest together.",
    citation: "Li et al. 2017, arXiv:1608.08710", reads: [.parameters], granularity: .units,
    localScores: true,
    options: [
      .choice("norm", "the sum of magnitudes, or the root of the sum of squares", initial: Norm.l1)
    ])

  private let norm: Norm

  init(options: Options) throws {
    norm = try options.choice("norm")
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let parameters = try network.values(of: .parameters, for: layer)
    return (0..<layer.unitCount).map { unit in
      let weights = parameters[unit * layer.fanIn..<(unit + 1) * layer.fanIn]
      return switch norm {
      case .l1: Float(weights.reduce(0) { $0 + Double(abs($1)) })
      case .l2: Float(weights.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot())
      }
    }
  }
}
