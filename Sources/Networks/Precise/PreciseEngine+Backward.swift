extension PreciseEngine {
  /// Carries `seed`, derivatives in the outputs, back through the network and adds those in the
  /// parameters to `gradient`. Masked parameters get theirs as well.
  ///
  /// - Precondition: ``forward(_:)`` went before; `seed` has one value an output and `gradient` one
  ///   a parameter.
  package func backward(from seed: [S], into gradient: inout [S]) {
    precondition(seed.count == graph.outputs, "\(seed.count) seeds, \(graph.outputs) outputs")
    precondition(gradient.count == layout.count, "the gradient has another length")
    slopes.update(repeating: S(0), count: total)
    for (index, value) in seed.enumerated() { slopes[offsets[offsets.count - 1] + index] = value }
    working.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        for place in graph.nodes.indices.dropFirst().reversed() {
          backward(
            PreciseNode(
              engine: self, place: place, values: values, slopes: slopes, parameters: parameters,
              gradient: gradient))
        }
      }
    }
  }

  private func backward(_ node: PreciseNode<S>) {
    let kind = graph.nodes[node.place].operation.kind
    switch node {
    case let node as PreciseNode<Double>: kind.backwardDouble(node)
    case let node as PreciseNode<Dual>: kind.backwardDual(node)
    default: kind.backward(node)
    }
  }
}
