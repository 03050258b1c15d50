package import Networks

extension Network {
  /// What the network counts as a plain dense one of the same shapes.
  var unmaskedCounts: Counts {
    var network = self
    for index in network.mask.indices { network.mask[index] = 1 }
    return network.counts
  }

  /// Units of each weighted layer, from the input on.
  package var widths: [Int] { graph.weightedLayers.compactMap { graph.nodes[$0].operation.units } }

  /// How much of what a benchmark planted is gone.
  ///
  /// - Precondition: the network is compacted, so that a unit that is left has an effect. The last
  ///   unit of a layer is left even without one.
  package func recall(of planted: Benchmark.Planted, denseWidths: [Int]) -> PlantedRecall {
    var readInputs: Set<Int> = []
    let inputs = graph.inputShape.count
    for place in graph.weightedLayers where graph.nodes[place].inputs == [0] {
      guard let slot = layout[place] else { continue }
      for index in slot.weights where mask[index] != 0 {
        readInputs.insert((index - slot.weights.lowerBound) % inputs)
      }
    }
    let removed = (denseWidths.first ?? 0) - (widths.first ?? 0)
    return PlantedRecall(
      deadInputsRemoved: planted.deadInputs.count { !readInputs.contains($0) },
      deadInputs: planted.deadInputs.count,
      surplusUnitsRemoved: min(max(0, removed), planted.surplusUnits),
      surplusUnits: planted.surplusUnits)
  }
}
