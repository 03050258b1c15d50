/// A library that cannot be used: which, what was wanted and found, and what to do about it.
package struct LoadError: Error, Hashable, CustomStringConvertible {
  /// The file, or what stands in its place.
  package let path: String
  package let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var description: String { "\(path): \(reason)" }
}
