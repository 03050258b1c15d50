import CKernels

/// Spatial to flat.
package struct Flatten: OperationKind, SizelessOperation {}

extension Operation {
  package static let flatten = Operation(Flatten())
}

extension Flatten {
  static var word: String { "flatten" }
  static var key: String { "flatten" }
  var role: OperationRole { .reshaping }
  var flow: ChannelFlow { .flatten }
  var takesSingleLanes: Bool { false }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    (Shape(try inputs.spatial().count), .flat)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    let plane = network.graph.shapes[network.graph.nodes[place].inputs[0]].plane
    return inputs[0].flatMap { [Double?](repeating: $0, count: plane) }
  }

  func forward(_ executor: Executor, _ place: Int) {
    wbk_flatten(
      Int64(executor.batch.blocks), executor.view(place).channels,
      executor.activation(executor.steps[place].first), executor.activation(place))
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    executor.deliver(to: executor.steps[place].first) {
      wbk_unflatten(
        Int64(executor.batch.blocks), executor.view(place).channels, executor.gradient(place), $0)
    }
  }

  func forward<S>(_ node: PreciseNode<S>) { node.y.update(from: node.x, count: node.count) }

  func backward<S>(_ node: PreciseNode<S>) {
    let (dx, dy) = (node.dx, node.dy)
    for index in 0..<node.count { dx[index] += dy[index] }
  }
}
