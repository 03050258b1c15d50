extension PreciseEngine {
  /// Computes the output for one input, given in the order of channels, rows, columns.
  ///
  /// - Precondition: `input` has as many values as the graph's input shape.
  @discardableResult
  package func forward(_ input: some Collection<Float>) -> [S] {
    precondition(input.count == graph.inputShape.count, "the input does not fit the network")
    for (index, value) in input.enumerated() { values[index] = S(Double(value)) }
    let noGradient = UnsafeMutableBufferPointer<S>(start: nil, count: 0)
    makeWorkingParameters()
    working.withUnsafeBufferPointer { parameters in
      for place in graph.nodes.indices.dropFirst() {
        forward(
          PreciseNode(
            engine: self, place: place, values: values, slopes: slopes, parameters: parameters,
            gradient: noGradient))
      }
    }
    return output(of: graph.nodes.count - 1)
  }

  private func forward(_ node: PreciseNode<S>) {
    let kind = graph.nodes[node.place].operation.kind
    switch node {
    case let node as PreciseNode<Double>: kind.forwardDouble(node)
    case let node as PreciseNode<Dual>: kind.forwardDual(node)
    default: kind.forward(node)
    }
  }
}
