import Strategies
import Testing

/// The proximal steps of whole groups, against their definition.
struct GroupNormTests {
  private func value(_ u: [Float], _ norm: GroupNorm) -> Double {
    switch norm {
    case .euclidean: u.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    case .maximum: u.reduce(0) { max($0, Double(abs($1))) }
    }
  }

  private func objective(_ u: [Float], _ v: [Float], _ amount: Double, _ norm: GroupNorm) -> Double
  {
    let distance = zip(u, v).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    return distance / 2 + amount * value(u, norm)
  }

  /// Every point of a grid over the square in which the minimum must lie.
  @Test(arguments: GroupNorm.allCases, 0..<12)
  func nothingOnAGridIsBetter(norm: GroupNorm, seed: Int) {
    var random = SplitMix(state: UInt64(500 + seed))
    let v = (0..<2).map { _ in Float.random(in: -1...1, using: &random) }
    let amount = Double.random(in: 0.01...1.2, using: &random)
    var step = v
    norm.shrink(&step, by: amount)
    var (best, least) = ([Float](), Double.infinity)
    for row in -200...200 {
      for column in -200...200 {
        let u = [Float(row) / 200, Float(column) / 200]
        let found = objective(u, v, amount, norm)
        if found < least { (best, least) = (u, found) }
      }
    }
    #expect(objective(step, v, amount, norm) <= least + 1e-9)
    #expect(zip(best, step).allSatisfy { abs($0 - $1) < 0.01 })
  }

  /// v − u is a subgradient of amount · ‖·‖ at u: as long as amount by the dual norm, and in the
  /// direction in which u is.
  @Test(arguments: GroupNorm.allCases, [1, 2, 5, 100, 785])
  func whatGoesIsASubgradient(norm: GroupNorm, count: Int) {
    var random = SplitMix(state: UInt64(count))
    for share in [0.01, 0.3, 0.99] {
      let v = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
      let amount = share * norm.size(of: v)
      var u = v
      norm.shrink(&u, by: amount)
      let gone = zip(v, u).map { $0 - $1 }
      #expect(abs(norm.size(of: gone) - amount) < 1e-4 * norm.size(of: v))
      #expect(abs(norm.size(of: u) - (norm.size(of: v) - amount)) < 1e-4 * norm.size(of: v))
      let along = zip(gone, u).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(along - amount * value(u, norm)) < 1e-4 * norm.size(of: v))
    }
  }

  @Test(arguments: GroupNorm.allCases)
  func aSmallGroupIsExactlyZero(norm: GroupNorm) {
    var v: [Float] = [0.1, -0.2, 0.05]
    let size = norm.size(of: v)
    norm.shrink(&v, by: size)
    #expect(v == [0, 0, 0])
    norm.shrink(&v, by: 0)
    #expect(v == [0, 0, 0])
  }

  /// Ties at the top, and heights below zero on the way to the root.
  @Test func equalWeightsAreCutToOneHeight() {
    var v: [Float] = [1, -1, 1, 0.1]
    GroupNorm.maximum.shrink(&v, by: 2)
    let third: Float = 1.0 / 3
    let expected: [Float] = [third, -third, third, 0.1]
    for (found, wanted) in zip(v, expected) { #expect(abs(found - wanted) < 1e-6) }
  }
}
