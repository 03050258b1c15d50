import Comparison
import Foundation
import Networks
import PluginHost
import TestSupport
import Testing

/// Strategies that grow a network from the seed.
struct GrowthCourseTests {
  private let runner: CellRunner
  private let dense: DenseResult
  private let network: Network

  init() throws {
    let key = CellKey.tiny("a")
    let splits = try Benchmark.tiny.data(key.seed) { throw PlanError("it reads no files") }
    runner = CellRunner(key: key, benchmark: .tiny, splits: splits)
    let (result, network) = try runner.runDense()
    dense = try #require(result.dense)
    self.network = try #require(network)
  }

  private func strategy(_ id: String) throws -> any CellStrategy {
    let key = CellKey.tiny(id)
    return try Worker.pluggedStrategy(
      WorkerJob(
        key: key, pluginPath: nil, memoryLimit: nil, output: URL(filePath: "/nowhere"), dense: nil))
  }

  @Test func theSeedGrowsUpToEachBudget() throws {
    let (result, grown) = try runner.run(
      strategy("random-growth"), from: network, dense: dense)
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.course == .grow)
    // 11 weights a unit: 25 and 12 of them.
    #expect(result.points.map(\.counts.weights) == [275, 132])
    #expect(result.points.map(\.widths) == [[25, 1], [12, 1]])
    #expect(try result.points.map { try #require($0.cost).samples } == [6000, 9000])
    #expect(grown?.graph.inputShape == network.graph.inputShape)
  }

  @Test func theUngrownSeedIsShownAsManySamples() throws {
    let (result, _) = try runner.run(strategy("ungrown"), from: network, dense: dense)
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.points.map(\.counts.weights) == [55, 55])
    #expect(try result.points.map { try #require($0.cost).samples } == [6000, 9000])
  }

  @Test func theSameCellHasTheSameBits() throws {
    let first = try runner.run(strategy("random-growth"), from: network, dense: dense)
    let second = try runner.run(strategy("random-growth"), from: network, dense: dense)
    #expect(first.0.withoutTimes == second.0.withoutTimes)
    #expect(first.1 == second.1)
  }

  @Test func aSeedBeyondTheGoalIsSkippedInWords() throws {
    var key = CellKey.tiny("random-growth")
    key.ratios = [2, 20]
    let splits = try Benchmark.tiny.data(key.seed) { throw PlanError("it reads no files") }
    let runner = CellRunner(key: key, benchmark: .tiny, splits: splits)
    let (result, _) = try runner.run(strategy("random-growth"), from: network, dense: dense)
    #expect(result.status == .skipped)
    #expect(result.reason == "the seed network has 55 weights, and the goal is 28")
    #expect(result.points.count == 1)
  }
}
