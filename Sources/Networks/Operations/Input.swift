/// The network's input. Flat ones are plain vectors.
package struct Input: OperationKind {
  package let shape: Shape
  package let layout: Layout

  private enum CodingKeys: String, CodingKey {
    case shape = "_0"
    case layout
  }
}

extension Operation {
  package static func input(_ shape: Shape, layout: Layout) -> Operation {
    Operation(Input(shape: shape, layout: layout))
  }
}

extension Input {
  static var word: String { "input" }
  static var key: String { "input" }
  var role: OperationRole { .input }
  var flow: ChannelFlow { .begin }

  /// A map may be larger than any kernel, and its values are limited besides.
  var sizes: OperationSizes {
    OperationSizes(
      counts: [shape.channels], extents: [Extent(shape.height, shape.width)], longest: 1 << 12)
  }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    guard inputs.isFirst, inputs.shapes.isEmpty else {
      throw inputs.refuse("an input stands first and alone")
    }
    guard shape.channels > 0, shape.plane > 0, layout == .spatial || shape.plane == 1 else {
      throw inputs.refuse("a \(layout) input cannot have the shape \(shape)")
    }
    return (shape, layout)
  }

  // Its values are brought in by the engines.
  func forward(_ executor: Executor, _ place: Int) {}
  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {}
  func forward<S>(_ node: PreciseNode<S>) {}
  func backward<S>(_ node: PreciseNode<S>) {}
}

extension Input {
  static var usage: String { "input VALUES, or CHANNELSxHEIGHTxWIDTH" }

  var text: String {
    layout == .flat ? "\(shape.count)" : "\(shape.channels)x\(shape.height)x\(shape.width)"
  }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    let numbers = try words.numbers("shape")
    switch numbers.count {
    case 1: self.init(shape: Shape(numbers[0]), layout: .flat)
    case 3: self.init(shape: Shape(numbers[0], numbers[1], numbers[2]), layout: .spatial)
    default: throw OperationWords.Problem("a shape is one number or three, such as 784 or 1x28x28")
    }
  }
}

// MARK: - In ONNX

extension Input {
  /// It is read off the model's input, which is no node.
  static var onnxTypes: [String] { [] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.addInput(
      node.name,
      layout == .flat ? [shape.count] : [shape.channels, shape.height, shape.width])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool { false }
}
