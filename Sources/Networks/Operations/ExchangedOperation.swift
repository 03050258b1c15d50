/// How a kind stands in an ONNX model.
protocol ExchangedOperation {
  /// Adds what computes the node to a model.
  func write(_ node: ONNXPlace, to model: inout ONNXWriter)

  /// The operations of ONNX that the kind is read from, alone or together with others.
  static var onnxTypes: [String] { get }
  /// Reads a node of a model of one of those types.
  ///
  /// - Returns: Whether the node is of this kind; another one may read it else.
  /// - Throws: ``ONNXProblem`` where it is, in a form that the kind does not have.
  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool
}

/// Why a node of a model is no operation of this program; the reader adds which node it is.
struct ONNXProblem: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// A kind that is one operation of ONNX with one input and no sizes.
protocol PlainlyExchangedOperation: ExchangedOperation, SizelessOperation {
  static var onnxType: String { get }
}

extension PlainlyExchangedOperation where Self: OperationKind {
  static var onnxTypes: [String] { [onnxType] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add(Self.onnxType, for: node, node.inputs)
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    try network.add(Operation(Self()), for: node, on: [network.place(0, of: node)])
    return true
  }
}
