/// How much a text stands out, for terminals that can show it.
package enum Emphasis: Sendable {
  case none, strong, faint, good, bad

  fileprivate var code: String {
    switch self {
    case .none: ""
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .bad: "31"
    }
  }
}

/// Whether emphasis is shown by escape sequences or left out.
package struct Style: Sendable {
  package var isColoured: Bool

  package init(isColoured: Bool) {
    self.isColoured = isColoured
  }

  package func apply(_ emphasis: Emphasis, to text: String) -> String {
    guard isColoured, !emphasis.code.isEmpty, !text.isEmpty else { return text }
    return "\u{1B}[\(emphasis.code)m\(text)\u{1B}[0m"
  }
}

/// `text` on one line and without control characters.
///
/// Names, reasons and notes come from plugins: none of them may move the cursor of the reader's
/// terminal or break a table.
package func printable(_ text: String) -> String {
  withoutControls(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
}

/// `text` with its lines and spaces, and without any other control characters.
package func printableLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map(withoutControls)
    .joined(separator: "\n")
}

private func withoutControls(_ text: some StringProtocol) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
      scalars.append("\u{FFFD}")
    default:
      scalars.append(scalar)
    }
  }
  return String(scalars)
}
