import Comparison
import Foundation
import TestSupport
import Testing

/// Whatever a strategy does is one row, even where it lies beside the judge: the others are measured, and
/// the board is printed.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct HostileTests {
  private func with(_ source: String, _ body: (HostileComparison) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(HostileComparison(source, in: folder, isolate: "none"))
  }

  /// Rows beside the hostile one.
  private let others = ["obd", "random", "magnitude", "magnitude[scope=layer]"]

  @Test(
    "One that ends the worker or uses up what it has is a crashed row, whatever it wrote before",
    arguments: ["exiting", "silent-exit", "descriptors", "forging"])
  func crashes(_ source: String) throws {
    try with(source) { comparison in
      let outcome = try comparison.run("--format", "json", limit: "ulimit -n 256")
      #expect(outcome.code == 1, "\(outcome.errors)")
      let statuses = try outcome.statuses()
      #expect(statuses["hostile"] == ["crashed": 1])
      for other in others { #expect(statuses[other] == ["done": 1]) }
      let again = try comparison.run("--format", "json")
      #expect(again.code == 1)
      #expect(!again.errors.contains("done ("), "a verdict stands")
      let retried = try comparison.run("--format", "json", "--retry-failed")
      #expect(retried.errors.contains("sine hostile seed 0: crashed"))
    }
  }

  @Test(
    "A finished cell is finished, whatever happens while processes leave",
    arguments: ["aborting-late", "sleeping-late", "piping"])
  func late(_ source: String) throws {
    try with(source) { comparison in
      let outcome = try comparison.run("--format", "json", "--timeout", "60s")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.isSignalled)
      #expect(try outcome.statuses()["hostile"] == ["done": 1])
    }
  }

  @Test("What a library prints while it is loaded is no part of a board")
  func greeting() throws {
    try with("greeting") { comparison in
      let outcome = try comparison.run("--format", "json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try outcome.statuses()["hostile"] == ["done": 1])
      #expect(outcome.errors.contains("hello through a buffer"))
      #expect(outcome.errors.contains("hello at once"))
    }
  }

  @Test("However much a strategy says, a result and a board stay small, and say that it was more")
  func chatter() throws {
    try with("chattering") { comparison in
      let outcome = try comparison.run("--format", "json")
      #expect(outcome.code == 0)
      #expect(try outcome.statuses()["hostile"] == ["done": 1])
      #expect(outcome.output.utf8.count < 150_000)
      let results = try Store(comparison.results).contents().results
      let result = try #require(results.first { $0.key.strategy == "hostile" })
      #expect(result.log.last?.hasSuffix("more lines were left out") == true)
      let file = Store(comparison.results).folder(of: result.key)
        .appending(path: Store.standardErrorName)
      #expect((60_000..<70_000).contains(try Data(contentsOf: file).count))
    }
  }

  @Test("One that removes the results of others decides nothing about them")
  func removing() throws {
    try with("removing") { comparison in
      let outcome = try comparison.run("--format", "json")
      #expect(outcome.code == 1, "\(outcome.errors)")
      for control in others.dropFirst() {
        #expect(try outcome.statuses()[control] == ["stopped": 1])
      }
      let again = try comparison.run("--format", "json")
      #expect(again.code == 0, "\(again.errors)")
      for row in others { #expect(try again.statuses()[row] == ["done": 1]) }
    }
  }

  @Test("One that changes the results of others is noticed, and they are measured again")
  func tampering() throws {
    try with("tampering") { comparison in
      _ = try comparison.run("--quiet")
      let report = try Tool().run("report", "--output", comparison.results.path)
      #expect(report.errors.contains("result.json was changed"))
      let again = try comparison.run("--format", "json")
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.errors.contains("sine obd seed 0: done"))
      #expect(try Store(comparison.results).contents().refused.isEmpty)
    }
  }
}

/// What of the surroundings stands in a comparison's way, and is no verdict on a strategy.
@Suite struct SurroundingsTests {
  private func arguments(_ strategies: String, _ benchmark: String, _ output: URL) -> [String] {
    [
      "compare", "--strategies", strategies, "--benchmarks", benchmark, "--ratios", "2", "--seeds",
      "1", "--quick", "--output", output.path,
    ]
  }

  @Test("A shell that has the endings of children ignored")
  func ignoredEndings() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var tool = Tool()
    tool.shellCommand = "trap '' CHLD"
    let outcome = try tool.run(arguments("obd", "sine", folder))
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test("A limit of file sizes ends a comparison with a reason; without it the next one goes on")
  func fileSizes() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var tool = Tool()
    tool.shellCommand = "ulimit -f 1"
    let outcome = try tool.run(arguments("obd", "sine", folder))
    #expect(outcome.code == 2 && !outcome.isSignalled)
    #expect(outcome.errors.contains("file too large; raise the limit"))
    #expect(outcome.errors.contains("the same command goes on from there"))
    #expect(try Tool().run(arguments("obd", "sine", folder)).code == 0)
  }

  @Test("Data that are gone for a while")
  func data() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let monks = folder.appending(path: "data/monks")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "data"), withIntermediateDirectories: true)
    let source = URL(filePath: #filePath).appending(path: "../../../Datasets/monks")
      .standardizedFileURL
    try FileManager.default.copyItem(at: source, to: monks)
    var tool = Tool()
    tool.environment["WORKBENCH_DATASETS"] = folder.path + "/data"
    let output = folder.appending(path: "results")
    #expect(try tool.run(arguments("obd", "monks-1", output)).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: monks.path)
    let name = try #require(names.first { $0.hasPrefix("monks-1.train") })
    let file = monks.appending(path: name)
    let data = try Data(contentsOf: file)
    try FileManager.default.removeItem(at: file)
    let without = try tool.run(arguments("obs", "monks-1", output))
    #expect(without.code == 1)
    #expect(without.errors.contains("monks-1 obs seed 0: stopped"))
    #expect(without.errors.contains("monks-1.train"))
    try data.write(to: file)
    #expect(try tool.run(arguments("obs", "monks-1", output)).code == 0)
  }
}
