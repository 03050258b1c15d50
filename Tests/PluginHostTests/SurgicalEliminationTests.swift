import Numerics
import PluginHost
import Strategies
import StrategyKit
import Testing

/// The surgeon's elimination, whose updates are collected and whose inverse is kept by halves, against the
/// recurrence as it is written: every removal brings the whole inverse up to date.
@Suite struct SurgicalEliminationTests {
  @Test(arguments: [(40, 40), (600, 560)])
  func agreesWithRankOneUpdates(size: Int, removals: Int) throws {
    var random = RandomStream(seed: 3, name: "elimination")
    let rows = 2 * size
    let samples = (0..<rows * size).map { _ in random.normal() }
    var moment = [Double](repeating: 0, count: size * size)
    try Numerics.LinearAlgebra.multiply(
      transposeA: true, m: size, n: size, k: rows, alpha: 1 / Double(rows), samples, samples,
      into: &moment)
    try Numerics.LinearAlgebra.invertPositiveDefinite(n: size, &moment)
    let weights = (0..<size).map { _ in random.normal() }
    // Every seventh is adjusted alone.
    let isCandidate = (0..<size).map { $0 % 7 != 3 || removals == size }

    var elimination = SurgicalElimination(
      inverse: try StrategyKit.Matrix(rows: size, columns: size, values: moment), weights: weights,
      isCandidate: isCandidate, algebra: .host)
    var plain = Recurrence(inverse: moment, weights: weights, isCandidate: isCandidate)
    for step in 0..<removals {
      let (found, expected) = (try elimination.removeCheapest(), plain.removeCheapest())
      guard let found, let expected else {
        #expect(found == nil && expected == nil)
        break
      }
      try #require(found.position == expected.position, "step \(step)")
      #expect(abs(found.loss - expected.loss) <= 1e-8 * max(expected.loss, 1e-3))
    }
    for (position, weight) in elimination.survivors {
      #expect(abs(weight - plain.weights[position]) <= 1e-8 * max(1, abs(weight)))
    }
  }

  private struct Recurrence {
    var inverse: [Double]
    var weights: [Double]
    var isCandidate: [Bool]

    mutating func removeCheapest() -> (position: Int, loss: Double)? {
      let size = weights.count
      var best: (position: Int, loss: Double)?
      for index in 0..<size where isCandidate[index] {
        let loss = weights[index] * weights[index] / (2 * inverse[index * (size + 1)])
        if loss < best?.loss ?? .infinity { best = (index, loss) }
      }
      guard let best else { return nil }
      let column = (0..<size).map { inverse[$0 * size + best.position] }
      let pivot = column[best.position]
      let factor = weights[best.position] / pivot
      for row in 0..<size {
        weights[row] -= factor * column[row]
        let share = column[row] / pivot
        for other in 0..<size { inverse[row * size + other] -= share * column[other] }
      }
      isCandidate[best.position] = false
      // What rounding leaves of a removed row must not come back.
      weights[best.position] = 0
      for row in 0..<size {
        inverse[row * size + best.position] = 0
        inverse[best.position * size + row] = 0
      }
      return best
    }
  }
}
