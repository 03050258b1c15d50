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
  /// behind it, found through batch normalisations and pools as long as nobody else reads them; the
  /// layer itself where there is none.
  package func observedNode(of place: Int) -> Int {
    var here = place
    while consumers[here].count == 1 {
      here = consumers[here][0]
      switch nodes[here].operation {
      case .relu, .tanh, .sigmoid: return here
      case .batchNorm, .maxPool, .averagePool, .globalAveragePool: continue
      default: return place
      }
    }
    return place
  }
}
