import Strategies
import Testing

/// How many weights layers have at the start, against published densities.
struct SpreadTests {
  private static let perceptron = [[300, 784, 1, 1], [100, 300, 1, 1], [10, 100, 1, 1]]
  private static let convolutional = [
    [20, 1, 5, 5], [50, 20, 5, 5], [500, 800, 1, 1], [10, 500, 1, 1],
  ]

  /// Erdős–Rényi with kernels, as the reference code of RigL computes it.
  @Test(arguments: [
    (perceptron, 0.2, [38_159, 14_081, 1_000]), (perceptron, 0.1, [18_714, 6_906, 1_000]),
    (perceptron, 0.05, [9_051, 3_340, 919]), (perceptron, 0.02, [3_621, 1_336, 367]),
    (convolutional, 0.1, [500, 2_177, 35_373, 5_000]),
    (convolutional, 0.05, [363, 937, 15_225, 5_000]),
    (convolutional, 0.02, [139, 359, 5_827, 2_286]),
  ])
  func kernelsAreThoseOfRigL(dimensions: [[Int]], density: Double, expected: [Int]) {
    let sizes = dimensions.map { $0.reduce(1, *) }
    let total = Int((density * Double(sizes.reduce(0, +))).rounded())
    let budgets = Spread.erk.budgets(dimensions.map { .init(sides: $0) }, total: total)
    #expect(budgets.reduce(0, +) == total)
    for (found, wanted) in zip(budgets, expected) { #expect(abs(found - wanted) <= 1) }
  }

  @Test(arguments: Spread.allCases, [0, 1, 7, 266, 12_345, 266_199, 266_200])
  func theSumIsExactAndNoLayerOverflows(spread: Spread, total: Int) {
    let sizes = Self.perceptron.map { $0.reduce(1, *) }
    let budgets = spread.budgets(Self.perceptron.map { .init(sides: $0) }, total: total)
    #expect(budgets.reduce(0, +) == total)
    #expect(zip(budgets, sizes).allSatisfy { (0...$1).contains($0) })
  }

  @Test func uniformIsTheSameShareOfEveryLayer() {
    let parts = Self.perceptron.map { Spread.Part(sides: $0) }
    #expect(Spread.uniform.budgets(parts, total: 26_620) == [23_520, 3_000, 100])
  }

  /// A layer's size is all that counts, its density still that of the sides.
  @Test func prunableBiasesCount() {
    let parts = [
      Spread.Part(sides: [3, 17, 1, 1], size: 54), Spread.Part(sides: [1, 3, 1, 1], size: 4),
    ]
    #expect(Spread.uniform.budgets(parts, total: 58) == [54, 4])
    #expect(Spread.uniform.budgets(parts, total: 29) == [27, 2])
    // 20 / 51 · 54 = 21.2 to one of 4 / 3 · 4 = 5.3, but the second has no more than 4.
    #expect(Spread.er.budgets(parts, total: 29) == [25, 4])
    #expect(Spread.er.budgets(parts, total: 15) == [12, 3])
  }

  @Test func whoIsBeyondABoundGetsIt() {
    let sides = [[10, 10, 1, 1], [10, 10, 1, 1], [10, 10, 1, 1]]
    let bounds = [0...5, 30...100, 0...100]
    let parts = zip(sides, bounds).map { Spread.Part(sides: $0, bounds: $1) }
    #expect(Spread.uniform.budgets(parts, total: 45) == [5, 30, 10])
    #expect(Spread.uniform.budgets(parts, total: 75) == [5, 35, 35])
    #expect(Spread.uniform.budgets(parts, total: 30) == [0, 30, 0])
    #expect(Spread.uniform.budgets(parts, total: 205) == [5, 100, 100])
  }

  /// Against the factor as halving intervals finds it, over layers and bounds of all kinds.
  @Test(arguments: Spread.allCases, 0..<40)
  func sharesAreThoseOfOneFactor(spread: Spread, seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    var parts: [Spread.Part] = []
    var raw: [Double] = []
    var bounds: [ClosedRange<Int>] = []
    for _ in 0..<Int.random(in: 1...9, using: &random) {
      let kernel = [1, 1, 3, 5].randomElement(using: &random) ?? 1
      let sides = [
        Int.random(in: 1...60, using: &random), Int.random(in: 1...60, using: &random), kernel,
        kernel,
      ]
      let size = sides.reduce(1, *) + (Bool.random(using: &random) ? sides[0] : 0)
      let most = Bool.random(using: &random) ? size : Int.random(in: 0...size, using: &random)
      bounds.append(Int.random(in: 0...min(most, 30), using: &random)...most)
      parts.append(.init(sides: sides, size: size, bounds: bounds[bounds.count - 1]))
      let ratio = { (sides: [Int]) in
        Double(sides.reduce(0, +)) / Double(sides.reduce(1, *))
      }
      let density =
        switch spread {
        case .uniform: 1.0
        case .er: ratio([sides[0], sides[1]])
        case .erk: kernel > 1 ? ratio(sides) : ratio([sides[0], sides[1]])
        }
      raw.append(density * Double(size))
    }
    let least = bounds.reduce(0) { $0 + $1.lowerBound }
    let total = Int.random(in: least...bounds.reduce(0) { $0 + $1.upperBound }, using: &random)
    func shares(_ factor: Double) -> [Double] {
      zip(raw, bounds).map {
        min(Double($1.upperBound), max(Double($1.lowerBound), factor * $0))
      }
    }
    var (low, high) = (0.0, 1e6)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if shares(middle).reduce(0, +) <= Double(total) { low = middle } else { high = middle }
    }
    let budgets = spread.budgets(parts, total: total)
    #expect(budgets.reduce(0, +) == total)
    for (index, share) in shares(low).enumerated() {
      #expect(bounds[index].contains(budgets[index]))
      #expect(abs(Double(budgets[index]) - share) < 1 + 1e-6, "\(budgets) \(shares(low))")
    }
  }
}

