import StrategyKit

/// Removes the weights that are closest to zero.
///
///     global: score = |w|
///     layer:  score = (rank of |w| among the layer's live weights + 1/2) / live weights
///
/// S. Han, J. Pool, J. Tran, W. Dally: Learning both Weights and Connections for Efficient Neural
/// Networks. NIPS 2015, arXiv:1506.02626, section 3.
///
/// Departs from the paper: it sets a threshold for each layer by hand, from the standard deviation
/// of its weights. Here one threshold follows from the budget. With `scope=global` it holds for
/// |w| over all layers; with `scope=layer` it holds for the rank within the layer, so that every
/// layer loses the same share up to one weight.
struct MagnitudePruning: ScoringStrategy {
  enum Scope: String, CaseIterable {
    case global, layer
  }

  static let info = StrategyInfo(
    id: "magnitude", name: "Magnitude", summary: "Removes the weights closest to zero.",
    citation: "Han et al. 2015, arXiv:1506.02626", reads: [.parameters, .mask],
    options: [
      .choice(
        "scope", "one threshold for the network, or the same share of every layer",
        initial: Scope.global)
    ])

  private let scope: Scope

  init(options: Options) throws {
    scope = try options.choice("scope")
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let parameters = try network.values(of: .parameters, for: layer)
    let magnitudes = parameters.prefix(layer.prunableCount).map { abs($0) }
    guard scope == .layer else { return magnitudes }
    let mask = try network.values(of: .mask, for: layer)
    let live = magnitudes.indices.filter { mask[$0] != 0 }
    return shareRanks(of: magnitudes, among: live)
  }

  /// For each live position, the share of live ones below it; ties by position.
  ///
  /// 0 for the others.
  private func shareRanks(of magnitudes: [Float], among live: [Int]) -> [Float] {
    var scores = [Float](repeating: 0, count: magnitudes.count)
    let order = live.sorted { (magnitudes[$0], $0) < (magnitudes[$1], $1) }
    for (rank, position) in order.enumerated() {
      scores[position] = (Float(rank) + 0.5) / Float(order.count)
    }
    return scores
  }
}
