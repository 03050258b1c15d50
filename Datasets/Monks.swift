package import Foundation
package import Numerics

/// The MONK's problems: whether a robot described by six attributes belongs to a class.
///
/// S. Thrun et al., "The MONK's Problems: A Performance Comparison of Different Learning
/// Algorithms", CMU-CS-91-197, 1991. The test sets hold all 432 robots.
package enum Monks {
  /// Which of the three rules decides the class.
  package enum Problem: Int, CaseIterable, Sendable {
    /// a1 = a2 or a5 = 1; 124 training lines.
    case first = 1
    /// Exactly two of the six attributes are 1; 169 training lines.
    case second = 2
    /// (a5 = 3 and a4 = 1) or (a5 ≠ 4 and a2 ≠ 3); 122 training lines, 6 of them with the wrong
    /// class.
    case third = 3
  }

  /// How many values each attribute has, counted from 1.
  package static let attributeValues = [3, 3, 2, 3, 4, 2]

  /// The training and test lines of one problem, from the data folder's `monks`.
  ///
  /// An input is the six attributes one-hot, 17 zeros and ones; the target is the class, 0 or 1, as
  /// one value.
  ///
  /// - Parameters:
  ///   - problem: Which rule.
  ///   - directory: The data folder, see ``DataDirectory``.
  /// - Returns: The training lines and the test lines, in the order of the files.
  /// - Throws: ``DatasetError`` when a file is missing or not the original one.
  package static func load(
    problem: Problem, from directory: URL
  ) throws(DatasetError) -> (training: Samples, test: Samples) {
    let (training, test) = files(of: problem)
    return (try read(training, from: directory), try read(test, from: directory))
  }

  /// The samples of a file's text: lines of a class, six attributes and a name.
  ///
  /// - Throws: ``DatasetError/malformedLine(file:line:text:reason:)`` for the first line that is
  ///   wrong, ``DatasetError/malformed(file:reason:)`` when there is no line.
  package static func parse(_ text: String, file: String) throws(DatasetError) -> Samples {
    var inputs: [Float] = []
    var classes: [Float] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else { throw .malformed(file: file, reason: "the file is empty") }
    for (index, line) in lines.enumerated() {
      func malformed(_ reason: String) -> DatasetError {
        .malformedLine(file: file, line: index + 1, text: String(line.prefix(60)), reason: reason)
      }
      let words = line.split(separator: " ")
      guard words.count == 8 else {
        throw malformed("expected a class, six attributes and a name")
      }
      guard let memberOfClass = Int(words[0]), (0...1).contains(memberOfClass) else {
        throw malformed("expected class 0 or 1")
      }
      classes.append(Float(memberOfClass))
      for (attribute, values) in attributeValues.enumerated() {
        guard let value = Int(words[1 + attribute]), (1...values).contains(value) else {
          throw malformed("expected attribute \(attribute + 1) in 1...\(values)")
        }
        inputs += (1...values).map { $0 == value ? 1 : 0 }
      }
    }
    do {
      let features = attributeValues.reduce(0, +)
      return try Samples(
        shape: [features, 1, 1], inputs: inputs, targets: .values(classes, width: 1))
    } catch {
      throw .malformed(file: file, reason: error.reason)
    }
  }

  private static func read(
    _ data: DataFile, from directory: URL
  ) throws(DatasetError) -> Samples {
    let text = String(decoding: try data.read(from: directory), as: UTF8.self)
    return try parse(text, file: directory.appending(path: data.path).path)
  }

  private static func files(of problem: Problem) -> (training: DataFile, test: DataFile) {
    let digests: (training: String, test: String) =
      switch problem {
      case .first:
        (
          "d9c328b6f0e095ab10f7bc8468f1d2141f3d08be73e665c3bf0a62994c922606",
          "e501ada3b21d876ab86f3e1614747bd2edc443a685f229a25e480aa1dea629f6"
        )
      case .second:
        (
          "7ebcc278005737caad0cd52e6aa31256a2c3174da8047faf4ac3a9d35edbdaa8",
          "945650affde377c27f6218c8b17893e339ea831f4bee9f9d7123020699cfbf40"
        )
      case .third:
        (
          "726f258f80be06af4bb2d8831789514a663f5813e47429211fe19dcd367966f8",
          "1d816ae7347afaf895050667adc3f382904c6ed2332d0a2d09353f5e6cb54612"
        )
      }
    let stem = "monks/monks-\(problem.rawValue)"
    return (
      DataFile(path: stem + ".train", sha256: digests.training),
      DataFile(path: stem + ".test", sha256: digests.test)
    )
  }
}
