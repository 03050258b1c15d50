package import Foundation
import Glibc

/// How files are read that others may have touched: plain ones, whole, of bounded size. Nothing that
/// waits for a writer is waited for.
package enum PlainFile {
  /// The bytes of a file.
  ///
  /// - Throws: ``StoreError`` that names the file; where it is no plain file or longer than `limit`
  ///   bytes, too.
  package static func read(_ url: URL, atMost limit: Int) throws(StoreError) -> Data {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("read", url.path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("read", url.path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError("\(url.path) is no plain file")
    }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 4096), 1 << 20))
    while data.count <= limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system("read", url.path, code: errno) }
      guard count > 0 else { return data }
      data.append(contentsOf: buffer[..<count])
    }
    throw StoreError("\(url.path) is longer than \(limit) bytes, the most that such a file has")
  }
}
