/// What repeated measurements say: centre, spread and how far both may be trusted.
package enum Statistics {
  /// A mean with the interval that covers the true one in 95 of 100 experiments.
  package struct Interval: Codable, Hashable, Sendable {
    package var mean: Double
    package var low: Double
    package var high: Double

    /// Half the width of the interval: what is written behind ±.
    package var halfWidth: Double { (high - low) / 2 }

    package init(mean: Double, low: Double, high: Double) {
      self.mean = mean
      self.low = low
      self.high = high
    }
  }

  /// The arithmetic mean; nil of nothing.
  package static func mean(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The standard deviation of a sample, with one degree of freedom spent on the mean; nil below
  /// two values.
  package static func standardDeviation(_ values: [Double]) -> Double? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The value of which a quarter of the others, rounded down, are not larger; nil of nothing.
  package static func lowerQuartile(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[(values.count - 1) / 4]
  }

  /// Student's 95 % interval of the mean; nil below two values, where nothing is known of the
  /// spread.
  package static func interval95(_ values: [Double]) -> Interval? {
    guard let mean = mean(values), let deviation = standardDeviation(values) else { return nil }
    let degrees = Double(values.count - 1)
    let halfWidth =
      studentQuantile(0.975, degrees: degrees) * deviation / Double(values.count).squareRoot()
    return Interval(mean: mean, low: mean - halfWidth, high: mean + halfWidth)
  }
}
