import Foundation
import Testing

/// The package that strangers copy, and the example that the documentation shows.
struct TemplateTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test func theDocumentedExampleIsTheTemplate() throws {
    let template = try text("Plugins/Template/Sources/Smallest.swift")
    #expect(try text("Documentation/abi.md").contains("```swift\n\(template)```"))
    #expect(template.split(separator: "\n", omittingEmptySubsequences: false).count - 1 <= 15)
  }

  /// A clone may have any name, so the template says what package it means.
  @Test func theTemplateNamesTheWorkbench() throws {
    #expect(
      try text("Plugins/Template/Package.swift")
        .contains(".package(name: \"workbench\", path: \"../..\")"))
  }
}
