import CKernels

extension BatchedCurvature {
  /// The diagonal of the Hessian by LeCun's recursion, as
  /// ``PreciseEngine/addLeCunDiagonal(from:into:)`` states it.
  ///
  /// Where a node is linear the recursion is a backward pass with everything squared, so a second
  /// executor holds squared activations and takes squared weights; it goes back in step with the
  /// first one, whose gradient the activations' f'' terms need, where there are any.
  func leCunDiagonal() -> [Double] {
    let graph = network.graph
    let readsGradients = graph.nodes.contains { $0.operation.kind.curvatureReadsGradients }
    let working = network.workingValues
    let squared = working.map { $0 * $0 }
    return accumulate { executor in
      let second = Executor(graph: graph, capacity: executor.capacity, team: executor.team)
      return BatchWork { share, batchSums in
        if readsGradients { _ = executor.loss(self.loss, gradient: true) }
        second.square(executor, loss: self.loss)
        executor.beginBackward()
        second.beginBackward()
        working.withUnsafeBufferPointer { values in
          squared.withUnsafeBufferPointer { squares in
            guard let values = values.baseAddress, let squares = squares.baseAddress else { return }
            for place in graph.nodes.indices.dropFirst().reversed()
            where second.reaches(place) {
              let kind = graph.nodes[place].operation.kind
              if kind.role == .layer { second.accumulate(place, into: .gradient(batchSums)) }
              kind.propagateCurvature(
                second, place, .init(parameters: squares, sink: .nothing), first: executor)
              if readsGradients {
                executor.propagate(place, .init(parameters: values, sink: .nothing))
              }
            }
          }
        }
        return share
      }
    }
  }
}

extension Executor {
  /// Takes over the state of `first` after its forward pass, squared, and the loss's curvature in
  /// the outputs divided by the number of samples.
  fileprivate func square(_ first: Executor, loss: Loss) {
    batch = first.batch
    mode = first.mode
    gates = first.gates.map { $0 * $0 }
    for (source, target) in zip(first.states, states) {
      if let source { target?.takeSquares(of: source) }
    }
    for (source, target) in zip(first.activations, activations) {
      wbk_square(Int64(source.count), source.pointer, target.pointer)
    }
    let last = graph.nodes.count - 1
    let outputs = first.activation(last)
    let seed = gradient(last)
    let share = 1 / Float(max(batch.valid, 1))
    if loss == .crossEntropy {
      wbk_softmax(Int64(graph.outputs), Int64(batch.count), outputs, seed)
    }
    for output in 0..<graph.outputs {
      for lane in 0..<batch.count {
        let index = output * batch.count + lane
        let curvature =
          switch loss {
          case .squaredError: 2 / Float(graph.outputs)
          case .crossEntropy: seed[index] * (1 - seed[index])
          }
        seed[index] = lane < batch.valid ? share * curvature : 0
      }
    }
  }
}
