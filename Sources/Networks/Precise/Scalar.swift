import Foundation

/// A number the precise engine can compute with.
package protocol Scalar: Sendable {
  init(_ value: Double)
  /// The value without what is carried beside it; comparisons decide by it.
  var real: Double { get }
  var exponential: Self { get }
  var logarithm: Self { get }
  var hyperbolicTangent: Self { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
}

extension Scalar {
  @inline(__always)
  static func += (left: inout Self, right: Self) { left = left + right }

  /// 1 / (1 + e⁻ˣ).
  var logistic: Self { Self(1) / (Self(1) + (Self(0) - self).exponential) }
}

extension Double: Scalar {
  package var real: Double { self }
  package var exponential: Double { exp(self) }
  package var logarithm: Double { log(self) }
  package var hyperbolicTangent: Double { tanh(self) }
}

/// A value and its derivative along one direction, carried through every operation (forward-mode
/// differentiation; Clifford 1873). A gradient computed with these has the Hessian times the
/// direction as its tangent (Pearlmutter 1994).
package struct Dual: Scalar {
  package var real: Double
  package var tangent: Double

  @inline(__always)
  package init(_ real: Double, tangent: Double) {
    self.real = real
    self.tangent = tangent
  }

  /// A constant.
  @inline(__always)
  package init(_ value: Double) { self.init(value, tangent: 0) }

  package var exponential: Dual {
    let value = exp(real)
    return Dual(value, tangent: value * tangent)
  }

  package var logarithm: Dual { Dual(log(real), tangent: tangent / real) }

  package var hyperbolicTangent: Dual {
    let value = tanh(real)
    return Dual(value, tangent: (1 - value * value) * tangent)
  }

  @inline(__always)
  package static func + (left: Dual, right: Dual) -> Dual {
    Dual(left.real + right.real, tangent: left.tangent + right.tangent)
  }

  @inline(__always)
  package static func - (left: Dual, right: Dual) -> Dual {
    Dual(left.real - right.real, tangent: left.tangent - right.tangent)
  }

  @inline(__always)
  package static func * (left: Dual, right: Dual) -> Dual {
    Dual(
      left.real * right.real, tangent: left.tangent * right.real + left.real * right.tangent)
  }

  @inline(__always)
  package static func / (left: Dual, right: Dual) -> Dual {
    let value = left.real / right.real
    return Dual(value, tangent: (left.tangent - value * right.tangent) / right.real)
  }
}
