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

/// Pads the parts of each text so that they stand in columns of their own: `1.62 ± 0.05`.
///
/// - Parameter rows: The texts left and right of `separator`; a right one may be missing.
func alignedPairs(_ rows: [(left: String, right: String?)], separator: String) -> [String] {
  let left = rows.map(\.left.count).max() ?? 0
  let right = rows.compactMap(\.right?.count).max()
  return rows.map { row in
    let start = String(repeating: " ", count: left - row.left.count) + row.left
    guard let right else { return start }
    guard let end = row.right else {
      return start + String(repeating: " ", count: separator.count + right)
    }
    return start + separator + String(repeating: " ", count: right - end.count) + end
  }
}
