import Foundation
import PluginHost
import TestSupport
import Testing

/// Builds the C plugins of these tests with the system's compiler, each once.
enum PluginCompiler {
  /// Where the sources of these tests lie.
  static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let header = sources.appending(path: "../../Sources/CWorkbench/include")
    .standardizedFileURL

  /// Whether there is a compiler.
  static var isThere: Bool { LibraryCompiler.isThere }

  /// A folder that is gone after `body`.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "plugins-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Builds `BadPlugins/NAME.c` (or another source of these tests) as `libNAME.so` in `folder`.
  ///
  /// - Parameter libraries: names of libraries to link to, of the system or of `folder`.
  static func build(
    _ name: String, in folder: URL, source: String? = nil, linking libraries: [String] = []
  ) throws -> URL {
    let library = folder.appending(path: "lib\(name).so")
    try LibraryCompiler.build(
      sources.appending(path: source ?? "BadPlugins/\(name).c"), as: library, headers: [header],
      flags: linkerOptions(libraries, in: folder))
    return library
  }

  /// Builds the C code of `text` as a library of this file name in `folder`, all of it exported.
  static func compile(
    _ text: String, to name: String, in folder: URL, linking libraries: [String] = []
  ) throws {
    let source = folder.appending(path: name + ".c")
    try Data(text.utf8).write(to: source)
    try LibraryCompiler.build(
      source, as: folder.appending(path: name), headers: [],
      flags: ["-fvisibility=default"] + linkerOptions(libraries, in: folder))
  }

  private static func linkerOptions(_ libraries: [String], in folder: URL) -> [String] {
    ["-L", folder.path, "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed"] + libraries.map { "-l" + $0 }
  }

  /// The only strategy of a plugin of these tests.
  static func entry(_ name: String) throws -> StrategyEntry {
    try withFolder { folder in
      let library = try build(name, in: folder)
      let catalogue = try StrategyCatalogue(plugins: [library])
      return try #require(catalogue.entries.last)
    }
  }
}
