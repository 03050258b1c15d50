import Numerics
import Testing

@Suite struct RandomStreamTests {
  @Test func sameSeedAndNameGiveTheSameNumbers() {
    var first = RandomStream(seed: 3, name: "weights")
    var second = RandomStream(seed: 3, name: "weights")
    for _ in 0..<100 { #expect(first.next() == second.next()) }
  }

  @Test func streamsOfOtherNamesAndSeedsDiffer() {
    var reference = RandomStream(seed: 3, name: "weights")
    let values = (0..<8).map { _ in reference.next() }
    for var other in [
      RandomStream(seed: 3, name: "weight"), RandomStream(seed: 4, name: "weights"),
      RandomStream(seed: 3, name: ""),
    ] {
      #expect((0..<8).map { _ in other.next() } != values)
    }
  }

  @Test func numbersNeverChangeBetweenReleases() {
    // Whoever changes these numbers changes every published result.
    var random = RandomStream(seed: 1, name: "golden")
    #expect((0..<3).map { _ in random.next() } == Self.golden)
  }

  private static let golden: [UInt64] = [
    1_133_341_388_166_874_614, 10_573_295_835_203_909_205, 17_408_802_519_861_206_546,
  ]

  @Test func uniformFillsTheUnitIntervalEvenly() {
    var random = RandomStream(seed: 5, name: "uniform")
    var bins = [Int](repeating: 0, count: 10)
    for _ in 0..<20_000 {
      let value = random.uniform()
      #expect(value >= 0 && value < 1)
      bins[Int(value * 10)] += 1
    }
    // Expected 2,000 a bin, standard deviation 42.
    #expect(bins.allSatisfy { abs($0 - 2_000) < 220 })
  }

  @Test func uniformStaysInItsRange() {
    var random = RandomStream(seed: 5, name: "range")
    for _ in 0..<1_000 {
      let value = random.uniform(in: -2..<3)
      #expect(value >= -2 && value < 3)
    }
  }

  @Test func normalHasTheMomentsOfANormal() {
    var random = RandomStream(seed: 6, name: "normal")
    let values = (0..<40_000).map { _ in random.normal() }
    func moment(_ power: Int) -> Double {
      values.map { value in (0..<power).reduce(1) { product, _ in product * value } }
        .reduce(0, +) / Double(values.count)
    }
    #expect(abs(moment(1)) < 0.03)
    #expect(abs(moment(2) - 1) < 0.04)
    #expect(abs(moment(3)) < 0.08)
    #expect(abs(moment(4) - 3) < 0.2)
  }

  @Test func indexReachesEveryValueBelowItsBound() {
    var random = RandomStream(seed: 8, name: "index")
    var seen = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { seen[random.index(below: 7)] += 1 }
    #expect(seen.allSatisfy { abs($0 - 1_000) < 160 })
    #expect(random.index(below: 1) == 0)
  }

  @Test(arguments: [0, 1, 2, 50])
  func permutationHoldsEveryIndexOnce(count: Int) {
    var random = RandomStream(seed: 9, name: "permutation")
    let order = random.permutation(count)
    #expect(order.sorted() == (0..<count).map(Int32.init))
  }

  @Test func permutationsDifferFromDrawToDraw() {
    var random = RandomStream(seed: 9, name: "permutation")
    #expect(random.permutation(50) != random.permutation(50))
  }
}
