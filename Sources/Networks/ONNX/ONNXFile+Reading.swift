package import Foundation

extension ONNXFile {
  /// Reads a network from a model, of the operations that this program has.
  ///
  /// - Parameters:
  ///   - data: The bytes of the file.
  ///   - file: The name an error gives.
  ///   - prunesBiases: Whether budgets count the network's biases.
  /// - Throws: ``ModelFileError`` that names the node where something is not as it is needed.
  package static func decode(
    _ data: Data, file: String, prunesBiases: Bool = false
  ) throws(ModelFileError) -> Network {
    try contents(of: data, file: file, prunesBiases: prunesBiases).network
  }

  /// The same, with what the model says of the network's lineage.
  package static func contents(
    of data: Data, file: String, prunesBiases: Bool = false
  ) throws(ModelFileError) -> ModelFile.Contents {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    let model: ONNXModel
    do {
      model = try ONNXModel(reading: Array(data))
    } catch { throw refuse("it is no ONNX model that can be read: \(error.reason)") }
    guard 7...64 ~= model.operations else {
      throw refuse("its operations are of version \(model.operations), and 7 or later is read")
    }
    var reader: ONNXReader
    do {
      reader = try ONNXReader(model)
      let input = try model.onlyInput()
      try reader.addInput(input, input.operation())
    } catch { throw refuse(error.reason) }
    for node in model.nodes {
      do {
        try reader.read(node, isLast: node.outputs.first == model.outputs.first?.name)
      } catch {
        throw refuse("node '\(node.name)' (\(node.type)) \(error.reason)")
      }
    }
    do throws(ONNXProblem) {
      guard model.outputs.count == 1 else {
        throw ONNXProblem("it has \(model.outputs.count) outputs, and one is read")
      }
      return ModelFile.Contents(
        network: try reader.network(
          output: model.outputs[0].name, prunesBiases: prunesBiases),
        lineage: model.metadata)
    } catch { throw refuse(error.reason) }
  }
}

extension ONNXModel {
  /// What is no tensor of known values.
  fileprivate func onlyInput() throws(ONNXProblem) -> Value {
    let known = Set(initializers.map(\.name))
    let inputs = inputs.filter { !known.contains($0.name) }
    guard inputs.count == 1 else {
      throw ONNXProblem("it has \(inputs.count) inputs, and a network here has one")
    }
    guard inputs[0].isFloat else {
      throw ONNXProblem("its input '\(inputs[0].name)' is not of single-precision numbers")
    }
    return inputs[0]
  }
}

extension ONNXModel.Value {
  /// Samples are the first extent; maps have three more, or two without channels.
  fileprivate func operation() throws(ONNXProblem) -> Operation {
    let known = extents.dropFirst().compactMap { $0 }
    guard known.count == extents.count - 1, known.allSatisfy({ 1...Graph.mostValues ~= $0 }),
      [1, 2, 3].contains(known.count)
    else {
      let words = extents.prefix(8).map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
      throw ONNXProblem(
        "its input '\(name)' has the extents (\(words)); samples × values, or samples × channels × height "
          + "× width, all but the first known, are read")
    }
    switch known.count {
    case 1: return .input(Shape(known[0]), layout: .flat)
    case 2: return .input(Shape(1, known[0], known[1]), layout: .spatial)
    default: return .input(Shape(known[0], known[1], known[2]), layout: .spatial)
    }
  }
}

extension ONNXReader {
  /// Reads the next node of the model.
  fileprivate mutating func read(
    _ node: ONNXModel.Node, isLast: Bool
  ) throws(ONNXProblem) {
    guard node.domain.isEmpty else {
      throw ONNXProblem("is of the domain '\(node.domain)', of which nothing is read")
    }
    if try readStructure(node, isLast: isLast) { return }
    for kind in Operation.kinds where kind.onnxTypes.contains(node.type) {
      if try kind.read(node, into: &self) { return }
    }
    let known = Set(Operation.kinds.flatMap { $0.onnxTypes } + Self.structuralTypes)
    guard known.contains(node.type) else {
      throw ONNXProblem(
        "is of no operation of this program, which reads \(known.sorted().joined(separator: ", "))")
    }
    throw ONNXProblem("reads values of which this program makes nothing")
  }
}
