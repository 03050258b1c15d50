/// Lines that cells logged, each once and short enough to be shown.
///
/// A strategy may log a line a step, or one of any length: what a board takes of it is bounded, and
/// taken in one pass.
package struct NoteLines {
  package private(set) var lines: [String] = []
  /// How many other lines there are, not all of them different.
  package private(set) var leftOut = 0

  private static let most = 200
  private static let longest = 500

  init(_ texts: some Sequence<String>) {
    var known: Set<String> = []
    for text in texts {
      let line = Self.shortened(text)
      guard known.insert(line).inserted else { continue }
      if lines.count < Self.most { lines.append(line) } else { leftOut += 1 }
      // A set of everything that was logged is not needed to say that there is more.
      if known.count > 2 * Self.most { known = Set(lines) }
    }
  }

  package init(of cells: [CellResult]) {
    self.init(cells.lazy.flatMap(\.log))
  }

  /// The start of a text, and a mark where there was more.
  static func shortened(_ text: String) -> String {
    guard text.utf8.count > longest else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))) + "…"
  }
}
