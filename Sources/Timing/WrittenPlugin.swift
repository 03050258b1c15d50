import Foundation
import Templates

/// A plugin as `workbench new` writes one: it pulls weights towards zero after every step of training, which no
/// plugin beside the program does.
enum WrittenPlugin {
  static let id = "proximal-bench"

  /// Builds it in a folder of its own, which is gone after `body`.
  ///
  /// - Parameter body: Takes the path of the library.
  /// - Throws: ``BenchError`` where it cannot be built.
  static func withLibrary<Result>(_ body: (String) throws -> Result) throws -> Result {
    let template = PackageTemplate(name: try StrategyName(id), language: .c, kind: .train)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "workbench-bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in template.files {
      let url = folder.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url)
    }
    try build(in: folder, by: template.buildCommand)
    return try body(folder.appending(path: template.library).path)
  }

  private static func build(in folder: URL, by command: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec \(command)"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError(
        "the plugin of the row 'isolation/end-step' is not built by '\(command)'; it needs "
          + "make and a C compiler")
    }
  }
}
