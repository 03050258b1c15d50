import Foundation
import TestSupport
import Testing

/// What libraries say of themselves is kept, and which of two strategies of one id is taken is said.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct DescriptionCacheTests {
  /// A library that cannot be loaded in a certain time zone, so that it shows when it is.
  private static let source = """
    #define ID "mine"
    #include "plugin.h"
    int helper(void);
    __attribute__((constructor)) static void start(void) {
      const char *zone = getenv("TZ");
      if (helper() > 0 && zone != NULL && strcmp(zone, "Nowhere") == 0) abort();
    }
    """

  @Test(
    "A library that was read once is not loaded to be listed, until it or what it links to changes")
  func kept() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = try build(in: folder)
    let cache = folder.appending(path: "cache")
    var tool = Tool()
    tool.environment = ["XDG_CACHE_HOME": cache.path]
    var away = tool
    away.environment["TZ"] = "Nowhere"
    let list = ["list", "--plugin", library.path]

    #expect(try away.run(list).code == 2)
    let first = try tool.run(list)
    #expect(first.code == 0)
    let second = try away.run(list)
    #expect(second.code == 0)
    #expect(second.output == first.output)
    #expect(second.output.contains("mine"))
    let unconfined = try away.run(list + ["--no-sandbox"])
    #expect(unconfined.code == 0)
    #expect(unconfined.errors.contains("not confined by anything"), "\(unconfined.errors)")

    let entries = cache.appending(path: "workbench/libraries")
    for file in try FileManager.default.contentsOfDirectory(
      at: entries, includingPropertiesForKeys: nil)
    {
      let damaged = try Data(contentsOf: file).dropLast(3)
      try damaged.write(to: file)
    }
    #expect(try away.run(list).code == 2)
    #expect(try tool.run(list).code == 0)

    try buildLibrary("int helper(void) { return 2; }", as: "helper", in: folder)
    #expect(try away.run(list).code == 2)
    #expect(try tool.run(list).code == 0)
    #expect(try away.run(list).code == 0)
    try buildLibrary(Self.source + "\nint more;", as: "mine", in: folder, linking: ["helper"])
    #expect(try away.run(list).code == 2)
  }

  @Test("What a library prints while it is read is told, and never interpreted")
  func printing() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try buildLibrary(
      """
      #define ID "mine"
      #include "plugin.h"
      #include <stdio.h>
      __attribute__((constructor)) static void greet(void) {
        fprintf(stderr, "\\033[2Jhello %0500d", 1);
        if (getenv("TZ") != NULL && strcmp(getenv("TZ"), "Nowhere") == 0) abort();
      }
      """, as: "mine", in: folder)
    let path = folder.appending(path: "libmine.so").path
    var tool = Tool()
    let listed = try tool.run("list", "--plugin", path)
    #expect(listed.code == 0)
    #expect(
      listed.errors.hasPrefix("warning: \(path) printed while it was loaded: \u{FFFD}[2Jhello 000"),
      "\(listed.errors)")
    #expect(listed.errors.hasSuffix("000…\n"))
    tool.environment = ["TZ": "Nowhere", "XDG_CACHE_HOME": "/dev/null"]
    let refused = try tool.run("list", "--plugin", path)
    #expect(refused.code == 2)
    #expect(refused.errors.contains("it printed: \u{FFFD}[2Jhello"), "\(refused.errors)")
  }

  @Test("A strategy of a cell is loaded, whatever is known of it")
  func cellsLoad() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = try build(in: folder)
    var tool = Tool()
    tool.environment["XDG_CACHE_HOME"] = folder.appending(path: "cache").path
    #expect(try tool.run("list", "--plugin", library.path).code == 0)
    tool.environment["TZ"] = "Nowhere"
    let outcome = try tool.run(
      "compare", "--strategies", "mine", "--plugin", library.path, "--benchmarks", "sine",
      "--ratios", "2", "--seeds", "1", "--quick", "--output", folder.appending(path: "r").path)
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("SIGABRT"), "\(outcome.output)")
  }

  @Test(
    "What is named on the command line wins over the environment, and that over what is installed")
  func precedence() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func copy(_ name: String, _ summary: String) throws -> String {
      try buildLibrary(
        "#define ID \"magnitude-c\"\n#define SUMMARY \"\(summary)\"\n#include \"plugin.h\"\n",
        as: name, in: folder)
      return folder.appending(path: "lib\(name).so").path
    }
    let (named, other) = (
      try copy("named", "One that is named."), try copy("other", "Another one.")
    )
    var tool = Tool()
    tool.environment["WORKBENCH_PLUGIN_PATH"] = other
    let fromEnvironment = try tool.run("info", "magnitude-c")
    #expect(fromEnvironment.code == 0)
    #expect(fromEnvironment.output.contains("Another one."))
    #expect(
      fromEnvironment.errors.contains(
        "warning: 'magnitude-c' is that of \(other), named by WORKBENCH_PLUGIN_PATH, and not that of "
      ),
      "\(fromEnvironment.errors)")
    #expect(fromEnvironment.errors.contains("libMagnitudeInC.so, found beside the program"))
    let fromOption = try tool.run("info", "magnitude-c", "--plugin", named)
    #expect(fromOption.output.contains("One that is named."))
    #expect(
      fromOption.errors.contains(
        "'magnitude-c' is that of \(named), named by --plugin, and not that of \(other), found by "
          + "WORKBENCH_PLUGIN_PATH"), "\(fromOption.errors)")
    let twice = try Tool().run("list", "--plugin", named, "--plugin", other)
    #expect(twice.code == 2)
    #expect(twice.errors.contains("it has a strategy 'magnitude-c', and so has \(named)"))
  }

  private func build(in folder: URL) throws -> URL {
    try buildLibrary("int helper(void) { return 1; }", as: "helper", in: folder)
    try buildLibrary(Self.source, as: "mine", in: folder, linking: ["helper"])
    return folder.appending(path: "libmine.so")
  }
}
