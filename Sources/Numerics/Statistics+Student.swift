import Foundation

extension Statistics {
  /// The value that Student's t with `degrees` degrees of freedom stays below with `probability`.
  ///
  /// The tail beyond t is half the regularised incomplete beta function at ν / (ν + t²) with
  /// parameters ν/2 and 1/2 (Abramowitz & Stegun 26.7.1); it falls in t, so it is inverted by
  /// bisection. Nan outside 0 < `probability` < 1 and `degrees` > 0.
  package static func studentQuantile(_ probability: Double, degrees: Double) -> Double {
    guard probability > 0, probability < 1, degrees > 0, degrees.isFinite else { return .nan }
    if probability < 0.5 { return -studentQuantile(1 - probability, degrees: degrees) }
    let tail = 1 - probability
    var low = 0.0
    var high = 1.0
    while studentTail(high, degrees: degrees) > tail, high < 1e150 {
      low = high
      high *= 2
    }
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if studentTail(middle, degrees: degrees) > tail { low = middle } else { high = middle }
    }
  }

  /// The probability that Student's t is at least as far from 0 as `t`; nan unless `degrees` > 0.
  package static func studentTwoSided(_ t: Double, degrees: Double) -> Double {
    guard degrees > 0, !t.isNaN else { return .nan }
    return 2 * studentTail(abs(t), degrees: degrees)
  }

  /// The probability that Student's t exceeds `t`, which is not negative.
  private static func studentTail(_ t: Double, degrees: Double) -> Double {
    incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  }

  /// The regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1 and positive a, b.
  package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast only below the mean of the distribution; above, use symmetry.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * betaFraction(x, a, b) / a
  }

  /// The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8),
  /// evaluated by Lentz's method.
  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / bounded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...10_000 {
      let m = Double(step)
      for coefficient in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / bounded(1 + coefficient * d)
        c = bounded(1 + coefficient / c)
        fraction *= d * c
      }
      if abs(d * c - 1) < 1e-15 { break }
    }
    return fraction
  }
}
