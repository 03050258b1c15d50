import Foundation

/// Numbers in decimal digits, whatever the locale of the process: a plugin may have set another.
package enum DecimalText {
  /// `value` rounded to `decimals` digits after the point, from the exact binary value, halves to
  /// the even digit: as C's `%.*f` in the locale "C".
  ///
  /// - Parameters:
  ///   - value: Finite and below 1e15 in magnitude.
  ///   - decimals: At most 9.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    // value = significand · 2^exponent, so value · 10^decimals is a whole number over a power of 2.
    let shift = 52 - (value.isNormal ? Int(value.exponent) : -1022)
    let hidden: UInt64 = value.isNormal ? 1 << 52 : 0
    var scaled = UInt128(value.significandBitPattern | hidden)
    for _ in 0..<decimals { scaled *= 10 }
    let digits = String(shift <= 0 ? scaled << -shift : rounded(scaled, over: shift))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    let text = decimals == 0 ? String(whole) : "\(whole).\(padded.suffix(decimals))"
    // A tiny negative number is not "-0.00".
    return value < 0 && text.contains { "123456789".contains($0) } ? "-" + text : text
  }

  /// `value` / 2^`bits` to the nearest whole number, halves to the even one.
  private static func rounded(_ value: UInt128, over bits: Int) -> UInt128 {
    guard bits < 127 else { return 0 }
    let quotient = value >> bits
    let rest = value & ((1 << bits) - 1)
    let half: UInt128 = 1 << (bits - 1)
    return rest > half || (rest == half && quotient & 1 == 1) ? quotient + 1 : quotient
  }

  /// Three digits and a power of ten, such as 1.23e+07: for numbers that `fixed` would make
  /// unreadably long.
  package static func scientific(_ value: Double) -> String {
    guard value != 0 else { return "0.00e+00" }
    var exponent = Int(log10(abs(value)).rounded(.down))
    var digits = fixed(value / pow(10, Double(exponent)), decimals: 2)
    // 9.999 rounds to 10.00.
    if digits.drop(while: { $0 == "-" }).hasPrefix("10") {
      exponent += 1
      digits = fixed(value / pow(10, Double(exponent)), decimals: 2)
    }
    let power = String(abs(exponent))
    return digits + (exponent < 0 ? "e-" : "e+") + (power.count < 2 ? "0" : "") + power
  }

  /// `value` rounded to so many significant digits.
  static func rounded(_ value: Double, digits: Int) -> Double {
    guard value != 0, value.isFinite else { return value }
    let decimals = digits - 1 - Int(log10(abs(value)).rounded(.down))
    guard (0...9).contains(decimals) else {
      let unit = pow(10, Double(-decimals))
      return (value / unit).rounded() * unit
    }
    return Double(fixed(value, decimals: decimals)) ?? value
  }
}
