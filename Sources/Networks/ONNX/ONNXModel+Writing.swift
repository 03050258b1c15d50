import Foundation

extension ONNXModel {
  /// The bytes of a file.
  var encoded: Data {
    var writer = ProtobufWriter()
    writer.number(1, Self.representation)
    writer.text(2, producer)
    writer.message(7) { encodeGraph(&$0) }
    writer.message(8) { writer in
      writer.text(1, "")
      writer.number(2, operations)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      writer.message(14) { writer in
        writer.text(1, key)
        writer.text(2, value)
      }
    }
    return Data(writer.bytes)
  }

  private func encodeGraph(_ writer: inout ProtobufWriter) {
    for node in nodes { writer.message(1) { node.encode(&$0) } }
    writer.text(2, graphName)
    for tensor in initializers { writer.message(5) { tensor.encode(&$0) } }
    for value in inputs { writer.message(11) { value.encode(&$0) } }
    for value in outputs { writer.message(12) { value.encode(&$0) } }
  }
}

extension ONNXModel.Node {
  fileprivate func encode(_ writer: inout ProtobufWriter) {
    for input in inputs { writer.text(1, input) }
    for output in outputs { writer.text(2, output) }
    writer.text(3, name)
    writer.text(4, type)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
      writer.message(5) { writer in
        writer.text(1, name)
        attribute.encode(&writer)
      }
    }
  }
}

extension ONNXModel.Attribute {
  /// The kind stands beside the value: checker and runtime refuse an attribute without.
  fileprivate func encode(_ writer: inout ProtobufWriter) {
    switch self {
    case .float(let value):
      writer.float(2, value)
      writer.number(20, 1)
    case .number(let value):
      writer.number(3, value)
      writer.number(20, 2)
    case .text(let value):
      writer.text(4, value)
      writer.number(20, 3)
    case .tensor(let value):
      writer.message(5) { value.encode(&$0) }
      writer.number(20, 4)
    case .floats(let values):
      for value in values { writer.float(7, value) }
      writer.number(20, 6)
    case .numbers(let values):
      for value in values { writer.number(8, value) }
      writer.number(20, 7)
    case .other: break
    }
  }
}

extension ONNXModel.Tensor {
  fileprivate func encode(_ writer: inout ProtobufWriter) {
    for extent in extents { writer.number(1, extent) }
    switch values {
    case .floats: writer.number(2, ONNXModel.TensorType.float.rawValue)
    case .numbers: writer.number(2, ONNXModel.TensorType.int64.rawValue)
    }
    if !name.isEmpty { writer.text(8, name) }
    // As raw bytes, little-endian, as every processor is that this program runs on.
    switch values {
    case .floats(let floats): writer.bytes(9, floats.withUnsafeBytes { Array($0) })
    case .numbers(let numbers):
      writer.bytes(9, numbers.map(Int64.init).withUnsafeBytes { Array($0) })
    }
  }
}

extension ONNXModel.Value {
  fileprivate func encode(_ writer: inout ProtobufWriter) {
    writer.text(1, name)
    writer.message(2) { writer in
      writer.message(1) { writer in
        writer.number(1, ONNXModel.TensorType.float.rawValue)
        writer.message(2) { writer in
          for extent in extents {
            writer.message(1) { writer in
              if let extent { writer.number(1, extent) } else { writer.text(2, "batch") }
            }
          }
        }
      }
    }
  }
}
