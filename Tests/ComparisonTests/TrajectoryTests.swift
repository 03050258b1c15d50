import Comparison
import Testing

struct TrajectoryTests {
  private let grid = RoundGrid([2, 3, 4, 6, 8])

  private func rounds(_ ratios: [Double], dense: Int = 1000) -> [Trajectory.Round] {
    Trajectory(dense: dense, ratios: ratios, grid: grid).rounds
  }

  @Test func theGridIsPassedOnTheWayToTheLargestRatio() {
    let rounds = rounds([4])
    #expect(rounds.map(\.weightsGoal) == [500, 333, 250])
    #expect(rounds.map(\.reported) == [nil, nil, 4])
  }

  @Test func aRatioOffTheGridIsARoundMore() {
    let rounds = rounds([2, 5])
    #expect(rounds.map(\.weightsGoal) == [500, 333, 250, 200])
    #expect(rounds.map(\.reported) == [2, nil, nil, 5])
  }

  /// What makes results comparable between comparisons that asked for different ratios.
  @Test(arguments: [2.0, 3, 4, 6, 8, 12, 16])
  func roundsToARatioDoNotDependOnTheOthersAskedFor(_ ratio: Double) throws {
    // 8 · 8/6 and its successors: the grid goes on by its last step.
    let onGrid = [2.0, 3, 4, 6, 8, 8 * 8 / 6.0, 128 * 8 / 72.0]
    let goal = Benchmark.weightsGoal(dense: 1000, ratio: ratio)
    func passed(_ asked: [Double]) -> [Int] {
      rounds(asked).map(\.weightsGoal).filter { $0 >= goal }
    }
    let alone = passed([16])
    for number in 1..<(1 << onGrid.count) {
      let asked = onGrid.indices.filter { number & (1 << $0) != 0 }.map { onGrid[$0] }
      #expect(passed(asked + [16]) == alone)
    }
  }

  @Test func theGridGoesOnByItsLastStep() {
    let beyond = grid.ratios(below: 20)
    #expect(beyond.prefix(5) == [2, 3, 4, 6, 8])
    #expect(beyond.count == 8)
    for (ratio, right) in zip(beyond.dropFirst(5), [10.6667, 14.2222, 18.9630]) {
      #expect(abs(ratio - right) < 1e-3)
    }
    #expect(grid.ratios(below: 8) == [2, 3, 4, 6])
    // The limit itself is asked for, and no round before it.
    #expect(grid.ratios(below: 128 / 9.0).count == 6)
    #expect(RoundGrid([2]).ratios(below: 10) == [2, 4, 8])
  }

  @Test func sizesThatRoundToTheSameWeightsAreOneRound() {
    // 10/3 and 10/4 both leave 3 of 10; 10/6 and 10/7 both 2 and 1.
    #expect(rounds([8], dense: 10).map(\.weightsGoal) == [5, 3, 2, 1])
    // A grid point that rounds to what is asked for gives way to it.
    let asked = rounds([3.1], dense: 10)
    #expect(asked.map(\.weightsGoal) == [5, 3])
    #expect(asked.map(\.reported) == [nil, 3.1])
    // However far the ratio, sizes end at one weight.
    #expect(rounds([1e6], dense: 10).map(\.weightsGoal) == [5, 3, 2, 1])
  }

  @Test func everyRatioAskedForIsReportedOnceAndInOrder() {
    let asked = [1, 1.0001, 3, 3.0001, 7, 9]
    #expect(rounds(asked, dense: 50).compactMap(\.reported) == asked)
    #expect(rounds([1]).map(\.weightsGoal) == [1000])
  }

  @Test(arguments: Benchmark.catalogue)
  func stepsOfTheBenchmarksAreSmallWhereItMatters(_ benchmark: Benchmark) {
    let ratios = benchmark.rounds.ratios
    for (before, after) in zip(ratios, ratios.dropFirst()) where before >= 12 {
      // MONK's last weights cannot be cut finer than one at a time.
      #expect(after / before <= 1.3 || benchmark.prunesBiases)
    }
  }

  @Test func goalsAreRoundedAndNeverZero() {
    #expect(Benchmark.weightsGoal(dense: 266_200, ratio: 12) == 22_183)
    #expect(Benchmark.weightsGoal(dense: 10, ratio: 4) == 3)
    #expect(Benchmark.weightsGoal(dense: 10, ratio: 1000) == 1)
  }
}
