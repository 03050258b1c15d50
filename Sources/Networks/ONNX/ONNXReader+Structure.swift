/// What a model has beside the operations of a network: names for values, and computations with extents.
extension ONNXReader {
  static let structuralTypes = [
    "Identity", "Constant", "Cast", "Shape", "Gather", "Unsqueeze", "Slice", "Softmax",
    "LogSoftmax",
  ]

  /// - Parameter isLast: Whether the node makes the model's output.
  /// - Returns: Whether the node is such a one.
  mutating func readStructure(
    _ node: ONNXModel.Node, isLast: Bool
  ) throws(ONNXProblem) -> Bool {
    switch node.type {
    case "Identity":
      guard let value = value(0, of: node) else { _ = try place(0, of: node); return false }
      try define(node, value)
    case "Constant": try define(node, .constant(try Self.constant(node)))
    case "Softmax", "LogSoftmax":
      // The loss has it: what the network puts out is what goes into it.
      guard isLast else {
        throw ONNXProblem("is read only as the last node, where the loss has it")
      }
      try define(node, .place(try place(0, of: node)))
    case "Shape":
      try define(node, .extents([-1] + extents(try place(0, of: node))))
    case "Cast":
      guard let numbers = numbers(0, of: node) else { return false }
      try define(node, .extents(numbers))
    case "Gather":
      guard let numbers = numbers(0, of: node), let indices = self.numbers(1, of: node) else {
        return false
      }
      try define(node, .extents(try Self.gather(numbers, indices)))
    case "Unsqueeze":
      guard let numbers = numbers(0, of: node), numbers.count == 1 else { return false }
      try define(node, .extents(numbers))
    case "Slice":
      guard let numbers = numbers(0, of: node), let starts = self.numbers(1, of: node),
        let ends = self.numbers(2, of: node), starts.count == 1, ends.count == 1,
        !has(4, of: node)
      else { return false }
      let start = min(max(starts[0], 0), numbers.count)
      let end = min(max(ends[0], start), numbers.count)
      try define(node, .extents(Array(numbers[start..<end])))
    case "Concat":
      let parts = node.inputs.indices.compactMap { self.numbers($0, of: node) }
      guard !parts.isEmpty, parts.count == node.inputs.count else { return false }
      let together = parts.flatMap(\.self)
      guard together.count <= 16 else { throw ONNXProblem("puts too many extents together") }
      try define(node, .extents(together))
    default: return false
    }
    return true
  }

  private static func gather(_ numbers: [Int], _ indices: [Int]) throws(ONNXProblem) -> [Int] {
    guard indices.count <= 16 else { throw ONNXProblem("takes too many extents") }
    var found: [Int] = []
    for index in indices {
      let (place, overflow) = index.addingReportingOverflow(index < 0 ? numbers.count : 0)
      guard !overflow, numbers.indices.contains(place) else {
        throw ONNXProblem("takes the extent \(index) of \(numbers.count)")
      }
      found.append(numbers[place])
    }
    return found
  }

  private static func constant(_ node: ONNXModel.Node) throws(ONNXProblem) -> ONNXModel.Tensor {
    switch (
      node.attributes["value"], node.attributes["value_float"], node.attributes["value_int"],
      node.attributes["value_ints"], node.attributes["value_floats"]
    ) {
    case (.tensor(let tensor), _, _, _, _): return tensor
    case (_, .float(let value), _, _, _): return ONNXModel.Tensor("", [], [value])
    case (_, _, .number(let value), _, _):
      return ONNXModel.Tensor(extents: [], values: .numbers([value]))
    case (_, _, _, .numbers(let values), _): return ONNXModel.Tensor(numbers: values)
    case (_, _, _, _, .floats(let values)): return ONNXModel.Tensor("", [values.count], values)
    default: throw ONNXProblem("has no value of numbers")
    }
  }
}

extension ONNXModel.Node {
  /// - Throws: ``ONNXProblem`` where the attribute is of another kind.
  func number(_ name: String, _ usual: Int) throws(ONNXProblem) -> Int {
    switch attributes[name] {
    case .number(let value): return value
    case nil: return usual
    default: throw ONNXProblem("has an attribute '\(name)' that is no number")
    }
  }

  func float(_ name: String, _ usual: Float) throws(ONNXProblem) -> Float {
    switch attributes[name] {
    case .float(let value): return value
    case nil: return usual
    default: throw ONNXProblem("has an attribute '\(name)' that is no number")
    }
  }

  func numbers(_ name: String) throws(ONNXProblem) -> [Int]? {
    switch attributes[name] {
    case .numbers(let values): return values
    case nil: return nil
    default: throw ONNXProblem("has an attribute '\(name)' that is no list of numbers")
    }
  }

  /// Refuses an attribute with another value than the only one that is read.
  func demand(_ name: String, _ wanted: Int, otherwise usual: Int) throws(ONNXProblem) {
    let found = try number(name, usual)
    guard found == wanted else { throw ONNXProblem("has \(name)=\(found); \(wanted) is read") }
  }

  /// How a kernel or pool moves over a map.
  ///
  /// - Parameter size: What the node does not say itself.
  func window(_ size: Extent? = nil) throws(ONNXProblem) -> Window {
    if case .text(let word) = attributes["auto_pad"], word != "NOTSET", word != "VALID" {
      throw ONNXProblem("has auto_pad=\(word); paddings that are written out are read")
    }
    func pair(_ name: String, _ usual: Int) throws(ONNXProblem) -> Extent {
      guard let numbers = try numbers(name) else { return Extent(usual) }
      guard numbers.count == 2 else {
        throw ONNXProblem("has \(name)=\(numbers); maps of two sides are read")
      }
      return Extent(numbers[0], numbers[1])
    }
    guard try pair("dilations", 1) == Extent(1) else {
      throw ONNXProblem("has dilations, and none are read")
    }
    var kernel = size
    if attributes["kernel_shape"] != nil { kernel = try pair("kernel_shape", 1) }
    guard let kernel, size == nil || size == kernel else {
      throw ONNXProblem("has a kernel_shape that is not that of its weights, or none")
    }
    var padding = Extent(0)
    if let pads = try numbers("pads") {
      guard pads.count == 4, pads[0] == pads[2], pads[1] == pads[3] else {
        throw ONNXProblem("has pads=\(pads); the same on both sides are read")
      }
      padding = Extent(pads[0], pads[1])
    }
    return Window(size: kernel, stride: try pair("strides", 1), padding: padding)
  }
}

extension Window {
  /// As attributes of ONNX.
  var onnx: [String: ONNXModel.Attribute] {
    [
      "kernel_shape": .numbers([size.height, size.width]),
      "strides": .numbers([stride.height, stride.width]),
      "pads": .numbers([padding.height, padding.width, padding.height, padding.width]),
    ]
  }
}
