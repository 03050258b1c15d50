import StrategyKit

/// Removes the weights of least layer-adaptive magnitude.
///
///     score = w² / Σ v²  over the layer's live weights v that come no earlier than w
///
/// where weights come in order of their size, equal ones by position.
///
/// J. Lee, S. Park, S. Mo, S. Ahn, J. Shin: Layer-Adaptive Sparsity for the Magnitude-based Pruning.
/// ICLR 2021, arXiv:2010.07611, equation 3.
///
/// One threshold for the network follows from the budget, as in the paper. The largest weight of
/// every layer scores 1, so no layer is emptied as long as there is a weight for each. Departs from
/// the paper: where biases are prunable they are scored with their layer's weights.
struct LampPruning: ScoringStrategy {
  static let info = StrategyInfo(
    id: "lamp", name: "Layer-adaptive magnitude",
    summary: "Removes the weights that are smallest beside the larger ones of their layer.",
    citation: "Lee et al. 2021, arXiv:2010.07611", reads: [.parameters, .mask])

  init(options: Options) {}

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let parameters = try network.values(of: .parameters, for: layer)
    let mask = try network.values(of: .mask, for: layer)
    let live = (0..<layer.prunableCount).filter { mask[$0] != 0 }
    let ascending = live.sorted { (abs(parameters[$0]), $0) < (abs(parameters[$1]), $1) }
    var scores = [Float](repeating: 0, count: layer.prunableCount)
    var sum = 0.0
    for position in ascending.reversed() {
      let square = Double(parameters[position]) * Double(parameters[position])
      sum += square
      scores[position] = sum > 0 ? Float(square / sum) : 0
    }
    return scores
  }
}
