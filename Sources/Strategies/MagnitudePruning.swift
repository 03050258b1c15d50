import StrategyKit

/// Removes the weights that are closest to zero.
///
///     global: score = |w|
///     layer:  score = (rank of |w| among the layer's live weights + 1/2) / live weights
///     quality: score = |w| / the standard deviation of the layer's live weights
///
/// S. Han, J. Pool, J. Tran, W. Dally: Learning both Weights and Connections for Efficient Neural
/// Networks. NIPS 2015, arXiv:1506.02626, section 3.
///
/// With `scope=quality` a layer's threshold is a quality times the standard deviation of its weights,
/// as in the paper, and one quality for all layers follows from the budget, so that it is met exactly.
///
/// Departs from the paper: it chooses each layer's quality by hand. By default, `scope=global`, one
/// threshold holds for |w| over all layers; with `scope=layer` it holds for the rank within the layer,
/// so that every layer loses the same share up to one weight. Retraining, with its learning rate and
/// decay, is the host's, and so is that units without effect go.
struct MagnitudePruning: ScoringStrategy {
  enum Scope: String, CaseIterable {
    case global, layer, quality
  }

  static let info = StrategyInfo(
    id: "magnitude", name: "Magnitude", summary: "Removes the weights closest to zero.",
    citation: "Han et al. 2015, arXiv:1506.02626", reads: [.parameters, .mask],
    options: [
      .choice(
        "scope",
        "one threshold for the network, the same share of every layer, or as many deviations of each",
        initial: Scope.global)
    ])

  private let scope: Scope

  init(options: Options) throws {
    scope = try options.choice("scope")
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let parameters = try network.values(of: .parameters, for: layer)
    let magnitudes = parameters.prefix(layer.prunableCount).map { abs($0) }
    guard scope != .global else { return magnitudes }
    let mask = try network.values(of: .mask, for: layer)
    let live = magnitudes.indices.filter { mask[$0] != 0 }
    guard scope == .quality else { return shareRanks(of: magnitudes, among: live) }
    let deviation = standardDeviation(of: live.map { Double(parameters[$0]) })
    return magnitudes.map { quality(of: Double($0), beside: deviation) }
  }

  /// The quality at which a weight goes: the largest there is where all are equal, as one alone is, since
  /// any threshold is 0 there.
  private func quality(of magnitude: Double, beside deviation: Double) -> Float {
    guard magnitude > 0 else { return 0 }
    return min(Float(magnitude / deviation), .greatestFiniteMagnitude)
  }

  private func standardDeviation(of values: [Double]) -> Double {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
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
