/// What came of a test.
package struct ConformanceResult: Sendable {
  package enum Verdict: String, Sendable, CaseIterable {
    case passed, failed
    /// It has nothing to test here.
    case skipped
  }

  package let test: ConformanceTest
  /// Nil for a test of the library itself.
  package let strategy: String?
  package let verdict: Verdict
  /// What was done when it failed.
  package let did: String
  /// What came of that; of a success what is worth knowing, such as a time.
  package let found: String
  /// What the library printed meanwhile, as far as it is kept.
  package let printed: String
  package let seconds: Double
}
