import CCrypto
import Files
import Foundation

/// A file that may be a library: its identity, its contents' digest, and whether it can be one.
struct LibraryFile {
  /// What makes two paths the same file.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  let path: String
  let identity: Identity

  static let longestPath = 4096

  /// - Throws: ``LoadError`` when the path is empty or too long, or names no regular file.
  init(path: String) throws(LoadError) {
    guard !path.isEmpty else {
      throw LoadError(path: "''", reason: "the path of a plugin is empty; name a shared library")
    }
    guard path.utf8.count <= Self.longestPath else {
      throw LoadError(
        path: "'\(path.prefix(40))…'",
        reason: "the path of a plugin has \(path.utf8.count) bytes; at most \(Self.longestPath) "
          + "can be opened")
    }
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else {
      throw LoadError(
        path: path, reason: "there is no such file (\(errorText())); check the path of the plugin")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw LoadError(
        path: path, reason: "this is not a regular file; name the shared library itself")
    }
    self.path = path
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// - Throws: ``LoadError`` when the file cannot be read.
  func contents() throws(LoadError) -> Data {
    do {
      return try Data(contentsOf: URL(literalPath: path), options: .mappedIfSafe)
    } catch {
      throw LoadError(path: path, reason: "the file cannot be read (\(error.localizedDescription))")
    }
  }

  /// Whether the contents hold the name of an entry of any version. A library that exports one
  /// does; so a file without it need not be opened to know that it is no plugin.
  static func mayExportEntry(_ contents: Data) -> Bool {
    contents.range(of: Data("wb_plugin_v".utf8)) != nil
  }

  /// The SHA-256 digest as 64 hexadecimal digits.
  static func sha256(_ contents: Data) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    contents.withUnsafeBytes { bytes in
      _ = SHA256(bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count, &digest)
    }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

private func errorText() -> String { String(cString: strerror(errno)) }
