import Foundation
import Glibc

/// Keeps two comparisons from writing to one folder of results; let go of when it is released or
/// when the process ends, however it ends.
package final class StoreLock: Sendable {
  private let descriptor: Int32
  /// Paths of things that stand where this program keeps what it is writing, and are not of its
  /// making: they were left alone.
  package let foreign: [String]

  private init(descriptor: Int32, foreign: [String]) {
    self.descriptor = descriptor
    self.foreign = foreign
  }

  /// - Parameter clear: What only the holder may do; it returns what it left alone.
  /// - Throws: ``StoreError`` when another process holds the lock.
  static func take(
    _ file: URL, clear: () throws(StoreError) -> [String]
  ) throws(StoreError) -> StoreLock {
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("create", file.path, code: errno) }
    do throws(StoreError) {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        guard code == EWOULDBLOCK else { throw StoreError.system("lock", file.path, code: code) }
        throw StoreError(
          "another comparison is writing to \(file.deletingLastPathComponent().path); "
            + "wait for it or choose another folder with --output")
      }
      return StoreLock(descriptor: descriptor, foreign: try clear())
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    // A process that is just being started may hold the same description for a moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
