package import Foundation

/// The programs of this package, which are built beside the bundle of the tests.
package enum BuiltProgram {
  package struct Missing: Error {
    package let name: String
  }

  /// - Throws: ``Missing`` where there is no such program.
  package static func named(_ name: String) throws -> URL {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: name)
      if FileManager.default.isExecutableFile(atPath: candidate.path), !isFolder(candidate) {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    throw Missing(name: name)
  }

  private static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
