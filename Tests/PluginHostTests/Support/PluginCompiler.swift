import Foundation
import PluginHost
import Testing

/// Builds the C plugins of these tests with the system's compiler, each once.
enum PluginCompiler {
  /// Where the sources of these tests lie.
  static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let header = sources.appending(path: "../../Sources/CWorkbench/include")
    .standardizedFileURL
  private static let compiler: URL? = ["clang", "cc", "gcc"].lazy.compactMap(inPath).first

  /// Whether there is a compiler.
  static var isThere: Bool { compiler != nil }

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
    try compile(
      sources.appending(path: source ?? "BadPlugins/\(name).c"), to: library,
      ["-fvisibility=hidden"] + linkerOptions(libraries, in: folder))
    return library
  }

  /// Builds the C code of `text` as a library of this file name in `folder`.
  static func compile(
    _ text: String, to name: String, in folder: URL, linking libraries: [String] = []
  ) throws {
    let source = folder.appending(path: name + ".c")
    try Data(text.utf8).write(to: source)
    try compile(
      source, to: folder.appending(path: name), linkerOptions(libraries, in: folder))
  }

  private static func linkerOptions(_ libraries: [String], in folder: URL) -> [String] {
    ["-L", folder.path, "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed"] + libraries.map { "-l" + $0 }
  }

  private static func compile(_ source: URL, to library: URL, _ options: [String]) throws {
    let process = Process()
    let compiler: URL = try #require(Self.compiler)
    process.executableURL = compiler
    process.arguments =
      ["-std=gnu11", "-w", "-O1", "-fPIC", "-shared", "-I", header.path, source.path]
      + ["-o", library.path] + options
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(source.lastPathComponent) does not compile")
  }

  /// The only strategy of a plugin of these tests.
  static func entry(_ name: String) throws -> StrategyEntry {
    try withFolder { folder in
      let library = try build(name, in: folder)
      let catalogue = try StrategyCatalogue(plugins: [library])
      return try #require(catalogue.entries.last)
    }
  }

  private static func inPath(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: String($0)).appending(path: name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
