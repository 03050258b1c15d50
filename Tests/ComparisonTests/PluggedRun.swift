import Comparison
import Datasets
import Foundation
import Networks
import PluginHost
import Testing

/// A small cell with its dense network, and strategies of the plugin host to run on it.
struct PluggedRun {
  let runner: CellRunner
  let dense: DenseResult
  let network: Network
  /// Early in its training.
  let early: Network

  init(ratios: [Double] = [2, 4], on benchmark: Benchmark = .tiny) throws {
    var key = CellKey.tiny("a")
    key.ratios = ratios
    let splits = try benchmark.splits(seed: key.seed) { throw PlanError("it reads no files") }
    runner = CellRunner(key: key, benchmark: benchmark, splits: splits)
    let outcome = try runner.runDense()
    dense = try #require(outcome.result.dense)
    network = try #require(outcome.network)
    early = try #require(outcome.early)
  }

  func job(
    _ strategy: String, _ parameters: [String: String] = [:], pluginPath: String? = nil
  ) -> WorkerJob {
    var key = CellKey.tiny(strategy)
    key.parameters = parameters
    return WorkerJob(
      key: key, pluginPath: pluginPath, memoryLimit: nil, output: URL(filePath: "/nowhere"),
      dense: nil)
  }

  func strategy(
    _ id: String, _ parameters: [String: String] = [:]
  ) throws -> any CellStrategy {
    try Worker.pluggedStrategy(job(id, parameters))
  }

  func run(_ strategy: any CellStrategy) throws -> (CellResult, Network?) {
    let outcome = try outcome(of: strategy)
    return (outcome.result, outcome.network)
  }

  func outcome(of strategy: any CellStrategy) throws -> CellOutcome {
    try runner.run(strategy, from: network, dense: dense)
  }
}
