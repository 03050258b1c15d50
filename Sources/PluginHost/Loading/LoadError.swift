/// A library that cannot be used: which, what was wanted and found, and what to do about it.
package struct LoadError: Error, Hashable, CustomStringConvertible {
  /// The file, or what stands in its place.
  package let path: String
  package let reason: String
  /// How its process ended, or what it said, where the library was loaded in one.
  package let status: StrategyFailure.Status?

  package init(path: String, reason: String, status: StrategyFailure.Status? = nil) {
    self.path = path
    self.reason = reason
    self.status = status
  }

  package var description: String { "\(path): \(reason)" }
}
