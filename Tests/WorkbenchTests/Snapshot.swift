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
