import Foundation

/// The functions the regression benchmarks fit.
///
/// Friedman's three are from J. H. Friedman, "Multivariate Adaptive Regression Splines", The Annals
/// of Statistics 19(1), 1991, section 4, with his noise: 1 for the first, and a third of the
/// signal's deviation, 125 and 0.1, for the other two. Inputs are counted from
/// 1 in the formulas, as the paper does.
extension FunctionTask {
  /// sin x on [−π, π], noise 0.1.
  package static let sine = FunctionTask(
    name: "sine", intervals: [-Double.pi..<Double.pi], noise: 0.1
  ) {
    x in sin(x[0])
  }

  /// 10 sin(π x1 x2) + 20 (x3 − ½)² + 10 x4 + 5 x5 on the unit cube of ten inputs, of which the last
  /// five are not read; noise 1.
  package static let friedman1 = FunctionTask(
    name: "friedman1", intervals: Array(repeating: 0..<1, count: 10),
    irrelevantInputs: Array(5..<10), noise: 1
  ) { x in
    10 * sin(.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4]
  }

  /// The impedance of an alternating current circuit, (x1² + (x2 x3 − 1/(x2 x4))²)^½; noise 125.
  package static let friedman2 = FunctionTask(
    name: "friedman2", intervals: circuit, noise: 125
  ) { x in
    hypot(x[0], reactance(x))
  }

  /// The phase of the same circuit, arctan((x2 x3 − 1/(x2 x4)) / x1); noise 0.1.
  package static let friedman3 = FunctionTask(
    name: "friedman3", intervals: circuit, noise: 0.1
  ) { x in
    // x1 is not negative, so this is the arctangent of the quotient, and defined at x1 = 0 too.
    atan2(reactance(x), x[0])
  }

  /// Σ sin(i · x_i + d) over inputs i = 1…10 on [−1, 1], for the targets d = 0, 1, 2; no noise.
  ///
  /// From the tutorials of the growing networks in `gromo` (github.com/growingnet/gromo), whose inputs
  /// are Gaussian: with those sin 10x swings too often for 10,000 samples of ten inputs to show it.
  package static let multiSine = FunctionTask(
    name: "multi-sine", intervals: Array(repeating: -1..<1, count: 10), noise: 0,
    functions: (0..<3).map { phase in
      { x in
        x.enumerated().reduce(0) { $0 + sin(Double($1.offset + 1) * $1.element + Double(phase)) }
      }
    })

  /// Those with one target and noise.
  package static let standard = [sine, friedman1, friedman2, friedman3]

  /// Resistance, angular frequency, inductance, capacitance.
  private static let circuit: [Range<Double>] = [
    0..<100, (40 * .pi)..<(560 * .pi), 0..<1, 1..<11,
  ]

  private static func reactance(_ x: [Double]) -> Double {
    x[1] * x[2] - 1 / (x[1] * x[3])
  }
}
