/// The channels of all inputs, one after the other.
package struct Concatenation: OperationKind, SizelessOperation {}

extension Operation {
  package static let concatenate = Operation(Concatenation())
}

extension Concatenation {
  static var word: String { "concatenate" }
  static var key: String { "concatenate" }
  var role: OperationRole { .joining }
  var flow: ChannelFlow { .concatenate }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    guard let shape = inputs.shapes.first, let layout = inputs.layouts.first,
      inputs.shapes.allSatisfy({ $0.height == shape.height && $0.width == shape.width }),
      inputs.layouts.allSatisfy({ $0 == layout })
    else { throw inputs.refuse("its inputs do not fit beside each other: \(inputs.shapes)") }
    let channels = inputs.shapes.map(\.channels).reduce(0, +)
    return (Shape(channels, shape.height, shape.width), layout)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs.flatMap { $0 }
  }

  func forward(_ executor: Executor, _ place: Int) {
    let whole = executor.activation(place)
    executor.forEachPart(of: place) { input, blocks, block, start, stride in
      let part = executor.activation(input)
      for index in 0..<blocks {
        (whole + index * stride + start).update(from: part + index * block, count: block)
      }
    }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    let whole = executor.gradient(place)
    executor.forEachPart(of: place) { input, blocks, block, start, stride in
      executor.deliver(to: input) { inner in
        for index in 0..<blocks {
          (inner + index * block).update(from: whole + index * stride + start, count: block)
        }
      }
    }
  }

  func forward<S>(_ node: PreciseNode<S>) {
    var end = node.y
    for input in node.inputs {
      let length = node.engine.graph.shapes[input].count
      end.update(from: node.output(of: input), count: length)
      end += length
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let dy = node.dy
    var start = 0
    for input in node.inputs {
      let length = node.engine.graph.shapes[input].count
      let part = node.slope(of: input)
      for index in 0..<length { part[index] += dy[start + index] }
      start += length
    }
  }
}

extension Executor {
  /// Calls `body` with each input of a concatenation, the number of its blocks, how long one is, where
  /// it begins in a block of the whole, and how long that is.
  fileprivate func forEachPart(
    of place: Int,
    _ body: (_ input: Int, _ blocks: Int, _ block: Int, _ start: Int, _ stride: Int) -> Void
  ) {
    let whole = view(place)
    let stride = Int(whole.channels * whole.plane * whole.lanes)
    var start = 0
    for input in graph.nodes[place].inputs {
      let view = view(input)
      let block = Int(view.channels * view.plane * view.lanes)
      body(input, Int(view.blocks), block, start, stride)
      start += block
    }
  }
}

// MARK: - In ONNX

extension Concatenation {
  static var onnxTypes: [String] { ["Concat"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add("Concat", for: node, node.inputs, ["axis": .number(1)])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    var places: [Int] = []
    for index in node.inputs.indices { places.append(try network.place(index, of: node)) }
    guard let first = places.first else { throw ONNXProblem("puts nothing together") }
    let axis = try node.number("axis", 1)
    guard axis == 1 || axis == -network.extents(first).count else {
      throw ONNXProblem("has axis=\(axis); channels are put together, which is 1")
    }
    try network.add(.concatenate, for: node, on: places)
    return true
  }
}
