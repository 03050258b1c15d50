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
  static func build(
    _ name: String, in folder: URL, source: String? = nil
  ) throws -> URL {
    let library = folder.appending(path: "lib\(name).so")
    let process = Process()
    let compiler: URL = try #require(Self.compiler)
    process.executableURL = compiler
    process.arguments = [
      "-std=gnu11", "-w", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-I", header.path,
      sources.appending(path: source ?? "BadPlugins/\(name).c").path, "-o", library.path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(name).c does not compile")
    return library
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
