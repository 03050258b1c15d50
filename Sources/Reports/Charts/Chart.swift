import Foundation

/// Curves over an axis, for a page or a terminal.
struct Chart {
  /// A quantity and its unit, if it has one.
  struct Axis {
    var title: String
    var unit: String?
    var scale: Scale

    var label: String { unit.map { "\(title), \($0)" } ?? title }
  }

  struct Series {
    var name: String
    var points: [Point]
    var kind = Kind.measured

    enum Kind {
      /// Joined by lines.
      case measured
      /// As measured, of a control.
      case control
      /// Values that hold until the next one.
      case steps
      /// Points alone.
      case scattered
      /// Of papers: points alone, of one look for all.
      case published
      /// What no other point is better than in both ways.
      case front
      /// Where both axes are equal.
      case diagonal
    }

    /// Whether it has a colour and a mark of its own.
    var isOwn: Bool {
      switch kind {
      case .measured, .control, .steps, .scattered: true
      case .published, .front, .diagonal: false
      }
    }
  }

  struct Point {
    var x: Double
    var y: Double
    /// An interval of y, where there is one.
    var interval: ClosedRange<Double>?
    /// What it is, in words and numbers.
    var words: String
  }

  var title: String
  /// What is to be seen, for those who do not see it.
  var summary: String
  var x: Axis
  var y: Axis
  var series: [Series]

  var isEmpty: Bool { !series.contains { $0.isOwn && !$0.points.isEmpty } }

  /// The look of each series: those with one of their own are numbered.
  var looks: [Int?] {
    var next = 0
    return series.map { series in
      guard series.isOwn else { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// Ticks of an axis that stay apart, with their texts.
  ///
  /// - Parameter room: How many there may be.
  static func ticks(of axis: Axis, room: Int) -> [(value: Double, place: Double, text: String)] {
    let values = axis.scale.ticks(atMost: room)
    let texts = TickText.texts(values)
    return zip(values, texts).compactMap { value, text in
      axis.scale.place(value).map { (value, $0, text) }
    }.filter { (0...1).contains($0.place) }
  }
}

/// Numbers beside the ticks of an axis: as short as keeps them apart.
package enum TickText {
  package static func texts(_ values: [Double]) -> [String] {
    for digits in 1...6 {
      let texts = values.map { text($0, digits: digits) }
      let isExact = zip(values, texts).allSatisfy { value, text in
        abs(number(text) - value) <= 1e-9 * max(abs(value), 1e-12)
      }
      if isExact { return texts }
    }
    return values.map { text($0, digits: 3) }
  }

  private static let letters: [(limit: Double, letter: String)] = [
    (1e9, "G"), (1e6, "M"), (1e3, "k"),
  ]

  private static func text(_ value: Double, digits: Int) -> String {
    guard value != 0 else { return "0" }
    if abs(value) >= 1e12 || abs(value) < 1e-3 {
      let power = log10(abs(value) * (1 + 1e-9)).rounded(.down)
      let mantissa = DecimalText.rounded(value / pow(10, power), digits: digits)
      return "\(NumberText.plain(mantissa))e\(Int(power))"
    }
    let (limit, letter) = letters.first { abs(value) >= $0.limit } ?? (1, "")
    return NumberText.plain(DecimalText.rounded(value / limit, digits: digits)) + letter
  }

  private static func number(_ text: String) -> Double {
    guard let letter = letters.first(where: { text.hasSuffix($0.letter) }) else {
      return Double(text) ?? .nan
    }
    return (Double(text.dropLast()) ?? .nan) * letter.limit
  }
}
