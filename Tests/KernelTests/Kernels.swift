import CKernels
import Numerics
import Testing

/// Every kernel against a plain scalar reference, in each variant that the processor has.
///
/// A test selects a variant for its own thread and releases it before it ends: other tests of the
/// process go on with theirs.
@Suite
enum Kernels {
  static let lanes = Int(WBK_LANES)
  static let variants = ["portable", "avx2", "avx512"].filter { (name: String) in
    defer { release() }
    return wbk_select_variant(name) == 0
  }

  static func select(_ variant: String) {
    #expect(wbk_select_variant(variant) == 0)
  }

  static func release() { wbk_release_variant() }

  /// Standard normal numbers in single precision.
  static func normals(_ count: Int, _ name: String, seed: UInt64 = 1) -> [Float] {
    var random = RandomStream(seed: seed, name: name)
    return (0..<count).map { _ in Float(random.normal()) }
  }
}

/// A sum in double precision and the sum of the magnitudes of its terms: what rounding in single
/// precision is proportional to.
struct Sum {
  var value = 0.0
  var magnitude = 0.0

  mutating func add(_ term: Double) {
    value += term
    magnitude += abs(term)
  }
}

/// Expects each number within `relative` times the magnitude of its reference.
func expectClose(
  _ numbers: [some BinaryFloatingPoint], _ references: [Sum], relative: Double = 2e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard numbers.count == references.count else {
    Issue.record(
      "\(numbers.count) numbers, \(references.count) references", sourceLocation: sourceLocation)
    return
  }
  for (index, (number, reference)) in zip(numbers, references).enumerated() {
    let error = abs(Double(number) - reference.value)
    guard error <= relative * reference.magnitude + 1e-30 else {
      Issue.record(
        "number \(index) is \(number), the reference \(reference.value)",
        sourceLocation: sourceLocation)
      return
    }
  }
}

/// Expects each number within `relative` of its own reference.
func expectClose(
  _ numbers: [Float], _ references: [Double], relative: Double = 2e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    numbers, references.map { Sum(value: $0, magnitude: abs($0)) }, relative: relative,
    sourceLocation: sourceLocation)
}
