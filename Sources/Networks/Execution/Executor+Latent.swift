/// Weights that training changes and others in their place that the forward pass works with, as binary
/// networks have them: a gradient in the latter is applied to the former.
extension Executor {
  /// Makes what the kernels work with of the parameters, if these have changed since.
  func makeWorkingParameters() {
    guard working !== parameters, !isWorkingKnown else { return }
    isWorkingKnown = true
    working.pointer.update(from: parameters.pointer, count: packing.count)
    for place in steps.indices where steps[place].kind.hasLatentWeights {
      guard let range = packing.slots[place]?.weights else { continue }
      steps[place].kind.makeWorking(working.pointer + range.lowerBound, count: range.count)
    }
  }

  /// Brings latent weights back to where a gradient still moves what is made of them.
  func boundLatentWeights() {
    guard working !== parameters else { return }
    isWorkingKnown = false
    for place in steps.indices where steps[place].kind.hasLatentWeights {
      guard let range = packing.slots[place]?.weights else { continue }
      steps[place].kind.boundLatent(parameters.pointer + range.lowerBound, count: range.count)
    }
  }
}

extension Graph {
  var hasLatentWeights: Bool { nodes.contains { $0.operation.kind.hasLatentWeights } }
}

extension Network {
  /// The parameters with what layers make of latent weights in their place.
  var workingValues: [Float] {
    guard graph.hasLatentWeights else { return values }
    var values = values
    values.withUnsafeMutableBufferPointer { values in
      for slot in layout.slots {
        let kind = graph.nodes[slot.place].operation.kind
        guard kind.hasLatentWeights, let base = values.baseAddress else { continue }
        kind.makeWorking(base + slot.weights.lowerBound, count: slot.weights.count)
      }
    }
    return values
  }
}
