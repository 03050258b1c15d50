/// A network that is being read from an ONNX model, node by node.
struct ONNXReader {
  /// What is known of a value of the model.
  enum Value {
    /// The output of a node of the network.
    case place(Int)
    case constant(ONNXModel.Tensor)
    /// The extents of a value, with −1 for the number of samples.
    case extents([Int])
    /// Whether the output of a node is below 0.
    case below(Int)
    /// The output of a node times a number.
    case scaled(Int, by: Float)
  }

  private(set) var nodes: [Graph.Node] = []
  private var shapes: [Shape] = []
  private var layouts: [Layout] = []
  /// Of each node weights and biases, and running statistics.
  private var parameters: [(values: [Float], statistics: [Float])] = []
  private var values: [String: Value] = [:]
  /// How many nodes read each value.
  private let readers: [String: Int]
  private var names: Set<String> = []

  init(_ model: ONNXModel) throws(ONNXProblem) {
    var readers: [String: Int] = [:]
    for input in model.nodes.flatMap(\.inputs) { readers[input, default: 0] += 1 }
    for output in model.outputs { readers[output.name, default: 0] += 1 }
    self.readers = readers
    for tensor in model.initializers { try define(tensor.name, .constant(tensor)) }
  }

  // MARK: - What operations read

  /// The node of the network that makes an input of the model's node.
  func place(_ index: Int, of node: ONNXModel.Node) throws(ONNXProblem) -> Int {
    guard index < node.inputs.count else { throw ONNXProblem("lacks its input \(index + 1)") }
    let name = node.inputs[index]
    switch values[name] {
    case .place(let place): return place
    case .constant: throw ONNXProblem("reads the constant '\(name)' where a value is wanted")
    case .extents: throw ONNXProblem("computes with the extents '\(name)' of a value")
    case .below, .scaled:
      throw ONNXProblem("reads '\(name)', which is part of no operation of this program")
    case nil: throw ONNXProblem("reads '\(name)', which no node before it makes")
    }
  }

  func value(_ index: Int, of node: ONNXModel.Node) -> Value? {
    index < node.inputs.count ? values[node.inputs[index]] : nil
  }

  /// Nil where the input is left out or is no constant of single precision.
  func floats(_ index: Int, of node: ONNXModel.Node) -> ONNXModel.Tensor? {
    guard case .constant(let tensor) = value(index, of: node), tensor.floats != nil else {
      return nil
    }
    return tensor
  }

  /// Whole numbers that an input is, known or extents; nil where it is something else.
  func numbers(_ index: Int, of node: ONNXModel.Node) -> [Int]? {
    switch value(index, of: node) {
    case .constant(let tensor): tensor.numbers
    case .extents(let extents): extents
    default: nil
    }
  }

  /// The extents of a map that the model's node names, by its second input or, in older versions, an attribute.
  func axes(of node: ONNXModel.Node) throws(ONNXProblem) -> Set<Int> {
    var axes = numbers(1, of: node)
    if axes == nil { axes = try node.numbers("axes") }
    return Set((axes ?? []).map { $0 < 0 ? $0 + 4 : $0 })
  }

  /// Whether an input is given at all: one that is left out has no name.
  func has(_ index: Int, of node: ONNXModel.Node) -> Bool {
    index < node.inputs.count && !node.inputs[index].isEmpty
  }

  func shape(_ place: Int) -> Shape { shapes[place] }
  func layout(_ place: Int) -> Layout { layouts[place] }
  func operation(_ place: Int) -> Operation { nodes[place].operation }

  /// The extents of a node's output as ONNX has them, behind the number of samples.
  func extents(_ place: Int) -> [Int] {
    let shape = shapes[place]
    return layouts[place] == .flat ? [shape.count] : [shape.channels, shape.height, shape.width]
  }

  /// Whether nothing but the model's node reads an input of it.
  func isOnlyReader(_ index: Int, of node: ONNXModel.Node) -> Bool {
    readers[node.inputs[index]] == 1
  }

  // MARK: - What operations add

  /// Adds a node to the network, which makes the value of the model's node.
  @discardableResult
  mutating func add(
    _ operation: Operation, for node: ONNXModel.Node, on inputs: [Int], values: [Float] = [],
    statistics: [Float] = []
  ) throws(ONNXProblem) -> Int {
    let place = try add(
      operation, before: node, on: inputs, values: values, statistics: statistics)
    try define(node, .place(place))
    return place
  }

