import Foundation
import Numerics
import PluginHost
import TestSupport
import Testing

@Suite struct NeededLibrariesTests {
  /// A file of this machine's format that certainly links to something: this program.
  private let contents: Data
  private let whole: NeededLibraries

  init() throws {
    contents = try Data(contentsOf: URL(filePath: "/proc/self/exe"))
    whole = NeededLibraries(contents, in: "/here")
  }

  @Test func aFileSaysWhatItLinksTo() {
    #expect(whole.names.contains { $0.hasPrefix("libc.so") })
  }

  @Test(
    "The folder of a file stands where its origin is named",
    .enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
  func origins() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "needed-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "empty.c")
    try Data("int nothing;".utf8).write(to: source)
    let library = folder.appending(path: "libempty.so")
    try LibraryCompiler.build(
      source, as: library, headers: [], flags: ["-Wl,-rpath,$ORIGIN/beside:/fixed"])
    let needed = try NeededLibraries(Data(contentsOf: library), in: "/here")
    #expect(needed.folders == ["/here/beside", "/fixed"])
  }

  /// It may read what it links to: so that must be nothing but libraries.
  @Test(
    "A file that is no library is not linked to, whatever a library names",
    .enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
  func labels() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "needed-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "empty.c")
    try Data("int nothing;".utf8).write(to: source)
    let labels = folder.appending(path: "labels")
    let stub = folder.appending(path: "libstub.so")
    try LibraryCompiler.build(
      source, as: stub, headers: [], flags: ["-Wl,-soname,\(labels.path)"])
    let library = folder.appending(path: "libcurious.so")
    try LibraryCompiler.build(
      source, as: library, headers: [],
      flags: ["-L", folder.path, "-Wl,--no-as-needed", "-lstub"])
    #expect(NeededLibraries(try Data(contentsOf: library), in: "").names.contains(labels.path))
    try FileManager.default.copyItem(at: stub, to: labels)
    #expect(try #require(LibraryDigests(of: library.path)).linked.keys.sorted() == ["labels"])
    try Data("3 1 4 1 5".utf8).write(to: labels)
    #expect(try #require(LibraryDigests(of: library.path)).linked.isEmpty)
  }

  @Test func aFileCutAnywhereSaysNoMoreThanItHas() {
    for count in stride(from: 0, to: min(contents.count, 40_000), by: 97) {
      let needed = NeededLibraries(contents.prefix(count), in: "/here")
      #expect(needed.names.count <= whole.names.count)
    }
  }

  @Test func aFileWithChangedBytesIsReadWithinItsBounds() {
    var random = RandomStream(seed: 1, name: "bytes")
    for _ in 0..<300 {
      var changed = Data(contents.prefix(2_000_000))
      for _ in 0..<8 {
        // The headers are where numbers steer.
        changed[Int(random.next() % 1024)] = UInt8(truncatingIfNeeded: random.next())
      }
      let needed = NeededLibraries(changed, in: "/here")
      #expect(needed.names.allSatisfy { $0.utf8.count < 4096 * 3 })
    }
  }
}
