import Networks
import Numerics
import PluginHost
import Testing

/// What is measured while a plan is made is of the network that the plan so far leaves.
@Suite struct PlannedTests {
  /// The exact surgeon asks for an inverse of what it has left, again and again: it must do as one
  /// who applies every step before the next is measured.
  @Test(arguments: [60, 30, 12])
  func theSurgeonSeesWhatItHasLeft(goal: Int) throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(
      StrategyCatalogue().entry(named: "obs"), network, goal: goal,
      parameters: ["method": "exact"])

    var expected = network
    while expected.counts.weights > goal {
      expected = try step(expected, goal: goal)
    }
    #expect(plan.surgery.network.mask == expected.mask)
    for (found, wanted) in zip(plan.surgery.network.values, expected.values) {
      #expect(abs(found - wanted) <= 1e-4 * max(1, abs(wanted)))
    }
  }

  /// Weights without curvature, then a sixteenth by the recurrence as it is written.
  private func step(_ network: Network, goal: Int) throws -> Network {
    let measurements = try Fixtures.measurements(network)
    let live = measurements.livePrunable
    let diagonal = measurements.gaussNewtonDiagonal()
    let silent = live.filter { diagonal[$0] == 0 }.prefix(live.count - goal)
    var gone = Set(silent)
    var weights = live.map { Double(network.values[$0]) }
    let more = min(live.count - gone.count - goal, max(1, live.count / 16))
    if more > 0 {
      let inverse = try measurements.inverseHessian(damping: 1e-2)
      var matrix = inverse.values
      let size = live.count
      for _ in 0..<more {
        let candidates = (0..<size).filter { !gone.contains(live[$0]) }
        let cheapest = candidates.min { a, b in
          weights[a] * weights[a] / matrix[a * (size + 1)]
            < weights[b] * weights[b] / matrix[b * (size + 1)]
        }
        let best = try #require(cheapest)
        let column = (0..<size).map { matrix[$0 * size + best] }
        let factor = weights[best] / column[best]
        for row in 0..<size {
          weights[row] -= factor * column[row]
          for other in 0..<size {
            matrix[row * size + other] -= column[row] * column[other] / column[best]
          }
        }
        gone.insert(live[best])
      }
    }
    var next = network
    for (index, value) in zip(live, weights) {
      next.mask[index] = gone.contains(index) ? 0 : 1
      next.values[index] = gone.contains(index) ? 0 : Float(value)
    }
    return next
  }
}
