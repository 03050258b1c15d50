import Foundation

/// How values of an axis become places between 0 and 1.
package struct Scale {
  package enum Kind { case linear, logarithmic }

  let kind: Kind
  private let lower: Double
  private let upper: Double

  /// Spans `values` with some room at both ends. A logarithmic scale leaves out what is not positive.
  package init(_ kind: Kind, spanning values: [Double]) {
    let shown = values.filter { $0.isFinite && (kind == .linear || $0 > 0) }
      .map { kind == .linear ? $0 : log10($0) }
    let (least, most) = (shown.min() ?? 0, shown.max() ?? 1)
    // One value alone stands in the middle.
    let room =
      most > least ? 0.05 * (most - least) : kind == .linear ? max(abs(most) / 2, 0.5) : 0.3
    self.kind = kind
    // Nothing is said to go below zero that does not.
    lower = kind == .linear && least >= 0 ? max(0, least - room) : least - room
    upper = most + room
  }

  /// A logarithmic scale where values differ by factors, else a linear one.
  static func suiting(_ values: [Double]) -> Scale {
    let positive = values.filter { $0.isFinite && $0 > 0 }
    let isWide = (positive.max() ?? 1) > 4 * (positive.min() ?? 1)
    let areAll = positive.count == values.filter(\.isFinite).count
    return Scale(isWide && areAll ? .logarithmic : .linear, spanning: values)
  }

  /// Nil for what the scale has no place for.
  package func place(_ value: Double) -> Double? {
    guard value.isFinite, kind == .linear || value > 0 else { return nil }
    let coordinate = kind == .linear ? value : log10(value)
    return (coordinate - lower) / (upper - lower)
  }

  /// As ``place(_:)``, and what lies outside at the nearer end.
  package func clampedPlace(_ value: Double) -> Double {
    place(value).map { min(1, max(0, $0)) } ?? (value > 0 ? 1 : 0)
  }

  /// Round values on the scale, at most about so many.
  package func ticks(atMost count: Int) -> [Double] {
    switch kind {
    case .linear: Self.linearTicks(lower, upper, atMost: count)
    case .logarithmic: logarithmicTicks(atMost: count)
    }
  }

  private static func linearTicks(_ lower: Double, _ upper: Double, atMost count: Int) -> [Double] {
    guard upper > lower, count > 0 else { return [] }
    let rough = (upper - lower) / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? 10 * power
    let first = Int((lower / step - 1e-9).rounded(.up))
    let last = Int((upper / step + 1e-9).rounded(.down))
    guard first <= last, last - first < 100 else { return [] }
    return (first...last).map { Double($0) * step }
  }

  /// Decades, with what lies between them as far as there is room.
  private func logarithmicTicks(atMost count: Int) -> [Double] {
    let decades = Int(lower.rounded(.down))...Int(upper.rounded(.down))
    func ticks(_ mantissas: [Double], every stride: Int = 1) -> [Double] {
      decades.filter { $0 % stride == 0 }.flatMap { decade in
        mantissas.map { $0 * pow(10, Double(decade)) }
      }.filter { (lower - 1e-9...upper + 1e-9).contains(log10($0)) }
    }
    let choices = [
      ticks([1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]), ticks([1, 2, 3, 5, 7]), ticks([1, 2, 5]),
      ticks([1, 3]),
      ticks([1]), ticks([1], every: 2), ticks([1], every: 3),
    ]
    let fitting = choices.first { $0.count <= count } ?? choices[choices.count - 1]
    guard fitting.count < 2 else { return fitting }
    return Self.linearTicks(pow(10, lower), pow(10, upper), atMost: count).filter { $0 > 0 }
  }
}
