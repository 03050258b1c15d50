import Foundation
import Testing

/// Compares a text with the one stored under `name`; with `WORKBENCH_REWRITE_SNAPSHOTS` set it
/// stores the text instead.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots").appending(path: name)
  if ProcessInfo.processInfo.environment["WORKBENCH_REWRITE_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
    return
  }
  let stored = try String(contentsOf: file, encoding: .utf8)
  #expect(text == stored, "\(name) differs", sourceLocation: sourceLocation)
}

/// Compares a text with what stands between the marks of a section of a document: lines that say where
/// `<!-- name -->` begins and `<!-- end of name -->`. Rewritten as snapshots are.
func expectSection(
  _ text: String, _ name: String, of document: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Documentation").appending(path: document).standardizedFileURL
  let stored = try String(contentsOf: file, encoding: .utf8)
  let begin = try #require(stored.range(of: "<!-- \(name) -->\n"), sourceLocation: sourceLocation)
  let end = try #require(
    stored.range(of: "\n<!-- end of \(name) -->"), sourceLocation: sourceLocation)
  if ProcessInfo.processInfo.environment["WORKBENCH_REWRITE_SNAPSHOTS"] != nil {
    let whole = stored[..<begin.upperBound] + text + stored[end.lowerBound...]
    try Data(whole.utf8).write(to: file)
    return
  }
  #expect(
    text == stored[begin.upperBound..<end.lowerBound], "\(name) of \(document) differ",
    sourceLocation: sourceLocation)
}
