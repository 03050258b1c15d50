import Foundation
import Testing

/// The example that the documentation shows.
struct TemplateTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  /// But for its comments, and in the fifteen lines that are promised.
  @Test(arguments: ["README.md", "Documentation/abi.md"])
  func theDocumentedExampleIsTheTemplate(page: String) throws {
    let lines = try text("Plugins/Template/Sources/SmallestPlugin/Smallest.swift")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("///") }
    #expect(try text(page).contains("```swift\n\(lines.joined(separator: "\n"))```"))
    #expect(lines.count { !$0.isEmpty } <= 15)
  }
}
