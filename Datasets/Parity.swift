import Numerics

/// Whether an odd number of inputs is on.
///
/// All patterns there are make the training set, the validation set and the test set. Inputs are ±1
/// and targets 0 or 1; S. E. Fahlman and C. Lebiere (The Cascade-Correlation Learning Architecture,
/// NIPS 1989) have ±½ for both.
package enum Parity {
  /// All 2^`inputs` patterns, in the order of the binary numbers they are, the first input the lowest
  /// digit.
  ///
  /// - Throws: ``DatasetError/invalidRequest(task:reason:)`` when `inputs` is not within 1...16.
  package static func splits(inputs: Int) throws(DatasetError) -> Splits {
    let name = "parity-\(inputs)"
    guard 1...16 ~= inputs else {
      throw .invalidRequest(task: name, reason: "it is there for 1 to 16 inputs")
    }
    let patterns = 0..<1 << inputs
    do {
      let all = try Samples(
        shape: [inputs, 1, 1],
        inputs: patterns.flatMap { pattern in
          (0..<inputs).map { pattern >> $0 & 1 == 1 ? 1 : -1 }
        },
        targets: .values(patterns.map { Float($0.nonzeroBitCount % 2) }, width: 1))
      return Splits(training: all, validation: all, test: all)
    } catch {
      throw .invalidRequest(task: name, reason: error.reason)
    }
  }
}
