import CKernels

/// How large a network is. Which parameters count as weights is stated by the network.
package struct Counts: Hashable, Codable, Sendable {
  /// Live parameters that may be pruned: what budgets count. Weights of dense and convolution
  /// layers, and their biases where ``Network/prunesBiases`` says so.
  package var weights: Int
  /// All live parameters: biases and batch normalisation too.
  package var parameters: Int
  /// Operations of one forward pass of one sample, a multiply-add as 2, live weights only.
  package var operations: Int

  package init(weights: Int, parameters: Int, operations: Int) {
    self.weights = weights
    self.parameters = parameters
    self.operations = operations
  }
}

extension Network {
  package var counts: Counts {
    var counts = Counts(weights: 0, parameters: 0, operations: 0)
    for slot in layout.slots {
      let liveWeights = live(in: slot.weights)
      let liveBiases = live(in: slot.biases)
      let positions = graph.shapes[slot.place].plane
      counts.parameters += liveWeights + liveBiases
      counts.operations += (2 * liveWeights + liveBiases) * positions
      counts.weights += live(in: prunable(at: slot.place))
    }
    return counts
  }

  /// The number of parameters in `range` that are not masked.
  package func live(in range: Range<Int>) -> Int {
    mask[range].withUnsafeBufferPointer { mask in
      var count: Int64 = 0
      if let mask = mask.baseAddress { wbk_count_live(Int64(range.count), mask, &count) }
      return Int(count)
    }
  }
}
