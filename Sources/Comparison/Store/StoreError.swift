/// Why results could not be kept.
package struct StoreError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  /// An operation that failed with the system's `errno`.
  static func system(_ what: String, _ path: String, code: Int32) -> StoreError {
    let hint = code == 28 ? "; free some space and run the same command again" : ""
    return StoreError("cannot \(what) \(path): \(systemMessage(code))\(hint)")
  }
}
