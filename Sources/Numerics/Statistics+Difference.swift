import Foundation

extension Statistics {
  /// What is known of the mean difference between two things measured in pairs.
  package struct Difference: Codable, Hashable, Sendable {
    /// The mean with its 95 % interval.
    package var interval: Interval
    /// The probability of a difference at least as far from 0, where there is none; nil where the
    /// measurements cannot say.
    package var p: Double?

    package init(interval: Interval, p: Double?) {
      self.interval = interval
      self.p = p
    }
  }

  /// Student's paired test of the mean of `values[i] - reference[i]`; nil below two pairs or when
  /// the counts differ.
  ///
  /// Pairs that share their seed share most of their noise, so this interval is narrower than two
  /// intervals held against each other. It knows of everything that is drawn anew with each pair,
  /// and of nothing that all pairs share.
  package static func pairedDifference(_ values: [Double], _ reference: [Double]) -> Difference? {
    guard values.count == reference.count, values.count >= 2 else { return nil }
    let differences = zip(values, reference).map { $0 - $1 }
    guard let mean = mean(differences), let deviation = standardDeviation(differences)
    else { return nil }
    return difference(
      mean: mean, standardError: deviation / Double(values.count).squareRoot(),
      degrees: Double(values.count - 1))
  }

  /// A mean whose error is Student's t with `degrees` degrees of freedom.
  static func difference(mean: Double, standardError: Double, degrees: Double) -> Difference {
    // Without any spread there is no error to speak of, and no degree of freedom either.
    guard standardError > 0 else {
      return Difference(
        interval: Interval(mean: mean, low: mean, high: mean), p: mean == 0 ? 1 : 0)
    }
    let half = studentQuantile(0.975, degrees: degrees) * standardError
    return Difference(
      interval: Interval(mean: mean, low: mean - half, high: mean + half),
      p: studentTwoSided(mean / standardError, degrees: degrees))
  }

  /// The p-value of the exact sign test: so many cases of one kind and of the other, where both
  /// are equally likely (McNemar's test, when the cases are samples that one of two classifiers got
  /// wrong).
  package static func signTest(_ first: Int, _ second: Int) -> Double {
    let more = Double(max(first, second, 0))
    let fewer = Double(max(min(first, second), 0))
    guard more > fewer else { return 1 }
    // At least `more` of n halves: the binomial tail is the incomplete beta function.
    return min(1, 2 * incompleteBeta(0.5, more, fewer + 1))
  }

  /// Holm's step-down adjustment (Holm 1979): where one calls significant what is adjusted to at
  /// most 0.05, a set without any true difference gets a call in at most 5 of 100 cases.
  ///
  /// - Returns: The adjusted p-values, in the order of `p`.
  package static func holm(_ p: [Double]) -> [Double] {
    var adjusted = p
    var largest = 0.0
    for (place, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      largest = max(largest, min(1, Double(p.count - place) * p[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
