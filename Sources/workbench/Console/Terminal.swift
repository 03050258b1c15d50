import Foundation
import Reports

/// What is known of the terminal a stream leads to.
enum Terminal {
  static func isAttached(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of what is printed: those that COLUMNS names, or the terminal has, and else as many as most
  /// windows and mails show.
  static func width(_ descriptor: Int32) -> Int {
    let named = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    if let named, named > 0 { return min(max(named, narrowest), widest) }
    return columns(descriptor) ?? ordinary
  }

  /// Columns of a terminal; nil where the stream leads elsewhere or the terminal does not say.
  static func columns(_ descriptor: Int32) -> Int? {
    guard isAttached(descriptor) else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private static let ordinary = 100
  private static let narrowest = 40
  private static let widest = 10_000

  /// Whether the user's letters are more than those of ASCII.
  static var isUnicode: Bool {
    let environment = ProcessInfo.processInfo.environment
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
    let letters = (named ?? "").lowercased().replacing("-", with: "")
    return letters.hasSuffix("utf8")
  }

  /// Colour only on a terminal that knows it, and only if nobody objects (see no-color.org).
  static func style(_ descriptor: Int32, noColor: Bool) -> Style {
    let environment = ProcessInfo.processInfo.environment
    let isUnwanted = noColor || !(environment["NO_COLOR"] ?? "").isEmpty
    return Style(
      isColoured: isAttached(descriptor) && !isUnwanted && environment["TERM"] != "dumb")
  }
}
