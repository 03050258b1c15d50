import StrategyKit

/// Removes the units and filters whose loss, to first order, changes least when they go.
///
///     group=sum:   score = Σ over the unit's parameters of E[(g · w)²]
///     group=joint: score = (Σ over the unit's parameters of g · w)²
///
/// P. Molchanov, A. Mallya, S. Tyree, I. Frosio, J. Kautz: Importance Estimation for Neural Network
/// Pruning. CVPR 2019, arXiv:1906.10771, section 3.1. The joint form is the squared derivative of the
/// loss in a gate that multiplies the unit's pre-activation.
///
/// Departs from the paper: of the joint form the host can tell the gradient over all samples alone,
/// so that there `batch` plays no part. Units that residual sums tie together have the mean of their
/// scores.
struct TaylorUnits: ScoringStrategy {
  enum Group: String, CaseIterable {
    case sum, joint
  }

  static let info = StrategyInfo(
    id: "taylor-units", name: "Taylor expansion, units",
    summary: "Removes the units whose loss changes least to first order.",
    citation: "Molchanov et al. 2019, arXiv:1906.10771", reads: BatchGradient.reads,
    granularity: .units,
    options: [
      .choice("group", "what is squared: each parameter's term, or their sum", initial: Group.sum),
      BatchGradient.option,
    ])

  private let group: Group
  private let gradient: BatchGradient

  init(options: Options) throws {
    group = try options.choice("group")
    gradient = try BatchGradient(options)
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let terms =
      switch group {
      case .sum: try gradient.contributions(of: layer, in: network).map(Double.init)
      case .joint: try firstOrderTerms(of: layer, in: network)
      }
    return (0..<layer.unitCount).map { unit in
      let sum = layer.parameters(of: unit).reduce(0) { $0 + terms[$1] }
      return Float(group == .joint ? sum * sum : sum)
    }
  }

  /// g · w of each parameter.
  private func firstOrderTerms(of layer: Layer, in network: NetworkView) throws -> [Double] {
    let weights = try network.values(of: .parameters, for: layer)
    let gradient = try network.values(of: .gradient, for: layer)
    return zip(gradient, weights).map { Double($0) * Double($1) }
  }
}

extension Layer {
  /// The positions of a unit's weights, and of its bias where it has one.
  fileprivate func parameters(of unit: Int) -> [Int] {
    let weights = Array(unit * fanIn..<(unit + 1) * fanIn)
    return biasCount > 0 ? weights + [weightCount + unit] : weights
  }
}
