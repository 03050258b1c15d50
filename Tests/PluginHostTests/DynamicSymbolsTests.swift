import Foundation
import Numerics
import PluginHost
import TestSupport
import Testing

/// What a library's file says of its functions, and the system's list of libraries.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct DynamicSymbolsTests {
  private static let source = """
    double scores(double weight) { return weight; }
    __attribute__((weak)) double weak(double weight) { return weight; }
    static double choose_(double weight) { return weight; }
    static double (*resolve(void))(double) { return choose_; }
    double chosen(double) __attribute__((ifunc("resolve")));
    double counter = 1;
    __thread double own = 1;
    static double hidden(double weight) { return weight; }
    double user(double weight) { extern double fabs(double); return fabs(hidden(weight)); }
    """

  private func contents(_ flags: String...) throws -> Data {
    try PluginCompiler.withFolder { folder in
      let source = folder.appending(path: "symbols.c")
      try Data(Self.source.utf8).write(to: source)
      let library = folder.appending(path: "libsymbols.so")
      try LibraryCompiler.build(
        source, as: library, headers: [],
        flags: ["-fvisibility=default", "-fno-builtin", "-lm"] + flags)
      return try Data(contentsOf: library)
    }
  }

  @Test(
    "Functions are told from data, by either table that the loader looks them up in",
    arguments: ["-Wl,--hash-style=gnu", "-Wl,--hash-style=sysv", "-Wl,--hash-style=both"])
  func functions(_ style: String) throws {
    let symbols = try #require(DynamicSymbols(contents(style)))
    #expect(symbols.functions.isSuperset(of: ["scores", "weak", "chosen", "user"]))
    #expect(symbols.others.isSuperset(of: ["counter", "own"]))
    for name in ["hidden", "choose_", "resolve", "fabs"] {
      #expect(!symbols.functions.contains(name) && !symbols.others.contains(name), "\(name)")
    }
  }

  @Test func aFileWithoutSectionsSaysTheSame() throws {
    // Only linkers read them; the loader does not, nor does this.
    var contents = try contents()
    let whole = try #require(DynamicSymbols(contents))
    for place in [40..<48, 58..<64] {
      contents.replaceSubrange(place, with: Data(count: place.count))
    }
    let bare = try #require(DynamicSymbols(contents))
    #expect(bare.functions == whole.functions)
  }

  @Test func anythingElseIsNoLibrary() {
    #expect(DynamicSymbols(Data()) == nil)
    #expect(DynamicSymbols(Data("#!/bin/sh\n".utf8)) == nil)
    #expect(DynamicSymbols(Data([0x7F, 0x45, 0x4C, 0x46, 2])) == nil)
  }

  @Test func aFileCutAnywhereSaysNoMoreThanItHas() throws {
    let contents = try contents()
    let whole = try #require(DynamicSymbols(contents))
    for count in stride(from: 0, to: contents.count, by: 41) {
      let functions = DynamicSymbols(contents.prefix(count))?.functions ?? []
      #expect(functions.count <= whole.functions.count)
    }
  }

  @Test func aFileWithChangedBytesIsReadWithinItsBounds() throws {
    let contents = try contents()
    var random = RandomStream(seed: 1, name: "bytes")
    for _ in 0..<3000 {
      var changed = contents
      for _ in 0..<8 {
        // The headers and the tables are where numbers steer.
        changed[Int(random.next() % 4096)] = UInt8(truncatingIfNeeded: random.next())
      }
      let functions = DynamicSymbols(changed)?.functions ?? []
      #expect(functions.allSatisfy { $0.utf8.count < 4096 * 3 })
    }
  }

  // MARK: - The system's list

  @Test func theSystemsListNamesItsLibraries() throws {
    let contents = try Data(contentsOf: URL(filePath: "/etc/ld.so.cache"))
    let libraries = LoaderCache(contents).libraries
    let found = try #require(libraries.first { $0.name == "libm.so.6" })
    #expect(FileManager.default.fileExists(atPath: found.path))
    for count in stride(from: 0, to: min(contents.count, 20_000), by: 97) {
      #expect(LoaderCache(contents.prefix(count)).libraries.count <= libraries.count)
    }
    var random = RandomStream(seed: 1, name: "bytes")
    for _ in 0..<100 {
      var changed = contents
      for _ in 0..<8 {
        changed[20 + Int(random.next() % 1024)] = UInt8(truncatingIfNeeded: random.next())
      }
      #expect(LoaderCache(changed).libraries.count <= 1 << 16)
    }
  }
}
