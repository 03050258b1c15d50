import Foundation
import Numerics
import Testing

@Suite struct StatisticsTests {
  @Test(
    "Student's quantile has the tabled values",
    arguments: [
      (0.975, 1.0, 12.7062047), (0.975, 2, 4.30265273), (0.975, 4, 2.77644511),
      (0.975, 9, 2.26215716), (0.975, 30, 2.04227246), (0.95, 5, 2.01504837),
      (0.995, 3, 5.84090931), (0.9995, 10, 4.58689386), (0.75, 1, 1.0), (0.9, 120, 1.28864610),
    ])
  func studentQuantile(probability: Double, degrees: Double, expected: Double) {
    #expect(abs(Statistics.studentQuantile(probability, degrees: degrees) - expected) < 1e-6)
    #expect(abs(Statistics.studentQuantile(1 - probability, degrees: degrees) + expected) < 1e-6)
  }

  @Test func quantileApproachesTheNormal() {
    #expect(abs(Statistics.studentQuantile(0.975, degrees: 1e7) - 1.959964) < 1e-5)
    #expect(abs(Statistics.studentQuantile(0.5, degrees: 3)) < 1e-12)
  }

  @Test func quantileOfNonsenseIsNotANumber() {
    for (probability, degrees) in [(0.0, 3.0), (1, 3), (-1, 3), (.nan, 3), (0.9, 0), (0.9, -1)] {
      #expect(Statistics.studentQuantile(probability, degrees: degrees).isNaN)
    }
  }

  @Test("The incomplete beta function agrees with its closed forms")
  func incompleteBeta() {
    for x in stride(from: 0.0, through: 1.0, by: 0.05) {
      #expect(abs(Statistics.incompleteBeta(x, 1, 1) - x) < 1e-14)
      #expect(abs(Statistics.incompleteBeta(x, 3, 1) - x * x * x) < 1e-14)
      #expect(abs(Statistics.incompleteBeta(x, 1, 4) - (1 - pow(1 - x, 4))) < 1e-14)
      let arcsine = 2 / Double.pi * asin(x.squareRoot())
      #expect(abs(Statistics.incompleteBeta(x, 0.5, 0.5) - arcsine) < 1e-12)
    }
  }

  @Test func meanDeviationQuartile() throws {
    #expect(Statistics.mean([]) == nil)
    #expect(Statistics.mean([2, 4, 9]) == 5)
    #expect(Statistics.standardDeviation([3]) == nil)
    let deviation = try #require(Statistics.standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(abs(deviation - (32.0 / 7).squareRoot()) < 1e-14)
    #expect(Statistics.lowerQuartile([]) == nil)
    #expect(Statistics.lowerQuartile([3]) == 3)
    #expect(Statistics.lowerQuartile([9, 1, 5, 7]) == 1)
    #expect(Statistics.lowerQuartile([9, 1, 5, 7, 3]) == 3)
  }

  @Test func intervalOfTheMean() throws {
    #expect(Statistics.interval95([]) == nil)
    #expect(Statistics.interval95([1.5]) == nil)
    let interval = try #require(Statistics.interval95([1, 2, 3]))
    #expect(interval.mean == 2)
    // t(0.975; 2) / sqrt 3
    #expect(abs(interval.halfWidth - 4.30265273 / 3.0.squareRoot()) < 1e-6)
    let same = try #require(Statistics.interval95([4, 4, 4, 4]))
    #expect(same.low == 4 && same.high == 4)
  }

  @Test("Pairs that move together have a narrow interval of their difference")
  func pairedDifference() throws {
    let reference = [10.0, 20, 30, 40]
    let difference = try #require(
      Statistics.pairedDifference([11, 21.1, 30.9, 41], reference))
    #expect(abs(difference.interval.mean - 1) < 1e-12)
    #expect(difference.interval.halfWidth < 0.2)
    #expect(Statistics.pairedDifference([1, 2], [1, 2, 3]) == nil)
    #expect(Statistics.pairedDifference([1], [1]) == nil)
    #expect(Statistics.pairedDifference([1, 2], [1, 2])?.p == 1)
  }
}
