/// The part of an ONNX model that networks need.
///
/// ONNX intermediate representation, onnx.ai/onnx/repo-docs/IR.html; numbers of fields after `onnx.proto3`.
struct ONNXModel: Equatable {
  /// The version of the representation that is written, and the operations' of its default domain.
  static let representation = 8
  static let operations = 17

  var producer = ""
  var graphName = ""
  var nodes: [Node] = []
  var initializers: [Tensor] = []
  var inputs: [Value] = []
  var outputs: [Value] = []
  var metadata: [String: String] = [:]
  /// The version of the operations of the default domain.
  var operations = Self.operations

  struct Node: Equatable {
    var name: String
    var type: String
    /// Empty for the operations of ONNX itself.
    var domain = ""
    var inputs: [String]
    var outputs: [String]
    var attributes: [String: Attribute] = [:]
  }

  enum Attribute: Equatable {
    case float(Float)
    case number(Int)
    case text(String)
    case tensor(Tensor)
    case numbers([Int])
    case floats([Float])
    /// Of a kind that no operation here has, such as a graph.
    case other
  }

  /// A tensor of known values.
  struct Tensor: Equatable {
    var name = ""
    var extents: [Int]
    var values: Values

    enum Values: Equatable {
      case floats([Float])
      case numbers([Int])
    }
  }

  /// An input or output of the graph.
  struct Value: Equatable {
    var name: String
    /// Whether its values are single-precision numbers.
    var isFloat = true
    /// Nil for an extent that is left open, as the number of samples is.
    var extents: [Int?]
  }
}

extension ONNXModel.Tensor {
  init(_ name: String = "", _ extents: [Int], _ floats: [Float]) {
    self.init(name: name, extents: extents, values: .floats(floats))
  }

  init(_ name: String = "", numbers: [Int]) {
    self.init(name: name, extents: [numbers.count], values: .numbers(numbers))
  }

  var floats: [Float]? { if case .floats(let floats) = values { floats } else { nil } }
  var numbers: [Int]? { if case .numbers(let numbers) = values { numbers } else { nil } }
}
