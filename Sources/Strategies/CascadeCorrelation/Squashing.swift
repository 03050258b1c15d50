/// An activation that candidates may have: bounded, and with a slope everywhere.
package enum Squashing: CaseIterable, Sendable {
  case tanh
  case logistic

  package func value(at x: Double) -> Double {
    switch self {
    case .tanh: 1 - 2 / (exponential(2 * x) + 1)
    case .logistic: 1 / (1 + exponential(-x))
    }
  }

  /// The slope where the value is `value`.
  package func slope(atValue value: Double) -> Double {
    switch self {
    case .tanh: 1 - value * value
    case .logistic: value * (1 - value)
    }
  }

  /// Weights of this unit over those of the paper's symmetric sigmoid, 1 / (1 + e^−x) − ½, that is
  /// as steep: tanh x is twice that sigmoid at 2x.
  var weightScale: Double { self == .tanh ? 0.5 : 1 }
  /// Its values over those of the paper's.
  var valueScale: Double { self == .tanh ? 2 : 1 }
}

/// e^x, to the last digits of a Double; the same on every machine.
package func exponential(_ x: Double) -> Double {
  guard x < 709 else { return x.isNaN ? x : .infinity }
  guard x > -708 else { return 0 }
  // x = k · ln 2 + r with |r| up to ln 2 / 2, and ln 2 in two parts so that r loses nothing.
  let k = (x * 1.4426950408889634).rounded()
  let r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
  var power = 1.0
  for term in stride(from: 14.0, through: 1, by: -1) { power = 1 + power * r / term }
  return Double(sign: .plus, exponent: Int(k), significand: power)
}
