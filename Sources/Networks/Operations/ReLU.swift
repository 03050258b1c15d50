import CKernels

/// max(x, 0).
package struct ReLU: Activation, PlainlyExchangedOperation {}

extension Operation {
  package static let relu = Operation(ReLU())
}

extension ReLU {
  static var word: String { "relu" }
  static var key: String { "relu" }
  var curvatureReadsGradients: Bool { false }
  var problemWithZeros: String? { ", and no gradient passes that at 0" }

  func value(at input: Double) -> Double { max(input, 0) }
  func derivatives(at output: Double) -> (first: Double, second: Double) {
    (output > 0 ? 1 : 0, 0)
  }

  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    { wbk_relu($0, $1, $2) }
  }
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { { wbk_relu_gradient($0, $1, $2, $3) } }

  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    for index in 0..<node.count { y[index] = x[index].real > 0 ? x[index] : S(0) }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let (y, dx, dy) = (node.y, node.dx, node.dy)
    for index in 0..<node.count where y[index].real > 0 { dx[index] += dy[index] }
  }
}

// MARK: - In ONNX

extension ReLU {
  static var onnxType: String { "Relu" }
}
