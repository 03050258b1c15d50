package import Foundation
import Glibc

/// Files that are whole or not there, whatever happens to the machine.
package enum DurableFile {
  /// Writes a file and waits until it is on the disk.
  ///
  /// - Throws: ``StoreError``, for a full disk too; what was written of the file is removed.
  package static func write(_ data: Data, to url: URL) throws(StoreError) {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("create", url.path, code: errno) }
    defer { close(descriptor) }
    var failure: Int32 = 0
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          failure = errno
          return
        }
        offset += written
      }
      if fsync(descriptor) != 0, errno != EINVAL { failure = errno }
    }
    guard failure == 0 else {
      var status = stat()
      // Never unlink what is not a plain file.
      if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(url.path) }
      throw .system("write", url.path, code: failure)
    }
  }

  /// Waits until a file that exists, or the entries of a folder, are on the disk.
  package static func synchronize(_ url: URL) throws(StoreError) {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", url.path, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("flush", url.path, code: errno) }
  }

  /// Renames a folder of finished files, in one step that survives a crash.
  package static func moveFolder(_ source: URL, to destination: URL) throws(StoreError) {
    guard rename(source.path, destination.path) == 0 else {
      throw .system("move \(source.path) to", destination.path, code: errno)
    }
    try synchronize(destination.deletingLastPathComponent())
  }
}

/// The system's text for an error number.
func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code)).lowercased()
}
