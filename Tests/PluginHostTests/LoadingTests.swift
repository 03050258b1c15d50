import Foundation
import PluginHost
import Testing

/// Every library that cannot be used is refused with a sentence of its own.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct LoadingTests {
  private static let refusals = [
    ("no-entry", "exports no function wb_plugin_v1"),
    ("newer-entry", "built for a newer workbench: it exports wb_plugin_v2"),
    ("null-table", "wb_plugin_v1 gave no table"),
    ("wrong-major", "says interface version 3 where wb_plugin_v1 must give 1"),
    ("newer-minor", "needs a host of interface version 1.7 or later, and this workbench has 1.2"),
    ("short-table", "a wb_plugin says struct_size 16"),
    ("null-name", "the plugin's name is null"),
    ("foreign-name", "the plugin's name is not UTF-8"),
    ("null-create", "no function create"),
    ("null-describe-function", "no function describe"),
    ("no-strategies", "has 0 strategies"),
    ("many-strategies", "has 4294967295 strategies"),
    ("null-descriptor", "describe(1) is null although strategy_count is 2"),
    ("short-descriptor", "a wb_descriptor says struct_size 24"),
    ("empty-id", "the id of strategy 0 is empty"),
    ("dense-id", "'dense' cannot be the id of a strategy: it names the networks"),
    ("bad-id", "'Best, of all' cannot be the id of a strategy"),
    ("null-summary", "the summary of strategy 'test' is null"),
    ("duplicate-id", "it has a strategy 'magnitude', and so has the workbench itself"),
    ("twin-ids", "two of its strategies have the id 'test'"),
    ("unknown-granularity", "scores at granularity 9"),
    ("null-options", "has 2 options at a null address"),
    ("wide-option", "option 'rate' of strategy 'test' starts at 2.0 between 0.0 and 1.0"),
    ("endless-option", "starts at 0.0 between 0.0 and inf"),
    ("null-choice", "choice 1 of option 'scope' of strategy 'test' is null"),
    ("short-option", "a wb_option says struct_size 8"),
  ]

  @Test(arguments: refusals)
  func isRefused(name: String, sentence: String) throws {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build(name, in: folder)
      let text = message { _ = try StrategyCatalogue(plugins: [library]) }
      #expect(text.contains(sentence), "\(text)")
      #expect(text.hasPrefix(library.path) || name == "no-entry")
    }
  }

  @Test func everyBadPluginIsTested() throws {
    let names = try FileManager.default
      .contentsOfDirectory(atPath: PluginCompiler.sources.appending(path: "BadPlugins").path)
      .filter { $0.hasSuffix(".c") }.map { String($0.dropLast(2)) }
    let tested = Set(Self.refusals.map(\.0)).union(CallingTests.names)
      .union(["good"]).union(TrainingHookTests.names)
    #expect(Set(names) == tested)
  }

  @Test func aMissingFileIsRefused() {
    let text = message { _ = try StrategyCatalogue(paths: ["/nowhere/libnothing.so"]) }
    #expect(text.contains("/nowhere/libnothing.so: there is no such file"))
  }

  @Test func anEmptyPathIsRefused() {
    #expect(message { _ = try StrategyCatalogue(paths: [""]) }.contains("is empty"))
  }

  @Test func aVeryLongPathIsRefused() {
    let path = String(repeating: "x", count: 4097)
    #expect(message { _ = try StrategyCatalogue(paths: [path]) }.contains("has 4097 bytes"))
  }

  @Test func aFolderIsRefused() {
    let text = message { _ = try StrategyCatalogue(paths: ["/usr"]) }
    #expect(text.contains("not a regular file"))
  }

  @Test(arguments: ["", "This is no library.", "\u{7F}ELF and then nothing"])
  func anotherFileIsRefused(contents: String) throws {
    try PluginCompiler.withFolder { folder in
      let file = folder.appending(path: "libtext.so")
      try Data(contents.utf8).write(to: file)
      let text = message { _ = try StrategyCatalogue(plugins: [file]) }
      #expect(text.contains("cannot load this as a shared library"), "\(text)")
    }
  }

  @Test(arguments: [100, 500, 1000, 3000])
  func aLibraryThatWasCutShortIsRefused(bytes: Int) throws {
    try PluginCompiler.withFolder { folder in
      let whole = try Data(contentsOf: PluginCompiler.build("good", in: folder))
      try #require(whole.count > bytes)
      let file = folder.appending(path: "libhalf.so")
      try whole.prefix(bytes).write(to: file)
      let text = message { _ = try StrategyCatalogue(plugins: [file]) }
      #expect(text.contains("the file is cut short: it has \(bytes) bytes"), "\(text)")
    }
  }

  @Test func aGoodPluginIsLoadedWithItsDigest() throws {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build("good", in: folder)
      let entry = try StrategyCatalogue(plugins: [library]).entry(named: "test")
      #expect(entry.summary == "A plugin for tests.")
      #expect(entry.reads == ["parameters"])
      #expect(entry.emits == ["mask-off"])
      #expect(entry.granularity == .weights)
      guard case .plugin(let path, let digest, let libraries) = entry.origin else {
        Issue.record("the origin is \(entry.origin)")
        return
      }
      #expect(path == library.path)
      #expect(libraries.isEmpty)
      #expect(digest.count == 64 && digest.allSatisfy(\.isHexDigit))
    }
  }
}

/// What a library links to is part of what it is.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct LinkedLibraryTests {
  @Test("A library that a plugin brings along has its digest, and another one another")
  func helpers() throws {
    try PluginCompiler.withFolder { folder in
      try PluginCompiler.compile("int helper(void) { return 1; }", to: "libhelper.so", in: folder)
      try PluginCompiler.compile(
        "int helper(void); int middle(void) { return helper(); }", to: "libmiddle.so", in: folder,
        linking: ["helper"])
      let plugin = try PluginCompiler.build("good", in: folder, linking: ["middle", "m"])
      let first = try libraries(of: plugin)
      #expect(Set(first.keys) == ["libhelper.so", "libmiddle.so"])
      #expect(first.values.allSatisfy { $0.count == 64 })

      try FileManager.default.removeItem(at: folder.appending(path: "libhelper.so"))
      try PluginCompiler.compile("int helper(void) { return 2; }", to: "libhelper.so", in: folder)
      let copy = try PluginCompiler.build(
        "copy", in: folder, source: "BadPlugins/good.c", linking: ["middle", "m"])
      let second = try libraries(of: copy)
      #expect(second["libmiddle.so"] == first["libmiddle.so"])
      #expect(second["libhelper.so"] != first["libhelper.so"])
    }
  }

  private func libraries(of plugin: URL) throws -> [String: String] {
    let entry = try StrategyCatalogue(plugins: [plugin]).entry(named: "test")
    guard case .plugin(_, _, let libraries) = entry.origin else { return [:] }
    return libraries
  }
}
