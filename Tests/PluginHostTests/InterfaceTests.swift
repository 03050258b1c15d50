import CWorkbench
import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// A plugin built for version 1.0 runs in every later host.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct FrozenInterfaceTests {
  private func entry() throws -> StrategyEntry {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build("frozen", in: folder, source: "ABI/v1.0.c")
      return try StrategyCatalogue(plugins: [library]).entry(named: "frozen-1.0")
    }
  }

  @Test func itsDescriptionIsRead() throws {
    let entry = try entry()
    #expect(entry.options.map(\.name) == ["offset", "order", "note"])
    #expect(entry.options.map(\.initialText) == ["1", "first", "none"])
    #expect(entry.reads == ["parameters", "mask"])
  }

  @Test func itProposes() throws {
    let network = try Fixtures.residual()
    let log = Lines()
    let weights = network.counts.weights
    let plan = try Fixtures.plan(
      entry(), network, goal: weights - 3,
      parameters: ["offset": "2.5", "order": "second", "note": "näher"], log: log)
    #expect(plan.surgery.network.counts.weights == weights - 3)
    #expect(plan.edits.count == 3)
    let block = network.graph.nodes[network.graph.residualSums[0]].name
    #expect(
      log.all == ["v1.0 offset 2.5 choice 1 text näher product 25 random 1 block \(block)"])
  }

  @Test func itActsInTraining() throws {
    let network = try Fixtures.residual()
    let before = network.values
    let instance = try StrategyInstance(
      entry(), random: RandomStream(seed: 1, name: "strategy"))
    let hooks = try #require(instance.hooks(for: network))
    let step = TrainingStep(index: 0, total: 1, learningRate: 0.1, loss: 0)
    var gates: [Float] = [1, 1, 1]
    try hooks.beginStep(step, gates: &gates)
    let parameters = TrainedParameters(network)
    try hooks.endStep(step, parameters: parameters)
    #expect(gates == [0.5, 0.5, 0.5])
    #expect(parameters.network.values == before.map { $0 / 2 })
  }
}

/// The libraries of this repository, where they have been built beside the tests.
struct ProductTests {
  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "lib\(name).so").path)
  }

  @Test(.enabled(if: exists("MagnitudeInC"))) func magnitudeInCDoesAsTheBuiltInOne() throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let network = try Fixtures.perceptron()
    let c = try Fixtures.plan(catalogue.entry(named: "magnitude-c"), network, goal: 40)
    let builtIn = try Fixtures.plan(catalogue.entry(named: "magnitude"), network, goal: 40)
    #expect(c.edits == builtIn.edits)
  }

  @Test(.enabled(if: exists("NetworkTrimming"))) func networkTrimmingRemovesUnits() throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(catalogue.entry(named: "network-trimming"), network, goal: 60)
    #expect(plan.surgery.network.counts.weights <= 60)
  }

  @Test(.enabled(if: exists("FilterFactorization"))) func filterFactorizationReplaces() throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let graph = try Models.leNet5()
    let network = Network(graph: graph).initialized(seed: 1)
    let plan = try Fixtures.plan(
      catalogue.entry(named: "filter-factorization"), network,
      goal: network.counts.weights / 2, parameters: ["rank": "8"])
    #expect(plan.surgery.network.counts.weights < network.counts.weights)
    #expect(
      plan.edits.contains { if case .replace = $0 { true } else { false } })
  }

  /// The blocks train with gates from the start; those that have to go do inside of training, and the
  /// scales are those of the blocks that are left.
  @Test(.enabled(if: exists("StochasticDepth")), arguments: [1.0, 0.99, 0.5])
  func stochasticDepthTrainsAndThenDrops(share: Double) throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let entry = try catalogue.entry(named: "stochastic-depth")
    #expect(entry.course == .sparse)
    let instance = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    let start = try Fixtures.residual(blocks: 2)
    let goal = Int(share * Double(start.counts.weights))
    let period = try ActingPeriod(
      instance, on: start, goal: goal, samples: Fixtures.samples(for: start, count: 16), epochs: 4)
    #expect(period.updates.map(\.step) == (share < 1 ? [nil, 6] : [nil]))
    #expect(period.network.counts.weights <= goal)
    for (update, isLast) in [(period.updates.first, false), (period.updates.last, true)] {
      let network = try #require(update).after
      let scales = network.graph.residualSums.map { network.graph.nodes[$0].operation }
      #expect(share == 1 || !isLast ? scales.count == 6 : (1..<6).contains(scales.count))
      for (block, scale) in scales.enumerated() {
        let survival = 1 - Float(block + 1) / Float(scales.count) * 0.5
        #expect(scale == .residualSum(scale: survival))
      }
    }
  }

  /// The library needs blocks to begin with; that it has dropped them all is another reason.
  @Test(.enabled(if: exists("StochasticDepth"))) func allBlocksGoneIsNoLackOfBlocks() throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let entry = try catalogue.entry(named: "block-pruning")
    let instance = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    var network = try Fixtures.residual()
    let sums = Set(network.graph.residualSums.map { network.graph.nodes[$0].id })
    let outside = network.graph.weightedLayers.reduce(0) { count, place in
      let inBlock = network.graph.nodes[place].block.map { sums.contains($0) } ?? false
      return count + (inBlock ? 0 : network.layout[place]?.weights.count ?? 0)
    }
    func plan(_ index: Int, goal: Int) throws -> Network {
      try instance.plan(
        Round(index: index, total: 4, weightsGoal: goal), network: network,
        measurements: Fixtures.measurements(network)
      ).surgery.network
    }
    network = try plan(0, goal: outside)
    #expect(network.graph.residualSums.isEmpty)
    #expect(try plan(1, goal: outside).counts == network.counts)
    let reason = message { _ = try plan(2, goal: outside - 1) }
    #expect(reason.contains("no residual block is left to drop"), "\(reason)")

    let plain = try Fixtures.perceptron()
    let other = message { _ = try Fixtures.plan(entry, plain, goal: 10) }
    #expect(other.contains("the network has no residual blocks"), "\(other)")
  }

  @Test(.enabled(if: exists("StochasticDepth"))) func stochasticDepthClosesGates() throws {
    let catalogue = try StrategyCatalogue(executableDirectory: Self.folder)
    let network = try Fixtures.residual(blocks: 3)
    let instance = try StrategyInstance(
      catalogue.entry(named: "stochastic-depth"), random: RandomStream(seed: 1, name: "strategy"))
    let hooks = try #require(instance.hooks(for: network))
    var closed = 0
    for index in 0..<100 {
      var gates = [Float](repeating: 1, count: 9)
      let step = TrainingStep(index: index, total: 100, learningRate: 0.1, loss: 0)
      try hooks.beginStep(step, gates: &gates)
      closed += gates.count { $0 == 0 }
    }
    #expect((1..<900).contains(closed))
  }
}
