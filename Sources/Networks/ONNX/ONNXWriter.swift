/// What an operation sees of its node when it is written.
struct ONNXPlace {
  /// Names the node, and the value that it makes.
  let name: String
  /// Names of the values that it reads.
  let inputs: [String]
  let input: Shape
  let output: Shape
  /// Its tensors by their names behind the layer's.
  let tensors: [String: ONNXModel.Tensor]
}

/// Makes an ONNX model of a network, node by node.
struct ONNXWriter {
  private(set) var model = ONNXModel()

  /// Adds an operation whose value is the node's.
  mutating func add(
    _ type: String, for node: ONNXPlace, _ inputs: [String],
    _ attributes: [String: ONNXModel.Attribute] = [:]
  ) {
    add(type, named: node.name, inputs, attributes)
  }

  /// Adds an operation before the node's last one and returns the name of its value.
  mutating func add(
    _ type: String, before node: ONNXPlace, _ inputs: [String],
    _ attributes: [String: ONNXModel.Attribute] = [:]
  ) -> String {
    let name = "\(node.name)/\(type)"
    add(type, named: name, inputs, attributes)
    return name
  }

  /// Adds known values and returns their name.
  mutating func add(_ tensor: ONNXModel.Tensor, _ suffix: String, of node: ONNXPlace) -> String {
    var tensor = tensor
    tensor.name = "\(node.name).\(suffix)"
    model.initializers.append(tensor)
    return tensor.name
  }

  /// Adds those of a node's tensors that it has, in this order, and returns their names.
  mutating func addTensors(_ suffixes: [String], of node: ONNXPlace) -> [String] {
    suffixes.compactMap { suffix in node.tensors[suffix].map { add($0, suffix, of: node) } }
  }

  private mutating func add(
    _ type: String, named name: String, _ inputs: [String],
    _ attributes: [String: ONNXModel.Attribute]
  ) {
    model.nodes.append(
      ONNXModel.Node(
        name: name, type: type, inputs: inputs, outputs: [name], attributes: attributes))
  }

  mutating func addInput(_ name: String, _ extents: [Int]) {
    model.inputs.append(ONNXModel.Value(name: name, extents: [nil] + extents.map { $0 }))
  }

  mutating func addOutput(_ name: String, _ extents: [Int]) {
    model.outputs.append(ONNXModel.Value(name: name, extents: [nil] + extents.map { $0 }))
  }

  mutating func describe(_ metadata: [String: String]) {
    model.producer = "workbench"
    model.graphName = "network"
    model.metadata = metadata
  }
}
