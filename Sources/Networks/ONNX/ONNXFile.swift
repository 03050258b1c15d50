package import Foundation

/// A network as an ONNX model, which other programs run.
///
/// Its input is named `input` and takes any number of samples; its output is what the network's last layer makes,
/// before a softmax. A masked weight is a 0 in it like any other.
package enum ONNXFile {
  /// The bytes of a file; equal networks of equal lineage have equal bytes.
  ///
  /// - Parameters:
  ///   - network: What is written.
  ///   - lineage: What the model says of where the network comes from.
  /// - Throws: ``ModelFileError`` for a parameter that is not a finite number.
  package static func encode(
    _ network: Network, lineage: [String: String] = [:]
  ) throws(ModelFileError) -> Data {
    guard network.values.allSatisfy(\.isFinite), network.statistics.allSatisfy(\.isFinite) else {
      throw ModelFileError(file: "model", reason: "a parameter is not a finite number")
    }
    let graph = network.graph
    var writer = ONNXWriter()
    writer.describe(lineage)
    for place in graph.nodes.indices {
      graph.nodes[place].operation.kind.write(network.onnxPlace(place), to: &writer)
    }
    writer.addOutput(graph.nodes[graph.nodes.count - 1].name, [graph.outputs])
    let names = writer.model.initializers.map(\.name) + writer.model.nodes.flatMap(\.outputs)
    guard Set(names).count == names.count else {
      throw ModelFileError(file: "model", reason: "a layer has the name of another one's tensor")
    }
    return writer.model.encoded
  }
}

extension Network {
  fileprivate func onnxPlace(_ place: Int) -> ONNXPlace {
    let node = graph.nodes[place]
    let input = node.inputs.first.map { graph.shapes[$0] } ?? graph.shapes[place]
    var tensors: [String: ONNXModel.Tensor] = [:]
    func add(_ shapes: [NamedShape], from start: Int?, of values: [Float]) {
      guard var start else { return }
      for shape in shapes {
        let end = start + shape.count
        tensors[shape.name] = ONNXModel.Tensor(
          shape.name, shape.extents, Array(values[start..<end]))
        start = end
      }
    }
    let kind = node.operation.kind
    add(
      kind.parameterTensors(reading: input, making: graph.shapes[place]),
      from: layout[place]?.weights.lowerBound, of: values)
    add(
      kind.statisticsTensors(making: graph.shapes[place]),
      from: layout.statistics[place]?.lowerBound, of: statistics)
    return ONNXPlace(
      name: node.name, inputs: node.inputs.map { graph.nodes[$0].name }, input: input,
      output: graph.shapes[place], tensors: tensors)
  }
}
