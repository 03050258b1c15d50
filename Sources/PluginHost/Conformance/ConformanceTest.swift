/// A test of whether a library keeps the rules of the interface: what it holds the library to in one
/// sentence, and how.
package struct ConformanceTest: Sendable {
  package let name: String
  /// The rules of `Documentation/abi.md` that it is about, the first one first.
  package let rules: [ConformanceRule]
  package let sentence: String
  let body: Body

  /// What a test is given. It returns what is worth knowing of a success, such as a time.
  enum Body: Sendable {
    /// A library that nobody has read yet.
    case loading(@Sendable (UnreadLibrary) throws -> String?)
    /// A library that can be read.
    case library(@Sendable (ReadLibrary) throws -> String?)
    /// One of its strategies.
    case strategy(@Sendable (Subject) throws -> String?)
  }

  init(_ name: String, _ rules: [ConformanceRule], _ sentence: String, _ body: Body) {
    self.name = name
    self.rules = rules
    self.sentence = sentence
    self.body = body
  }

  /// Whether it is run for each strategy of a library.
  package var isOfStrategies: Bool { if case .strategy = body { true } else { false } }

  /// Whether it is about what comes before anything else.
  var isOfLoading: Bool { if case .loading = body { true } else { false } }

  /// Whether the library must have passed it for others to have something to test.
  var isNeeded: Bool { isOfLoading && name != "load-again" }

  /// All of them, in the order in which they are run.
  package static let all =
    loading + describing + creating + scoring + lending + proposing + unfamiliar + using
}

/// What a test has against a library.
struct Shortcoming: Error {
  /// What was done.
  let did: String
  /// What came of it.
  let found: String
}

/// That a test has nothing to test in a strategy.
struct NotApplicable: Error {
  let reason: String
}
