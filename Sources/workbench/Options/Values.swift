import ArgumentParser
import Foundation

/// How the words behind options are read. Each error quotes the word and shows a right one.
enum Values {
  /// Words between commas.
  static func words(_ text: String) throws -> [String] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard !words.contains("") else {
      throw ValidationError("there is an empty name in '\(text)'; write one,two")
    }
    return words
  }

  /// The path of a folder, taken as it is written.
  static func folder(_ text: String) throws -> String {
    guard !text.isEmpty else {
      throw ValidationError("'' names no folder; write --output results, or . for the present one")
    }
    return text
  }

  /// Compression ratios from 1 on between commas.
  static func ratios(_ text: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let word = part.trimmingCharacters(in: .whitespaces)
      guard let ratio = Double(word), ratio.isFinite else {
        throw ValidationError("'\(word)' is not a number; ratios are written 2,4,8")
      }
      guard ratio >= 1, ratio <= 1_000_000 else {
        throw ValidationError(
          "'\(word)' is no compression; a ratio lies between 1, which removes nothing, and 1000000, "
            + "such as 8 for an eighth of the weights")
      }
      return ratio
    }
  }

  /// Shares above 0 between commas.
  static func densities(_ text: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let word = part.trimmingCharacters(in: .whitespaces)
      guard let density = Double(word), density.isFinite else {
        throw ValidationError("'\(word)' is not a number; densities are written 0.9,0.5,0.1")
      }
      guard density > 0, density <= 100 else {
        throw ValidationError(
          "'\(word)' is no density; one lies above 0 and up to 100, such as 0.5 for half of the weights, "
            + "or 1.5 for half as many more")
      }
      return density
    }
  }

  /// A share between 0 and 1, neither of them.
  static func share(_ text: String, of what: String) throws -> Double {
    guard let share = Double(text), share > 0, share < 1 else {
      throw ValidationError(
        "'\(text)' is no share for \(what); one lies between 0 and 1, such as 0.1")
    }
    return share
  }

  /// Passes over the training samples.
  static func epochs(_ text: String) throws -> Double {
    guard let epochs = Double(text), epochs > 0, epochs <= 1_000_000 else {
      throw ValidationError("'\(text)' is no number of passes over the data, such as 20 or 0.5")
    }
    return epochs
  }

  /// By how much two numbers may differ, from 1 on.
  static func factor(_ text: String) throws -> Double {
    guard let factor = Double(text), factor.isFinite else {
      throw ValidationError("'\(text)' is not a number; a factor is written 2 or 1.5")
    }
    guard factor >= 1, factor <= 1e6 else {
      throw ValidationError("'\(text)' is no factor between 1 and 1000000, such as 2")
    }
    return factor
  }

  static func count(_ text: String, of things: String, upTo limit: Int) throws -> Int {
    guard let count = Int(text) else {
      throw ValidationError("'\(text)' is not a whole number of \(things)")
    }
    guard (1...limit).contains(count) else {
      throw ValidationError("'\(text)' is not in 1 … \(limit) \(things)")
    }
    return count
  }

  /// Seconds; s, m and h may follow.
  static func duration(_ text: String) throws -> Double {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number.isFinite else {
      throw ValidationError("'\(text)' is not a time; write 90s, 10m or 2h")
    }
    let seconds = number * (unit ?? 1)
    guard seconds >= 1, seconds <= 1e7 else {
      throw ValidationError("'\(text)' is not between 1 second and 10000000")
    }
    return seconds
  }

  /// Bytes; K, M and G, of 1024 each, may follow.
  static func bytes(_ text: String) throws -> Int {
    let units: [Character: Double] = ["K": 1024, "M": 1_048_576, "G": 1_073_741_824]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number.isFinite else {
      throw ValidationError("'\(text)' is not an amount of memory; write 500M or 2G")
    }
    let bytes = number * (unit ?? 1)
    guard bytes >= 64 * 1_048_576 else {
      throw ValidationError("'\(text)' is too little for any cell; write 500M or 2G")
    }
    guard bytes <= 1e15 else { throw ValidationError("'\(text)' is more than any machine has") }
    return Int(bytes)
  }
}
