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
    let budgets = Spread.erk.budgets(dimensions, total: total)
    #expect(budgets.reduce(0, +) == total)
    for (found, wanted) in zip(budgets, expected) { #expect(abs(found - wanted) <= 1) }
  }

  @Test(arguments: Spread.allCases, [0, 1, 7, 266, 12_345, 266_199, 266_200])
  func theSumIsExactAndNoLayerOverflows(spread: Spread, total: Int) {
    let sizes = Self.perceptron.map { $0.reduce(1, *) }
    let budgets = spread.budgets(Self.perceptron, total: total)
    #expect(budgets.reduce(0, +) == total)
    #expect(zip(budgets, sizes).allSatisfy { (0...$1).contains($0) })
  }

  @Test func uniformIsTheSameShareOfEveryLayer() {
    #expect(Spread.uniform.budgets(Self.perceptron, total: 26_620) == [23_520, 3_000, 100])
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
}
