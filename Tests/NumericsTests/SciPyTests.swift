import Foundation
import Numerics
import Testing

/// What SciPy and NumPy made of the same inputs: Tests/Reference/statistics.py.
private struct Reference: Decodable {
  struct Interval: Decodable {
    var mean: Double
    var low: Double
    var high: Double
    var p: Double?
  }
  struct Values: Decodable {
    var values: [Double]
    var expected: Interval
  }
  struct Pairs: Decodable {
    var values: [Double]
    var reference: [Double]
    var expected: Interval
  }
  struct Holm: Decodable {
    var p: [Double]
    var expected: [Double]
  }
  struct Signs: Decodable {
    var first: Int
    var second: Int
    var expected: Double
  }
  struct Crossed: Decodable {
    var samples: Int
    var first: [[Int]]
    var second: [[Int]]
    var expected: Layout
  }
  struct Layout: Decodable {
    var ms_seed: Double
    var ms_sample: Double
    var ms_residual: Double
    var variance: Double
    var degrees: Double
    var mean: Double
    var low: Double
    var high: Double
    var p: Double
  }

  var intervals: [Values]
  var pairs: [Pairs]
  var holm: [Holm]
  var signs: [Signs]
  var crossed: [Crossed]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Reference/statistics.json")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct SciPyTests {
  private let reference: Reference

  init() throws { reference = try Reference() }

  private func expectEqual(
    _ value: Double?, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = abs((value ?? .nan) - expected)
    #expect(
      error <= 1e-9 * max(abs(expected), 1e-3), "\(String(describing: value)), not \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test func intervals() {
    for given in reference.intervals {
      let interval = Statistics.interval95(given.values)
      expectEqual(interval?.mean, given.expected.mean)
      expectEqual(interval?.low, given.expected.low)
      expectEqual(interval?.high, given.expected.high)
    }
  }

  @Test func pairedTests() {
    for given in reference.pairs {
      let difference = Statistics.pairedDifference(given.values, given.reference)
      expectEqual(difference?.interval.mean, given.expected.mean)
      expectEqual(difference?.interval.low, given.expected.low)
      expectEqual(difference?.interval.high, given.expected.high)
      expectEqual(difference?.p, given.expected.p ?? .nan)
    }
  }

  @Test func holm() {
    for given in reference.holm {
      for (value, expected) in zip(Statistics.holm(given.p), given.expected) {
        expectEqual(value, expected)
      }
    }
    #expect(Statistics.holm([]).isEmpty)
  }

  @Test func signTests() {
    for given in reference.signs {
      expectEqual(Statistics.signTest(given.first, given.second), given.expected)
    }
  }

  @Test("The two-way layout of replicates and samples")
  func crossed() throws {
    for given in reference.crossed {
      let errors = try #require(
        CrossedErrors(samples: given.samples, first: given.first, second: given.second))
      let expected = given.expected
      expectEqual(errors.replicateMeanSquare, expected.ms_seed)
      expectEqual(errors.sampleMeanSquare, expected.ms_sample)
      expectEqual(errors.residualMeanSquare, expected.ms_residual)
      #expect(abs(errors.variance - expected.variance) < 1e-9 * expected.variance)
      expectEqual(errors.degrees, expected.degrees)
      let difference = errors.difference
      expectEqual(difference.interval.mean, expected.mean)
      expectEqual(difference.interval.low, expected.low)
      expectEqual(difference.interval.high, expected.high)
      expectEqual(difference.p, expected.p)
      let residual = errors.residualMeanSquare ?? .nan
      #expect(
        errors.variance * Double(given.samples * given.first.count) >= residual * (1 - 1e-12))
    }
  }
}

@Suite struct CrossedErrorsTests {
  @Test("One sample in each of three replicates is no difference to speak of")
  func oneSample() throws {
    for second in [[[7], [7], [7]], [[7], [8], [9]]] {
      let errors = try #require(
        CrossedErrors(samples: 10_000, first: second, second: [[], [], []]))
      let difference = errors.difference
      #expect(abs(difference.interval.mean - 0.01) < 1e-12)
      #expect(difference.interval.low < 0)
      #expect((difference.p ?? 0) > 0.2)
    }
  }

  @Test("One replicate knows of its samples alone, and has no p-value")
  func oneReplicate() throws {
    let errors = try #require(
      CrossedErrors(samples: 1000, first: [Array(0..<30)], second: [Array(20..<40)]))
    #expect(errors.onlyFirst == 20 && errors.onlySecond == 10)
    #expect(errors.difference.p == nil)
    #expect(abs(errors.difference.interval.mean - 1) < 1e-12)
    // 30 of 1000 differ by one, so the sum varies by nearly the root of 30.
    #expect(abs(errors.difference.interval.halfWidth - 1.9623 * 0.1 * 30.0.squareRoot()) < 0.01)
  }

  @Test func equalClassifiersDoNotDiffer() throws {
    let wrong = [[1, 5], [2], [1, 9]]
    let difference = try #require(
      CrossedErrors(samples: 10, first: wrong, second: wrong)
    ).difference
    #expect(difference.interval == .init(mean: 0, low: 0, high: 0))
    #expect(difference.p == 1)
  }

  @Test func nonsenseIsRefused() {
    #expect(CrossedErrors(samples: 1, first: [[0]], second: [[]]) == nil)
    #expect(CrossedErrors(samples: 5, first: [], second: []) == nil)
    #expect(CrossedErrors(samples: 5, first: [[1]], second: [[1], [2]]) == nil)
    #expect(CrossedErrors(samples: 5, first: [[5]], second: [[1]]) == nil)
    #expect(CrossedErrors(samples: 5, first: [[1]], second: [[-1]]) == nil)
  }
}
