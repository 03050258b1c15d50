import StrategyKit

/// Removes, before any training, the weights to which the loss is least sensitive.
///
///     score = |g · w|
///
/// where g is the gradient of the mean loss at the weights that training begins with. g · w is the
/// derivative of the loss in a factor of the connection that is 1 where it is there and 0 where it
/// is not.
///
/// N. Lee, T. Ajanthan, P. H. S. Torr: SNIP: Single-shot Network Pruning based on Connection
/// Sensitivity. ICLR 2019, arXiv:1810.02340.
///
/// Departs from the paper: it divides the scores by their sum, which ranks them no differently, and
/// measures over one mini-batch. Here it is the samples that every strategy measures over. Batch
/// normalisation has the statistics that it begins with, as everywhere where strategies measure.
struct SingleShotPruning: ScoringStrategy {
  static let info = StrategyInfo(
    id: "snip", name: "Single-shot pruning",
    summary: "Removes the weights to which the loss is least sensitive before training.",
    citation: "Lee et al. 2019, arXiv:1810.02340", reads: [.parameters, .gradient],
    course: .sparse)

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let weights = try network.values(of: .parameters, for: layer)
    let gradient = try network.values(of: .gradient, for: layer)
    return zip(gradient, weights).prefix(layer.prunableCount).map { abs($0 * $1) }
  }
}
