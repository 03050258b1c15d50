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
    let place = what == "read" ? nil : "the folder must be writable, --output names another"
    let remedies = [
      ENOSPC: "free some space", EDQUOT: "free some of your space",
      EFBIG: "raise the limit of file sizes ('ulimit -f')",
      EMFILE: "a process may open too few files ('ulimit -n')", EROFS: place, EACCES: place,
      EPERM: place,
    ]
    let hint = (remedies[code] ?? nil).map { "; \($0)" } ?? ""
    return StoreError("cannot \(what) \(path): \(systemMessage(code))\(hint)", code: code)
  }

  /// The error as the end of a comparison that had begun.
  var amidst: StoreError {
    let text = description + "; finished cells are kept, the same command goes on from there"
    return code.map { StoreError(text, code: $0) } ?? StoreError(text)
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
