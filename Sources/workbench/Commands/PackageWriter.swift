import Foundation
import Templates

/// Writes the files of a new package into a folder of their own.
struct PackageWriter {
  let folder: URL
  /// The folder as the user wrote it.
  let shown: String

  /// - Throws: ``CommandError`` where the folder exists or cannot be written; nothing is left of it
  ///   then.
  func write(_ files: [PackageTemplate.File]) throws {
    // A link that leads nowhere is in the way, too.
    guard (try? FileManager.default.attributesOfItem(atPath: folder.path)) == nil else {
      throw CommandError(
        "'\(shown)' exists already and is left as it is; name another folder with --output")
    }
    do {
      try FileManager.default.createDirectory(
        at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    } catch { throw refusal(error) }
    do {
      for file in files {
        let url = folder.appending(path: file.path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url)
      }
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw refusal(error)
    }
  }

  private func refusal(_ error: any Error) -> CommandError {
    CommandError(
      "'\(shown)' cannot be written: \(error.localizedDescription); name another folder with --output"
    )
  }
}
