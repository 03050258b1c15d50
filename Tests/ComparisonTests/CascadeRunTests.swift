import Comparison
import Datasets
import Foundation
import Networks
import Testing

/// The deep form of cascade correlation on the benchmarks of its paper, with their own training.
struct CascadeRunTests {
  private func benchmark(_ name: String) throws -> Benchmark {
    try #require(Benchmark.catalogue.first { $0.name == name })
  }

  @Test func parityIsLearntByTheOutputWeightsAlone() throws {
    let cell = try PluggedRun(ratios: [2], on: benchmark("parity-4"))
    let strategy = ObservedStrategy(try cell.strategy("cascade-correlation"))
    let (result, network) = try cell.run(strategy)
    #expect(result.status == .done, "\(result.reason ?? "")")
    let point = try #require(result.points.first)
    // 4 direct weights and 5 + 6 + 7 + 8 of units, within 32.
    #expect(point.counts.weights == 30 && point.widths == [1, 1, 1, 1, 1])
    #expect(point.validation.error == 0)
    #expect(strategy.samples.allSatisfy { $0 == 16 })
    // What leads into a unit is the same, bit for bit, from its installation to the end.
    let end = try #require(network)
    #expect(strategy.reached.count == 5)
    for (unit, installed) in strategy.reached.dropFirst().enumerated() {
      #expect(try fanIn(of: unit, in: installed) == fanIn(of: unit, in: end), "unit \(unit)")
      #expect(try fanIn(of: unit, in: installed).contains { $0 != 0 })
    }
    // And what leads out of it is not.
    let (first, last) = (try output(strategy.reached[1]), try output(end))
    #expect(zip(first, last).allSatisfy { $0.0 != $0.1 })
  }

  @Test func theSameCellHasTheSameBits() throws {
    let cell = try PluggedRun(ratios: [2], on: benchmark("parity-4"))
    let first = try cell.run(cell.strategy("cascade-correlation"))
    let second = try cell.run(cell.strategy("cascade-correlation"))
    #expect(first.0.withoutTimes == second.0.withoutTimes)
    #expect(first.1 == second.1)
  }

  /// The whole of both spirals with the 25 units that the paper allows itself: 377 weights, as many as
  /// those of the benchmark's dense network.
  @Test(arguments: 0..<2)
  func theSpiralsAreLearnt(replicate: Int) throws {
    let spirals = try benchmark("two-spirals")
    var key = CellKey.tiny("a", replicate: replicate)
    key.ratios = [1]
    let splits = try spirals.splits(seed: key.seed) { throw PlanError("it reads no files") }
    let cell = CellRunner(key: key, benchmark: spirals, splits: splits)
    let trained = try cell.runDense()
    let job = WorkerJob(
      key: CellKey.tiny("cascade-correlation", replicate: replicate), pluginPath: nil,
      memoryLimit: nil, output: URL(filePath: "/nowhere"), dense: nil)
    let result = try cell.run(
      Worker.pluggedStrategy(job), from: #require(trained.network),
      dense: #require(trained.result.dense)
    ).result
    let point = try #require(result.points.first)
    #expect(point.widths == [Int](repeating: 1, count: 26))
    #expect(point.validation.error == 0, "\(point.validation)")
  }

  private func fanIn(of unit: Int, in network: Network) throws -> [Float] {
    let slot = try #require(network.layout[network.graph.weightedLayers[unit]])
    return Array(network.values[slot.all])
  }

  /// The output's weights of the inputs and of the first unit.
  private func output(_ network: Network) throws -> [Float] {
    let place = try #require(network.graph.weightedLayers.last)
    let slot = try #require(network.layout[place])
    return Array(network.values[slot.weights.prefix(5)])
  }
}