/// The least of many, without a sort.
struct SelectionTests {
  @Test(arguments: [0, 1, 2, 499, 999, 1000, 1001])
  func theyAreThoseOfASort(count: Int) {
    var random = SplitMix(state: 7)
    // Few different keys, so that ties are decided by position.
    let keys = (0..<1000).map { _ in Float(Int.random(in: -5...5, using: &random)) }
    let positions = keys.indices.filter { $0 % 3 != 1 }
    let sorted = positions.sorted { (keys[$0], $0) < (keys[$1], $1) }
    #expect(
      smallest(count, of: positions) { keys[$0] }.sorted() == sorted.prefix(count).sorted())
  }

  /// Few of many, where a sample says at which keys to look, and where it misleads.
  @Test(arguments: [0, 1, 30, 2000, 19_999, 20_000, 40_000])
  func theyAreThoseOfASortAmongMany(count: Int) {
    let end = 40_000
    let belongs = { (position: Int) in position % 2 == 0 }
    var random = SplitMix(state: 3)
    let plain = (0..<end).map { _ in Float.random(in: -1...1, using: &random) }
    let tied = (0..<end).map { _ in Float(Int.random(in: -3...3, using: &random)) }
    // Those that a sample of every ninth position meets, beginning with the fifth, are least.
    let misleading = (0..<end).map { $0 % 9 == 4 ? -Float($0) : Float($0) }
    let infinite = (0..<end).map { $0 % 4 == 0 ? -Float.infinity : Float.infinity }
    for keys in [plain, tied, misleading, infinite] {
      let sorted = (0..<end).filter(belongs).sorted { (keys[$0], $0) < (keys[$1], $1) }
      let found = smallest(count, below: end, by: { keys[$0] }, where: belongs)
      #expect(found.sorted() == sorted.prefix(count).sorted())
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1000])
  func positionsAndChanges(count: Int) {
    var random = SplitMix(state: UInt64(count))
    for share in [0, 0.02, 0.5, 1] {
      let before = (0..<count).map { _ in Double.random(in: 0..<1, using: &random) < share }
      let after = before.map { $0 != (Double.random(in: 0..<1, using: &random) < 0.1) }
      #expect(before.trueCount == before.filter { $0 }.count)
      for value in [true, false] {
        #expect(before.positions(of: value) == before.indices.filter { before[$0] == value })
      }
      let changes = before.changes(to: after)
      #expect(changes.gone == before.indices.filter { before[$0] && !after[$0] })
      #expect(changes.come == before.indices.filter { !before[$0] && after[$0] })
    }
  }
}
