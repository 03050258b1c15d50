import Glibc

/// Why results could not be kept or read.
package struct StoreError: Error, Equatable, CustomStringConvertible {
  package let description: String
  /// The system's error number, where it was the system that refused.
  package let code: Int32?

  package init(_ description: String) {
    self.description = description
    code = nil
  }

  private init(_ description: String, code: Int32) {
    self.description = description
    self.code = code
  }

  /// An operation that failed with the system's `errno`.
  package static func system(_ what: String, _ path: String, code: Int32) -> StoreError {
    let remedies: [Int32: String] = [
      ENOSPC: "free some space and run the same command again",
      EDQUOT: "free some of your space and run the same command again",
      EFBIG: "raise the limit of file sizes ('ulimit -f') and run the same command again",
      EMFILE: "a process may open too few files ('ulimit -n')",
    ]
    let hint = remedies[code].map { "; \($0)" } ?? ""
    return StoreError("cannot \(what) \(path): \(systemMessage(code))\(hint)", code: code)
  }

  /// Whether the surroundings are to blame: a disk, a limit, somebody's hand; and not what this
  /// process did with its own descriptors and files.
  package var isOfSurroundings: Bool {
    guard let code else { return true }
    return ![EMFILE, EBADF, EINVAL, EFAULT, EISDIR, EEXIST, ENOTEMPTY].contains(code)
  }
}

/// The system's text for an error number.
func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code)).lowercased()
}
