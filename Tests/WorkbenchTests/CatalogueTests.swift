import Foundation
import TestSupport
import Testing

/// What `list` and `info` know of strategies, built in and loaded.
@Suite struct CatalogueTests {
  private let tool = Tool()

  @Test("The built-in strategies and the plugins beside the program are listed")
  func listing() throws {
    let outcome = try tool.run("list")
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    for strategy in ["none", "random", "magnitude", "lamp", "obd", "obs"] {
      #expect(lines.contains { $0.first == Substring(strategy) && $0.contains("built") })
    }
    #expect(lines.filter { $0.dropFirst().first == "plugin" }.count >= 3)
    for benchmark in ["sine", "friedman1", "teacher", "monks-1", "mnist-300-100", "mnist-lenet5"] {
      #expect(lines.contains { $0.first == Substring(benchmark) })
    }
    #expect(outcome.output.contains("266,200"))
    #expect(outcome.output.contains("430,500"))
  }

  @Test("Each strategy that is listed has a page, which names it, its source and a command to try")
  func pages() throws {
    let folder = packageRoot.appending(path: "Documentation/strategies")
    let table = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
    let rows = table.matches(of: #/\| \[([^\]]+)\]\(([a-z0-9-]+\.md)\)/#)
    let lines = try tool.run("list").output.split(separator: "\n").map { $0.split(separator: " ") }
    let ids = lines.filter { ["built", "plugin"].contains($0.dropFirst().first ?? "") }
      .compactMap { $0.first.map(String.init) }
    #expect(ids.count > 30)
    for id in ids {
      let row = rows.first { $0.1.split(separator: ", ").contains(Substring(id)) }
      let page = try #require(row.map { String($0.2) }, "'\(id)' has no page")
      let text = try String(contentsOf: folder.appending(path: page), encoding: .utf8)
      #expect(text.contains(id), "\(page) does not name '\(id)'")
      #expect(text.contains(#/arXiv|doi\.org|NIPS|\*\*Source\.\*\* None/#), "\(page) has no source")
      #expect(text.contains(#/workbench (run|compare) /#), "\(page) has no command")
    }
  }

  @Test func infoOfAStrategy() throws {
    let outcome = try tool.run("info", "obs")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("Hassibi"))
    #expect(outcome.output.contains("damping"))
    #expect(outcome.output.contains("built in"))
    #expect(try tool.run("info", "obd").output.contains("by the rise of the loss"))
  }

  @Test("A plugin says where it was loaded from, with the digest of its file")
  func infoOfAPlugin() throws {
    let listed = try tool.run("list").output.split(separator: "\n")
    let line = try #require(
      listed.first { $0.split(separator: " ").dropFirst().first == "plugin" })
    let name = try #require(line.split(separator: " ").first)
    let outcome = try tool.run("info", String(name))
    #expect(outcome.code == 0)
    #expect(outcome.output.contains(".so"))
    let digest = /[0-9a-f]{64}/
    #expect(outcome.output.firstMatch(of: digest) != nil)
  }

  @Test func infoOfABenchmark() throws {
    let outcome = try tool.run("info", "teacher")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("840 weights"))
    #expect(outcome.output.contains("planted"))
  }
}
