import CKernels
import Foundation

/// The hyperbolic tangent.
package struct Tanh: Activation, PlainlyExchangedOperation {}

extension Operation {
  package static let tanh = Operation(Tanh())
}

extension Tanh {
  static var word: String { "tanh" }
  static var key: String { "tanh" }
  var saturates: Bool { true }

  func value(at input: Double) -> Double { Foundation.tanh(input) }
  func derivatives(at output: Double) -> (first: Double, second: Double) {
    let first = 1 - output * output
    return (first, -2 * output * first)
  }

  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    { wbk_tanh($0, $1, $2) }
  }
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { { wbk_tanh_gradient($0, $1, $2, $3) } }

  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    for index in 0..<node.count { y[index] = x[index].hyperbolicTangent }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let (y, dx, dy) = (node.y, node.dx, node.dy)
    for index in 0..<node.count { dx[index] += dy[index] * (S(1) - y[index] * y[index]) }
  }
}

// MARK: - In ONNX

extension Tanh {
  static var onnxType: String { "Tanh" }
}
