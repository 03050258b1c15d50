import CKernels

extension BatchedCurvature {
  /// The diagonal of the Hessian by LeCun's recursion, as
  /// ``PreciseEngine/addLeCunDiagonal(from:into:)`` states it.
  ///
  /// Where a node is linear the recursion is a backward pass with everything squared, so a second
  /// executor holds squared activations and takes squared weights; it goes back in step with the
  /// first one, whose gradient the activations' f'' terms need.
  func leCunDiagonal() -> [Double] {
    let graph = network.graph
    let second = Executor(graph: graph, capacity: executor.capacity)
    var squared = network
    for index in squared.values.indices { squared.values[index] *= squared.values[index] }
    return accumulate { share, batchSums in
      _ = executor.loss(loss, gradient: true)
      second.square(executor, loss: loss)
      executor.beginBackward()
      second.beginBackward()
      network.values.withUnsafeBufferPointer { values in
        squared.values.withUnsafeBufferPointer { squares in
          guard let values = values.baseAddress, let squares = squares.baseAddress else { return }
          for place in graph.nodes.indices.dropFirst().reversed()
          where executor.reaches(place) {
            if graph.nodes[place].operation.isWeighted {
              second.accumulate(place, into: .gradient(batchSums))
            }
            second.propagateCurvature(place, values: squares, first: executor)
            executor.propagate(place, values: values, sink: .nothing)
          }
        }
      }
      return share
    }
  }
}

extension Executor {
  /// Takes over the state of `first` after its forward pass, squared, and the loss's curvature in
  /// the outputs divided by the number of samples.
  fileprivate func square(_ first: Executor, loss: Loss) {
    batch = first.batch
    mode = first.mode
    winners = first.winners
    gates = first.gates.map { $0 * $0 }
    for (source, target) in zip(first.norms, norms) {
      guard let source, let target else { continue }
      target.mean.pointer.update(from: source.mean.pointer, count: source.mean.count)
      wbk_square(
        Int64(source.inverse.count), source.inverse.pointer, target.inverse.pointer)
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

  /// One node's step of the recursion; `first` holds the outputs' values and the gradient.
  fileprivate func propagateCurvature(
    _ place: Int, values: UnsafePointer<Float>, first: Executor
  ) {
    let node = graph.nodes[place]
    let count = Int(view(place).count)
    let outer = gradient(place)
    switch node.operation {
    case .relu, .tanh, .sigmoid:
      let (y, slope) = (first.activation(place), first.gradient(place))
      deliver(to: node.inputs[0]) { inner in
        for index in 0..<count {
          let f = node.operation.derivatives(at: Double(y[index]))
          inner[index] =
            Float(f.first * f.first) * outer[index] + Float(f.second) * slope[index]
        }
      }
    case .averagePool, .globalAveragePool:
      // The kernel divides by the window once; a square divides twice.
      let area: Int
      if case .averagePool(let window) = node.operation {
        area = window.size.area
      } else {
        area = graph.shapes[node.inputs[0]].plane
      }
      wbk_scale(Int64(count), 1 / Float(area), outer, outer)
      propagate(place, values: values, sink: .nothing)
    default:
      propagate(place, values: values, sink: .nothing)
    }
  }
}
