import Foundation
import TestSupport
import Testing

/// StrategyKit's pages and comments.
@Suite struct DocumentationTests {
  private static let pages = packageRoot.appending(path: "Sources/StrategyKit/StrategyKit.docc")
  private static let samples = packageRoot.appending(path: "Tests/WorkbenchTests/Samples")

  @Test("Each sample of a page stands in a file that the tests build")
  func blocks() throws {
    let template = packageRoot.appending(
      path: "Plugins/Template/Sources/SmallestPlugin/Smallest.swift")
    let sources = try (files(of: Self.samples, "swift") + [template]).map(text)
    var count = 0
    for page in try files(of: Self.pages, "md") {
      for block in try text(page).components(separatedBy: "```swift\n").dropFirst() {
        let code = try #require(block.components(separatedBy: "```").first)
        #expect(
          sources.contains { $0.contains("\n" + code) },
          "\(page.lastPathComponent) has a sample that stands nowhere:\n\(code)")
        count += 1
      }
    }
    #expect(count >= 16)
  }

  @Test(
    "The samples build in a package of a stranger, and take part",
    .enabled(if: isThere("swift"), "there is no Swift compiler"))
  func building() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appending(path: "samples")
    #expect(try Tool().run("new", "samples", "--output", package.path).code == 0)
    let target = package.appending(path: "Sources/SamplesPlugin")
    var (types, ids, blockIds): ([String], [String], [String]) = ([], [], [])
    for sample in try files(of: Self.samples, "swift") {
      let source = try text(sample)
      try FileManager.default.copyItem(
        at: sample, to: target.appending(path: sample.lastPathComponent))
      for strategy in source.components(separatedBy: "\n/// ").dropFirst() {
        let type = try #require(strategy.firstMatch(of: #/\n(?:struct|final class) (\w+): /#))
        let id = try #require(strategy.firstMatch(of: /id: "([^"]+)"/))
        types.append(String(type.1))
        if strategy.contains("needs: [.blocks]") {
          blockIds.append(String(id.1))
        } else {
          ids.append(String(id.1))
        }
      }
    }
    #expect(ids.count == 6 && blockIds.count == 3)
    let entry = """
      import StrategyKit

      @c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
        exportStrategies("samples", \(types.map { "\($0).self" }.joined(separator: ", ")))
      }
      """
    try Data(entry.utf8).write(to: target.appending(path: "Samples.swift"))
    let outcome = try Tool.withUsersCaches.run(
      "compare", "--strategies", (ids + blockIds).joined(separator: ","), "--plugin", package.path,
      "--benchmarks", "friedman1", "--quick", "--ratios", "4", "--seeds", "1", "--format", "json",
      "--output", folder.appending(path: "results").path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let board = try PrintedBoard(outcome)
    for id in ids { #expect(board[id]?.status == ["done": 1], "\(id)") }
    // That network has no blocks.
    for id in blockIds { #expect(board[id]?.status == ["skipped": 1], "\(id)") }
  }

  @Test(
    "Every public symbol of StrategyKit has a comment",
    .enabled(if: isThere("swift-symbolgraph-extract"), "there is no extractor of symbols"))
  func comments() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let built = try BuiltProgram.named("workbench").deletingLastPathComponent().path
    try shell(
      "swift-symbolgraph-extract -module-name StrategyKit -I '\(built)/Modules' "
        + "-Xcc '-fmodule-map-file=\(built)/CWorkbench.build/module.modulemap' "
        + "-target $(uname -m)-unknown-linux-gnu -minimum-access-level public "
        + "-output-dir '\(folder.path)'")
    let graph = try JSONDecoder().decode(
      SymbolGraph.self,
      from: Data(contentsOf: folder.appending(path: "StrategyKit.symbols.json")))
    // What the standard library brings is documented there.
    let own = graph.symbols.filter { !$0.identifier.precise.contains("::SYNTHESIZED::") }
    #expect(own.count > 250)
    #expect(own.filter { $0.docComment == nil }.map(\.pathComponents) == [])
  }

  private struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
      struct Identifier: Decodable { var precise: String }
      struct Comment: Decodable {}
      var identifier: Identifier
      var pathComponents: [String]
      var docComment: Comment?
    }
    var symbols: [Symbol]
  }

  private func files(of folder: URL, _ suffix: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == suffix }.sorted { $0.path < $1.path }
  }

  private func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }
}
