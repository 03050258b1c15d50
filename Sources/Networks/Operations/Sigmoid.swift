import CKernels
import Foundation

/// The logistic function, 1 / (1 + e⁻ˣ).
package struct Sigmoid: Activation, PlainlyExchangedOperation {}

extension Operation {
  package static let sigmoid = Operation(Sigmoid())
}

extension Sigmoid {
  static var word: String { "sigmoid" }
  static var key: String { "sigmoid" }
  var saturates: Bool { true }
  var problemWithZeros: String? { ", which makes ½ of 0" }

  func value(at input: Double) -> Double { 1 / (1 + exp(-input)) }
  func derivatives(at output: Double) -> (first: Double, second: Double) {
    let first = output * (1 - output)
    return (first, first * (1 - 2 * output))
  }

  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    { wbk_sigmoid($0, $1, $2) }
  }
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { { wbk_sigmoid_gradient($0, $1, $2, $3) } }

  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    for index in 0..<node.count { y[index] = x[index].logistic }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let (y, dx, dy) = (node.y, node.dx, node.dy)
    for index in 0..<node.count { dx[index] += dy[index] * y[index] * (S(1) - y[index]) }
  }
}

// MARK: - In ONNX

extension Sigmoid {
  static var onnxType: String { "Sigmoid" }
}
