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

// MARK: - In ONNX

extension Flatten {
  static var onnxTypes: [String] { ["Flatten", "Reshape", "Squeeze"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add("Flatten", for: node, node.inputs, ["axis": .number(1)])
  }

  /// What is flat already stays as it is.
  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    let shape = network.shape(place)
    switch node.type {
    case "Flatten": try node.demand("axis", 1, otherwise: 1)
    case "Squeeze":
      guard shape.plane == 1 else { throw ONNXProblem("leaves out extents that are not 1") }
      guard try network.axes(of: node) == [2, 3], network.layout(place) == .spatial
      else { throw ONNXProblem("leaves out other extents than height and width") }
    default:
      guard let extents = network.numbers(1, of: node) else {
        throw ONNXProblem("makes values of extents that are not known")
      }
      let isFlat = extents.count == 2 && [-1, shape.count].contains(extents[1])
      guard isFlat || (extents.dropFirst() == network.extents(place)[...] && extents.count > 1)
      else {
        throw ONNXProblem("makes \(extents) of each map; samples × \(shape.count) are read")
      }
      guard isFlat else {
        try network.define(node, .place(place))
        return true
      }
    }
    if network.layout(place) == .flat {
      try network.define(node, .place(place))
    } else {
      try network.add(.flatten, for: node, on: [place])
    }
    return true
  }
}
