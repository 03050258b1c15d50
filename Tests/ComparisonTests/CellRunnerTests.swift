import Comparison
import Datasets
import Networks
import Numerics
import Testing

struct CellRunnerTests {
  private let runner: CellRunner
  private let dense: (result: DenseResult, network: Network)

  init() throws {
    runner = try Self.runner(.tiny("a"))
    dense = try Self.dense(runner)
  }

  private static func runner(_ key: CellKey) throws -> CellRunner {
    let splits = try Benchmark.tiny.splits(seed: key.seed) { throw PlanError("it reads no files") }
    return CellRunner(key: key, benchmark: .tiny, splits: splits)
  }

  private static func dense(
    _ runner: CellRunner
  ) throws -> (result: DenseResult, network: Network) {
    let outcome = try runner.runDense()
    return (try #require(outcome.result.dense), try #require(outcome.network))
  }

  private func run(_ strategy: FakeStrategy) throws -> (CellResult, Network?) {
    let outcome = try runner.run(strategy, from: dense.network, dense: dense.result)
    return (outcome.result, outcome.network)
  }

  @Test func theDenseNetworkLearnsAndRepeats() throws {
    #expect(dense.result.test.error < 0.5)
    #expect(dense.result.counts.weights == 550)
    let again = try Self.dense(runner)
    #expect(again.network == dense.network)
  }

  @Test func theGoalIsKeptExactly() throws {
    let strategy = FakeStrategy(.smallest)
    let (result, network) = try run(strategy)
    #expect(result.status == .done)
    #expect(strategy.goals == [275, 138])
    #expect(result.points.map(\.counts.weights) == [275, 138])
    #expect(result.points.map(\.ratioRequested) == [2, 4])
    #expect(result.points.map(\.ratioAchieved) == [2, 550.0 / 138])
    #expect(network?.counts.weights == 138)
    #expect(result.log == ["round 0", "round 1"])
  }

  @Test func noStrategyIsShownWeightsWithoutEffect() throws {
    let strategy = FakeStrategy(.severing)
    let (result, _) = try run(strategy)
    #expect(result.status == .done)
    // The first round leaves 20 of the 50 units that the output reads, each with 10 inputs.
    #expect(result.points[0].counts.weights == 520)
    #expect(strategy.starts.map(\.counts.weights) == [550, 220])
    #expect(strategy.starts[1].effectiveCounts == strategy.starts[1].counts)
  }

  /// They are no reason to miss a goal: where fewer weights than it have an effect, some stay.
  @Test func weightsWithoutEffectFillAGoal() throws {
    let strategy = FakeStrategy(.severing)
    var key = CellKey.tiny("a")
    key.ratios = [1, 2]
    let outcome = try Self.runner(key).run(
      strategy, from: dense.network, dense: dense.result)
    let (result, network) = (outcome.result, outcome.network)
    #expect(strategy.starts.map(\.counts.weights) == [550, 275])
    #expect(result.points.map(\.counts.weights) == [520, 275])
    #expect(network?.effectiveCounts.weights == 220)
  }

  @Test func theSameCellHasTheSameBits() throws {
    let first = try run(FakeStrategy(.smallest))
    let second = try run(FakeStrategy(.smallest))
    #expect(first.0.withoutTimes == second.0.withoutTimes)
    #expect(first.1 == second.1)
  }

  @Test func everyStrategyStartsFromTheSameAndSeesTheSameBatches() throws {
    let key = CellKey.tiny("quite another strategy")
    let strategies = [FakeStrategy(.none), FakeStrategy(.none)]
    let first = try run(strategies[0])
    let second = try Self.runner(key).run(
      strategies[1], from: dense.network, dense: dense.result)
    #expect(strategies[0].starts == strategies[1].starts)
    #expect(strategies[0].starts[0] == dense.network)
    // Where nothing is pruned, the loss of each mini-batch tells which samples were in it.
    #expect(strategies[0].losses == strategies[1].losses)
    #expect(strategies[0].losses.count == 2 * (94 - 1))
    #expect(strategies[0].measured == strategies[1].measured)
    #expect(first.1 == second.network)
  }

  @Test func everyoneHasTheSameTraining() throws {
    let none = try run(FakeStrategy(.none)).0
    let pruned = try run(FakeStrategy(.smallest)).0
    #expect(none.points.map(\.trainSamples) == [3000, 6000])
    #expect(none.points.map(\.trainSamples) == pruned.points.map(\.trainSamples))
    #expect(none.points.allSatisfy { $0.ratioAchieved == 1 && $0.counts.weights == 550 })
  }

  @Test func theOptimiserKeepsPrunedWeightsAtZero() throws {
    let strategy = FakeStrategy(.smallest)
    let network = try #require(try run(strategy).1)
    let masked = network.mask.indices.filter { network.mask[$0] == 0 }
    #expect(masked.count == 550 - 138)
    #expect(masked.allSatisfy { network.values[$0] == 0 })
  }

  @Test func aFailureKeepsThePointsBeforeIt() throws {
    let (result, network) = try run(FakeStrategy(.failing))
    #expect(result.status == .invalid)
    #expect(result.reason == "it proposed nonsense")
    #expect(result.points.map(\.ratioRequested) == [2])
    #expect(network?.counts.weights == 275)
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    let result = try run(FakeStrategy(.notFinite)).0
    #expect(result.status == .invalid)
    #expect(result.points.isEmpty)
  }

  @Test func trainingThatExplodesHasDiverged() throws {
    let result = try run(FakeStrategy(.exploding)).0
    #expect(result.status == .diverged)
    #expect(result.reason?.contains("diverged") == true)
  }

  @Test func progressRises() throws {
    var runner = runner
    var fractions: [Double] = []
    runner.progress = { fractions.append($0) }
    _ = try runner.run(FakeStrategy(.none), from: dense.network, dense: dense.result)
    #expect(fractions == fractions.sorted())
    #expect(fractions.allSatisfy { 0...1 ~= $0 })
    #expect(fractions.count > 10)
  }

  @Test func theBestStartIsChosenByTraining() throws {
    var benchmark = Benchmark.tiny
    benchmark.recipes.starts = 3
    let splits = runner.splits
    // Other validation and test samples change nothing.
    let shuffled = Splits(
      training: splits.training, validation: splits.test, test: splits.validation)
    let networks = try [splits, shuffled].map { splits in
      try CellRunner(key: .tiny("a"), benchmark: benchmark, splits: splits).runDense().network
    }
    #expect(networks[0] == networks[1])
    let loss = { (network: Network) in
      network.evaluate(on: splits.training, loss: .squaredError, metric: .normalisedSquaredError)
        .score.loss
    }
    #expect(loss(try #require(networks[0])) <= loss(dense.network))
  }
}
