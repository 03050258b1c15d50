import Foundation
import PluginHost
import TestSupport
import Testing

/// `workbench check`: each rule has a library that breaks it, and what keeps the rules passes.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct ConformanceTests {
  /// A test, a library that fails it, and what is found.
  static let breakers: [(test: String, library: String, found: String)] = [
    ("entry", "changing-table", "it gave another address than the first time"),
    ("entry", "greeting", "it printed something meanwhile"),
    ("load-again", "counting-loads", "it says something else of itself"),
    ("table", "reserved-field", "its table's reserved field is 7 and not 0"),
    ("descriptors", "taken-id", "the workbench has a strategy 'magnitude' already"),
    ("descriptors-stay", "endless-descriptors", "describe(1) is not null, and strategy_count is 1"),
    ("unknown-id", "any-id", "it created one"),
    ("options", "silent-option", "it gave no reason"),
    ("instances", "shared-state", "decides otherwise when another one has been used"),
    ("same-seed", "own-random", "they decided otherwise"),
    ("call-order", "counting-calls", "its score 0 of layer 'fc3' is 4.0, and was 3.0"),
    ("finite-scores", "dividing", "its score 0 is inf"),
    ("write-after", "score-too-many", "its process was ended by SIGSEGV"),
    ("write-before", "score-too-early", "its process was ended by SIGSEGV"),
    ("inputs", "changing-inputs", "its process was ended by SIGSEGV"),
    ("inputs", "keeping-inputs", "its process was ended by SIGSEGV"),
    ("plans", "one-weight", "it left 102 weights, and 72 were asked for"),
    ("goals", "only-down", "its process was ended by SIGABRT"),
    ("one-unit", "one-unit", "its process was ended by SIGFPE"),
    ("empty-masks", "all-masked", "its process was ended by SIGABRT"),
    ("unseen-network", "needing-biases", "its process was ended by SIGABRT"),
    ("missing-parts", "needing-blocks", "its process was ended by SIGSEGV"),
    ("newer-host", "known-kinds", "its process was ended by SIGABRT"),
    ("refusals", "heedless", "its process was ended by SIGSEGV"),
    ("memory", "leaking", "bytes and kept them"),
    ("time", "slow-steps", "20 ms are the most"),
    ("threads", "staying-thread", "1 threads of it are left"),
  ]

  @Test func eachTestHasALibraryThatFailsIt() {
    #expect(Set(Self.breakers.map(\.test)) == Set(ConformanceTest.all.map(\.name)))
  }

  @Test(arguments: breakers)
  func aBrokenRuleIsFound(test: String, library: String, found: String) throws {
    try withLibrary(library) { library in
      let conformance = try Conformance(path: library.path, program: Tool.executable.path)
      let tests = ConformanceTest.all.filter { $0.name == test }
      let results = try conformance.run(tests)
      let result = try #require(results.last)
      #expect(results.filter { $0.verdict == .failed }.count == 1)
      #expect(result.verdict == .failed)
      #expect(result.found.contains(found), "\(result.found)")
      #expect(!result.did.isEmpty)
    }
  }

  /// So that a failure points at what is wrong, and not at whatever came first.
  @Test(arguments: ["dividing", "needing-blocks", "known-kinds", "any-id", "leaking"])
  func nothingElseIsFound(library: String) throws {
    try withLibrary(library) { library in
      let conformance = try Conformance(path: library.path, program: Tool.executable.path)
      let failed = try conformance.run(Self.untimed).filter { $0.verdict == .failed }
        .map(\.test.name)
      #expect(failed.count == 1, "\(failed)")
    }
  }

  @Test(arguments: [
    "MagnitudeInC", "NetworkTrimming", "StochasticDepth", "FilterFactorization", "Net2Net",
    "Elastic",
  ])
  func thePluginsKeepTheRules(name: String) throws {
    let library = try Tool.executable.deletingLastPathComponent().appending(path: "lib\(name).so")
    try expectSuccess(Conformance(path: library.path, program: Tool.executable.path))
  }

  @Test func theBuiltInStrategiesKeepTheRules() throws {
    try expectSuccess(Conformance(path: nil, program: Tool.executable.path))
  }

  /// All but the one of time, which is a matter of what else the machine does.
  private static let untimed = ConformanceTest.all.filter { $0.name != "time" }

  private func expectSuccess(_ conformance: Conformance) throws {
    let results = try conformance.run(Self.untimed)
    #expect(results.count > 20)
    for result in results where result.verdict == .failed {
      Issue.record(
        "\(result.test.name) of \(result.strategy ?? "the library"): \(result.did): \(result.found)"
      )
    }
  }

  /// Every rule is in the document in the words that `check` prints.
  @Test func theRulesAreThoseOfTheDocument() throws {
    let document = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation/abi.md")
    let text = try String(contentsOf: document, encoding: .utf8)
    for rule in ConformanceRule.allCases {
      #expect(text.contains("| \(rule.id) | \(rule.sentence) |"), "\(rule.id)")
    }
    #expect(!text.contains("| P\(ConformanceRule.allCases.count + 1) |"))
  }

  // MARK: - The command

  @Test func theCommandSaysWhatIsWrongAndEndsWithThree() throws {
    try withLibrary("dividing") { library in
      let outcome = try Tool().run("check", library.path, "--only-failed")
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("failed   finite-scores"), "\(outcome.output)")
      #expect(outcome.output.contains("rule:    P10: scores are finite"))
      #expect(!outcome.output.contains("passed   options"))
      let passing = try Tool().run("check", library.path, "--only", "options, p9")
      #expect(passing.code == 0)
      #expect(passing.output.contains("4 tests: 4 passed, 0 had nothing to test, 0 failed"))
    }
  }

  @Test("A library in the folder needs no more than its name")
  func plainNames() throws {
    try withLibrary("dividing") { library in
      var tool = Tool()
      tool.shellCommand = "cd '\(library.deletingLastPathComponent().path)'"
      let outcome = try tool.run("check", library.lastPathComponent, "--only", "P1,options")
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test func theCommandWritesJSON() throws {
    struct Report: Decodable {
      struct Test: Decodable {
        var test: String
        var rules: [String]
        var strategy: String?
        var verdict: String
        var found: String
      }
      var library: String
      var failed: Int
      var tests: [Test]
    }
    try withLibrary("dividing") { library in
      let outcome = try Tool().run("check", library.path, "--format", "json")
      #expect(outcome.code == 3)
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.library == library.path)
      #expect(report.failed == 1)
      #expect(report.tests.map(\.test) == ConformanceTest.all.map(\.name))
      let failed = report.tests.filter { $0.verdict == "failed" }
      #expect(failed.map(\.test) == ["finite-scores"])
      #expect(failed.first?.rules == ["P10"])
      #expect(failed.first?.strategy == "test")
    }
  }

  @Test func theCommandListsItsTests() throws {
    let outcome = try Tool().run("check", "--list")
    #expect(outcome.code == 0)
    for test in ConformanceTest.all { #expect(outcome.output.contains(test.sentence)) }
  }

  @Test(arguments: [
    (["check"], "no library is named"),
    (["check", "/nowhere/libMine.so"], "there is no such file"),
    (["check", "x.so", "--only", "finite-score"], "did you mean 'finite-scores'?"),
    (["check", "x.so", "--only", ","], "names no test"),
  ])
  func theCommandRefusesWhatItCannotDo(arguments: [String], words: String) throws {
    let outcome = try Tool().run(arguments)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func aFileThatIsNoLibraryFailsAndIsNotTestedFurther() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "libText.so")
    try Data("no library, but it names wb_plugin_v1".utf8).write(to: file)
    let outcome = try Tool().run("check", file.path)
    #expect(outcome.code == 3)
    #expect(outcome.output.contains("cannot load this as a shared library"))
    #expect(!outcome.output.contains("options"))
    // Nor is nothing tested without a word.
    let one = try Tool().run("check", file.path, "--only", "same-seed")
    #expect(one.code == 3)
    #expect(one.output.contains("failed   entry"), "\(one.output)")
  }

  private func withLibrary(_ name: String, _ body: (URL) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let library = folder.appending(path: "lib\(name).so")
    try LibraryCompiler.build(
      tests.appending(path: "RuleBreakers/\(name).c"), as: library,
      headers: [
        "RuleBreakers", "../PluginHostTests/BadPlugins", "../../Sources/CWorkbench/include",
      ]
      .map { tests.appending(path: $0) })
    try body(library)
  }
}
