package import Numerics

extension Network {
  /// This network with about a share of `density` of every layer's weights live, at random.
  package func thinned(to density: Double, _ random: inout RandomStream) -> Network {
    var network = self
    for place in graph.weightedLayers {
      guard let slot = layout[place] else { continue }
      for index in slot.weights where random.uniform(in: 0..<1) >= density {
        network.mask[index] = 0
        network.values[index] = 0
      }
    }
    return network
  }
}