  /// Adds a node that what makes the value of the model's node reads.
  mutating func add(
    _ operation: Operation, before node: ONNXModel.Node, on inputs: [Int], values: [Float] = [],
    statistics: [Float] = []
  ) throws(ONNXProblem) -> Int {
    guard nodes.count < Graph.mostNodes else {
      throw ONNXProblem("is one too many: a network has at most \(Graph.mostNodes) nodes")
    }
    let place = nodes.count
    let name = name(of: operation, for: node, at: place)
    let made = Graph.Node(id: UInt64(place) + 1, name: name, operation: operation, inputs: inputs)
    do throws(GraphError) {
      try made.checkLimits()
      let (shape, layout) = try operation.kind.output(
        of: NodeInputs(
          name: name, shapes: inputs.map { shapes[$0] }, layouts: inputs.map { layouts[$0] },
          isFirst: place == 0))
      try made.checkLimits(of: shape)
      let input = inputs.first.map { shapes[$0] } ?? shape
      let counts = operation.kind.parameterCounts(reading: input)
      guard counts.weights + counts.biases == values.count else {
        throw GraphError(
          node: name,
          reason: "\(values.count) parameters where \(counts.weights + counts.biases) belong")
      }
      let kept = operation.kind.statisticsTensors(making: shape).map(\.count).reduce(0, +)
      guard kept == statistics.count else {
        throw GraphError(
          node: name, reason: "\(statistics.count) running statistics where \(kept) belong")
      }
      shapes.append(shape)
      layouts.append(layout)
    } catch { throw ONNXProblem("does not fit: \(error.reason)") }
    guard (values + statistics).allSatisfy(\.isFinite) else {
      throw ONNXProblem("has a parameter that is not a finite number")
    }
    nodes.append(made)
    parameters.append((values, statistics))
    names.insert(name)
    return place
  }

  /// Gives a layer biases, which the model's node adds to it.
  mutating func addBiases(
    _ biases: [Float], to place: Int, as operation: Operation, for node: ONNXModel.Node
  ) throws(ONNXProblem) {
    guard biases.allSatisfy(\.isFinite) else {
      throw ONNXProblem("has a parameter that is not a finite number")
    }
    nodes[place].operation = operation
    parameters[place].values += biases
    try define(node, .place(place))
  }

  /// Says what the first output of the model's node is; others that somebody reads are refused.
  mutating func define(_ node: ONNXModel.Node, _ value: Value) throws(ONNXProblem) {
    guard let name = node.outputs.first else { throw ONNXProblem("makes no value") }
    if let other = node.outputs.dropFirst().first(where: { readers[$0] != nil && !$0.isEmpty }) {
      throw ONNXProblem("makes a second value '\(other)', which is read")
    }
    try define(name, value)
  }

  private mutating func define(_ name: String, _ value: Value) throws(ONNXProblem) {
    guard !name.isEmpty, values.updateValue(value, forKey: name) == nil else {
      throw ONNXProblem("makes '\(name)', which is made before")
    }
  }

  mutating func addInput(_ value: ONNXModel.Value, _ operation: Operation) throws(ONNXProblem) {
    let node = ONNXModel.Node(name: value.name, type: "Input", inputs: [], outputs: [value.name])
    try add(operation, for: node, on: [])
  }

  /// A layer is called by what its weights are called, as PyTorch's are; anything else as the model has it, where
  /// that is a name here.
  private func name(of operation: Operation, for node: ONNXModel.Node, at place: Int) -> String {
    let ordinary = Graph.ordinaryName(of: operation, at: place)
    guard place > 0 else { return ordinary }
    // PyTorch's older exporter writes '/block1/conv1/Conv' for a layer 'block1.conv1'.
    var parts = node.name.split(separator: "/")
    if parts.count > 1, node.name.hasPrefix("/") { parts.removeLast() }
    var names = [parts.joined(separator: ".")]
    if operation.isWeighted || operation.kind.keepsStatistics, node.inputs.count > 1 {
      let stem = node.inputs[1].split(separator: ".").dropLast().joined(separator: ".")
      if !stem.isEmpty { names.insert(stem, at: 0) }
    }
    return names.first { Graph.isName($0) && !self.names.contains($0) }
      ?? freeName(ordinary)
  }

  private func freeName(_ stem: String) -> String {
    var name = stem
    while names.contains(name) { name += "+" }
    return name
  }
}

extension ONNXReader {
  // MARK: - What it makes

  /// The network whose output the value of this name is.
  func network(output name: String, prunesBiases: Bool) throws(ONNXProblem) -> Network {
    guard case .place(let last) = values[name] else {
      throw ONNXProblem("its output '\(name)' is made by no node")
    }
    guard last == nodes.count - 1 else {
      throw ONNXProblem("node '\(nodes[nodes.count - 1].name)' leads to no output")
    }
    do {
      // Numbered as a network is whose text is read.
      let plain = try Graph(nodes: nodes.withBlocks()).withoutIdleFlatten()
      let graph = try Graph(text: plain.text, file: "its text")
      return try Network(
        graph: graph, values: parameters.flatMap(\.values),
        mask: parameters.flatMap { [Float](repeating: 1, count: $0.values.count) },
        statistics: parameters.flatMap(\.statistics), prunesBiases: prunesBiases)
    } catch { throw ONNXProblem("its structure cannot be run: \(error)") }
  }
}

extension Graph {
  /// The same where a map is read by nothing but a flatten that stands first: of flat inputs.
  fileprivate func withoutIdleFlatten() throws(GraphError) -> Graph {
    guard nodes.count > 2, consumers[0] == [1], nodes[1].operation == .flatten else { return self }
    var nodes = nodes
    nodes[0].operation = .input(Shape(inputShape.count), layout: .flat)
    nodes.remove(at: 1)
    for place in nodes.indices.dropFirst() {
      nodes[place].inputs = nodes[place].inputs.map { max(0, $0 - 1) }
    }
    return try Graph(nodes: nodes)
  }
}
