import Comparison
import Foundation
import Networks

/// How numbers are written in texts for people.
enum NumberText {
  /// What stands where there is no number.
  static let none = "–"

  /// With `decimals` digits after the point; in powers of ten where that would be unreadably long.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return none }
    return abs(value) >= 1e7
      ? DecimalText.scientific(value) : DecimalText.fixed(value, decimals: decimals)
  }

  static func signed(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals)
    return value > 0 && value.isFinite ? "+" + text : text
  }

  /// With a comma between thousands.
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.append(digits.suffix(3))
      digits = String(digits.dropLast(3))
    }
    let text = ([Substring(digits)] + groups.reversed()).joined(separator: ",")
    return value < 0 ? "-" + text : text
  }

  /// Three digits with a thousand's letter: 532k, 1.25M.
  static func short(_ value: Int) -> String {
    let value = Double(value)
    for (limit, letter) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= limit {
      return significant(value / limit) + letter
    }
    return String(Int(value))
  }

  /// Three significant digits, or three decimals below 1.
  static func significant(_ value: Double) -> String {
    guard value.isFinite else { return none }
    let decimals = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
    return fixed(value, decimals: decimals)
  }

  /// As short as the value allows: 8, 2.5, 0.0001.
  static func plain(_ value: Double) -> String {
    guard value.isFinite else { return none }
    return value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : "\(value)"
  }

  /// A requested ratio in at most four digits: 8×, 2.5×, 1.018×.
  ///
  /// Ratios that follow from a number of weights, such as 58/57, have no last digit.
  static func ratio(_ value: Double) -> String {
    plain(DecimalText.rounded(value, digits: 4)) + "×"
  }

  /// Part of a whole, as a whole number of per cent.
  static func percent(_ part: Double) -> String {
    fixed(100 * part, decimals: 0) + " %"
  }

  static func bytes(_ value: Int) -> String {
    let value = Double(value)
    for (limit, unit) in [(1_073_741_824.0, "GiB"), (1_048_576, "MiB"), (1024, "KiB")]
    where value >= limit {
      return significant(value / limit) + " " + unit
    }
    return "\(Int(value)) bytes"
  }

  static func seconds(_ value: Double) -> String {
    significant(value) + " s"
  }

  /// Digits after the point that let the smallest of `means` keep three significant ones.
  static func decimals(for means: [Double], metric: Metric) -> Int {
    switch metric {
    case .errorPercent, .thresholdErrorPercent: return 2
    case .normalisedSquaredError:
      let smallest = means.filter { $0 > 0 && $0.isFinite }.min() ?? 1
      return min(7, max(3, 2 - Int(log10(smallest).rounded(.down))))
    }
  }
}

extension NumberText {
  /// Digits after the point that an interval supports: two significant ones of half of it, and no more than
  /// the metric has.
  ///
  /// - Parameter ordinary: Those of a number without an interval, or with one of no width.
  static func decimals(
    supportedBy halfWidth: Double?, metric: Metric, ordinary: Int
  ) -> Int {
    guard let halfWidth, halfWidth > 0, halfWidth.isFinite else { return ordinary }
    let most =
      switch metric {
      case .errorPercent, .thresholdErrorPercent: ordinary
      case .normalisedSquaredError: 7
      }
    return min(most, max(0, 1 - Int(log10(halfWidth).rounded(.down))))
  }
}

extension NumberText {
  /// Three digits of a number of any size, such as a loss or a score.
  static func anySize(_ value: Double) -> String {
    guard value.isFinite else { return none }
    guard value != 0, !(1e-3..<1e6).contains(abs(value)) else {
      return plain(DecimalText.rounded(value, digits: 3))
    }
    return DecimalText.scientific(value)
  }

  static func signedAnySize(_ value: Double) -> String {
    (value > 0 ? "+" : value < 0 ? "−" : "") + anySize(abs(value))
  }
}

/// Pads the parts of each text so that they stand in columns of their own, numbers by their points:
/// `1.62 ± 0.05`.
///
/// - Parameter rows: The texts left and right of `separator`; a right one may be missing.
func alignedPairs(_ rows: [(left: String, right: String?)], separator: String) -> [String] {
  let lefts = alignedByPoint(rows.map(\.left))
  let rights = alignedByPoint(rows.map { $0.right ?? "" })
  let hasRights = rows.contains { $0.right != nil }
  return rows.indices.map { row in
    guard hasRights else { return lefts[row] }
    let gap = String(repeating: " ", count: separator.count)
    return lefts[row] + (rows[row].right == nil ? gap : separator) + rights[row]
  }
}

/// Texts of one length, in which the points of numbers stand below each other.
private func alignedByPoint(_ texts: [String]) -> [String] {
  func fraction(_ text: String) -> Int {
    text.lastIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
  }
  // Letters and signs behind a number, as in 2.50M or 12.00×, are taken for digits.
  let longest = texts.map(fraction).max() ?? 0
  let padded = texts.map { text in
    // What is no number has no point to stand in a line with.
    text.contains(where: \.isNumber)
      ? text + String(repeating: " ", count: longest - fraction(text)) : text
  }
  let width = padded.map(\.count).max() ?? 0
  return padded.map { String(repeating: " ", count: width - $0.count) + $0 }
}
