import Foundation
import Glibc

/// Keeps two comparisons from writing to one folder of results; let go of when it is released or
/// when the process ends, however it ends.
package final class StoreLock: Sendable {
  private let descriptor: Int32

  /// - Throws: ``StoreError`` when another process holds the lock.
  init(file: URL) throws(StoreError) {
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("create", file.path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      guard code == EWOULDBLOCK else { throw .system("lock", file.path, code: code) }
      throw StoreError(
        "another comparison is writing to \(file.deletingLastPathComponent().path); "
          + "wait for it or choose another folder with --output")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
