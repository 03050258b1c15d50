/// How a layer's units behave over samples and map positions, after their activation.
package struct UnitStatistics: Sendable, Equatable {
  /// The share of exact zeros of each unit: APoZ (Hu et al. 2016).
  package var zeroRate: [Float]
  package var mean: [Float]
  /// Biased: the mean squared distance from the mean.
  package var variance: [Float]
}

extension Graph {
  /// The node at which the units of the weighted layer at `place` are observed: the first activation
  /// behind it, found through batch normalisations and pools as long as nobody else reads them. Where
  /// there is none, as at the end of a residual branch, it is the batch normalisation behind the
  /// layer, which decides how strong its units are, or else the layer itself.
  package func observedNode(of place: Int) -> Int {
    var here = place
    var normalized = place
    while consumers[here].count == 1 {
      here = consumers[here][0]
      switch nodes[here].operation.kind.role {
      case .activation: return here
      case .normalization: normalized = here
      case .pooling, .noise: continue
      default: return normalized
      }
    }
    return normalized
  }
}
