import CSystem
package import Foundation
import Glibc

/// Files and folders that are the old ones or the new ones, whole, whatever happens to the process or
/// the machine.
package enum DurableFile {
  /// Writes a file and waits until it is on the disk. What stood under the name is there until the
  /// new file is whole.
  ///
  /// - Parameter permissions: Those of the new file; nil for what the user's mask leaves of 0644.
  /// - Throws: ``StoreError``, for a full disk too; then nothing has changed.
  package static func write(
    _ data: Data, to url: URL, permissions: UInt32? = nil
  ) throws(StoreError) {
    let folder = url.deletingLastPathComponent()
    let path = folder.appending(path: ".\(url.lastPathComponent).new").path
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("create", path, code: errno) }
    if let permissions { fchmod(descriptor, permissions) }
    let failure = fill(descriptor, with: data)
    close(descriptor)
    guard failure == 0 else {
      unlink(path)
      throw .system("write", url.path, code: failure)
    }
    guard rename(path, url.path) == 0 else {
      let code = errno
      unlink(path)
      throw .system("write", url.path, code: code)
    }
    try synchronize(folder)
  }

  /// Writes all of `data`, flushes it and returns the error number, 0 for none.
  private static func fill(_ descriptor: Int32, with data: Data) -> Int32 {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return written < 0 ? errno : EIO }
        rest = rest.dropFirst(written)
      }
      return fsync(descriptor) == 0 ? 0 : errno
    }
  }

  /// Waits until a file that exists, or the entries of a folder, are on the disk.
  package static func synchronize(_ url: URL) throws(StoreError) {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", url.path, code: errno) }
    defer { close(descriptor) }
    // File systems that cannot flush a folder say so by EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .system("flush", url.path, code: errno)
    }
  }

  /// Renames a folder of finished files, in one step that survives a crash.
  package static func moveFolder(_ source: URL, to destination: URL) throws(StoreError) {
    guard rename(source.path, destination.path) == 0 else {
      throw .system("move \(source.path) to", destination.path, code: errno)
    }
    try synchronize(destination.deletingLastPathComponent())
  }

  /// Exchanges the names of two folders, in one step that survives a crash.
  ///
  /// - Returns: Whether the file system knows such a step; nothing has happened otherwise.
  package static func exchangeFolders(_ first: URL, _ second: URL) throws(StoreError) -> Bool {
    guard system_exchange(first.path, second.path) == 0 else {
      guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else {
        throw .system("exchange \(first.path) with", second.path, code: errno)
      }
      return false
    }
    try synchronize(second.deletingLastPathComponent())
    try synchronize(first.deletingLastPathComponent())
    return true
  }
}
