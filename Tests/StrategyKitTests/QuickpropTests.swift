import Strategies
import Testing

/// Steps worked out by hand from Fahlman's rule.
struct QuickpropTests {
  private let rule = Quickprop(growth: 2)

  private func step(_ slope: Double, _ previous: Double, _ last: Double, rate: Double = 0.5)
    -> Double
  {
    rule.step(slope: slope, previous: previous, last: last, rate: rate)
  }

  @Test func theFirstStepGoesDownTheSlope() {
    #expect(step(3, 0, 0) == -1.5)
    #expect(step(-3, 0, 0) == 1.5)
  }

  @Test func aParabolaLeadsToItsLowestPoint() {
    // s = 1 is below ⅔ of 2: −ε · 1, and −1 · 1 / (2 − 1).
    #expect(step(1, 2, -1) == -0.5 - 1)
    #expect(step(-1, -2, 1) == 0.5 + 1)
    // Behind the lowest point the slope has turned, and the slope itself moves nothing.
    #expect(step(-1, 2, -1) == 1.0 / 3)
    #expect(step(1, -2, 1) == -1.0 / 3)
  }

  @Test func aFarPointIsApproachedByTwiceTheLastStep() {
    // s = 1.5 is beyond ⅔ of 2.
    #expect(step(1.5, 2, -1) == -1.5 * 0.5 - 2)
    #expect(step(-1.5, -2, 1) == 1.5 * 0.5 + 2)
  }

  @Test func equalSlopesHaveNoParabola() {
    #expect(step(0, 0, -1) == -2)
    #expect(step(-1, -1, -1) == -2)
    #expect(step(2, 2, 1).isFinite)
  }

  @Test func aParabolaIsSolvedInTwoSteps() {
    // (w − 3)² / 2 from 0.
    var (weight, last, previous) = (0.0, 0.0, 0.0)
    for _ in 0..<2 {
      let slope = weight - 3
      last = rule.step(slope: slope, previous: previous, last: last, rate: 0.5)
      previous = slope
      weight += last
    }
    // 1.5 down the slope, then to the lowest point and the slope's own 0.75 beyond it.
    #expect(weight == 3 + 0.75)
  }
}
