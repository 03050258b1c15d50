import CKernels

/// −1 below 0, else 1, with the straight-through gradient: that of the line from −1 to 1.
///
/// I. Hubara, M. Courbariaux, D. Soudry, R. El-Yaniv, Y. Bengio: Binarized Neural Networks. NIPS 2016,
/// arXiv:1602.02830, equations 1 and 4.
package struct Sign: Activation, SizelessOperation {}

extension Operation {
  package static let sign = Operation(Sign())
}

extension Sign {
  static var word: String { "sign" }
  static var key: String { "sign" }
  var saturates: Bool { true }
  var hasExactGradient: Bool { false }
  var readsInputBackward: Bool { true }
  var curvatureReadsGradients: Bool { false }
  var problemWithZeros: String? { ", which makes 1 of 0" }

  func value(at input: Double) -> Double { input < 0 ? -1 : 1 }

  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    { wbk_sign($0, $1, $2) }
  }
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { { wbk_sign_gradient($0, $1, $2, $3) } }

  /// The interface knows no such layer.
  static var canBePutIn: Bool { false }

  func derivatives(at input: Double) -> (first: Double, second: Double) {
    (abs(input) <= 1 ? 1 : 0, 0)
  }

  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    for index in 0..<node.count { y[index] = S(value(at: x[index].real)) }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let (x, dx, dy) = (node.x, node.dx, node.dy)
    for index in 0..<node.count where abs(x[index].real) <= 1 { dx[index] += dy[index] }
  }
}

// MARK: - In ONNX

/// ONNX's own `Sign` makes 0 of 0.
extension Sign {
  static var onnxTypes: [String] { ["Less", "Where"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    let (zero, least, most) = (
      model.add(ONNXModel.Tensor("", [], [0]), "zero", of: node),
      model.add(ONNXModel.Tensor("", [], [-1]), "least", of: node),
      model.add(ONNXModel.Tensor("", [], [1]), "most", of: node)
    )
    let below = model.add("Less", before: node, node.inputs + [zero])
    model.add("Where", for: node, [below, least, most])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    if node.type == "Less" {
      guard network.floats(1, of: node)?.floats == [0] else { return false }
      try network.define(node, .below(try network.place(0, of: node)))
      return true
    }
    guard case .below(let place) = network.value(0, of: node),
      network.floats(1, of: node)?.floats == [-1], network.floats(2, of: node)?.floats == [1]
    else { return false }
    try network.add(.sign, for: node, on: [place])
    return true
  }
}
