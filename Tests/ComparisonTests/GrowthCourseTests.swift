import Comparison
import Foundation
import Networks
import PluginHost
import Testing

/// Strategies that grow a network from the seed.
struct GrowthCourseTests {
  private let cell: PluggedRun

  init() throws { cell = try PluggedRun() }

  @Test func theSeedGrowsUpToEachBudget() throws {
    let (result, grown) = try cell.run(cell.strategy("random-growth"))
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.course == .grow)
    // 11 weights a unit: 25 and 12 of them.
    #expect(result.points.map(\.counts.weights) == [275, 132])
    #expect(result.points.map(\.widths) == [[25, 1], [12, 1]])
    #expect(try result.points.map { try #require($0.cost).samples } == [6000, 9000])
    #expect(grown?.graph.inputShape == cell.network.graph.inputShape)
  }

  @Test func theUngrownSeedIsShownAsManySamples() throws {
    let (result, _) = try cell.run(cell.strategy("ungrown"))
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.points.map(\.counts.weights) == [55, 55])
    #expect(try result.points.map { try #require($0.cost).samples } == [6000, 9000])
  }

  @Test func theSameCellHasTheSameBits() throws {
    let first = try cell.run(cell.strategy("random-growth"))
    let second = try cell.run(cell.strategy("random-growth"))
    #expect(first.0.withoutTimes == second.0.withoutTimes)
    #expect(first.1 == second.1)
  }

  @Test func aSeedBeyondTheGoalIsSkippedInWords() throws {
    let cell = try PluggedRun(ratios: [2, 20])
    let (result, _) = try cell.run(cell.strategy("random-growth"))
    #expect(result.status == .skipped)
    #expect(result.reason == "the seed network has 55 weights, and the goal is 28")
    #expect(result.points.count == 1)
  }

  /// A size of its own stands under every ratio that was asked for, after one run.
  @Test func aFreeStrategyRunsOnce() throws {
    let strategy = FreeStrategy()
    let (result, network) = try cell.run(strategy)
    #expect(result.status == .done && result.course == .free)
    #expect(strategy.goals == [550])
    #expect(result.points.map(\.ratioRequested) == [2, 4])
    #expect(result.points.map(\.counts.weights) == [55, 55])
    #expect(try result.points.map { try #require($0.cost).samples } == [9000, 9000])
    #expect(network?.counts.weights == 55)
  }
}

/// Leaves the seed network as it is.
private final class FreeStrategy: CellStrategy {
  private(set) var goals: [Int] = []
  var log: [String] { [] }
  var course: StrategyEntry.Course { .free }

  func hooks(for network: Network) -> (any TrainingHooks)? { nil }

  func change(_ task: RoundTask) throws -> RoundOutcome {
    goals.append(task.round.weightsGoal)
    let places = (0..<Int32(task.network.layout.count)).map { $0 }
    return RoundOutcome(
      surgery: Surgery(network: task.network, origin: places), scoreSeconds: 0)
  }
}
