/// What a strategy logged in a cell, as far as a result has room for it.
package struct LogLines: Sendable {
  /// Characters of a line, lines, and bytes of all of them.
  package static let longestLine = 1000
  package static let mostLines = 200
  package static let mostBytes = 65_536

  private var lines: [String] = []
  private var bytes = 0
  private var omitted = 0

  package init() {}

  /// Takes a line, or counts it where there is no room any more: what was said first is kept.
  package mutating func append(_ line: String) {
    let start = line.unicodeScalars.prefix(Self.longestLine + 1)
    let isWhole = start.count <= Self.longestLine
    let kept = isWhole ? line : String(String.UnicodeScalarView(start.dropLast(3))) + " …"
    guard omitted == 0, lines.count < Self.mostLines, bytes + kept.utf8.count <= Self.mostBytes
    else {
      omitted += 1
      return
    }
    lines.append(kept)
    bytes += kept.utf8.count
  }

  /// The lines, and one more that says how many were left out.
  package var all: [String] {
    guard omitted > 0 else { return lines }
    return lines + ["\(omitted) more \(omitted == 1 ? "line was" : "lines were") left out"]
  }
}
