import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// Budgets over several rounds, by the libraries that change structure, through the whole way.
struct BudgetTests {
  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private struct Step {
    var goal: Int
    var network: Network
  }

  /// Four rounds, each to half of the weights, with the parameters shaken a little in between, as
  /// training would. A strategy that can do no more must say so, which ends them.
  private func rounds(
    _ id: String, _ parameters: [String: String] = [:], on start: Network
  ) throws -> [Step] {
    let instance = try StrategyInstance(
      StrategyCatalogue(executableDirectory: Self.folder).entry(named: id),
      parameters: parameters, random: RandomStream(seed: 1, name: "strategy"))
    var random = RandomStream(seed: 5, name: "training")
    var network = start
    var steps: [Step] = []
    for index in 0..<4 {
      let goal = start.counts.weights >> (index + 1)
      do {
        network = try instance.plan(
          Round(index: index, total: 4, weightsGoal: goal), network: network,
          measurements: Fixtures.measurements(network)
        ).surgery.network
      } catch let failure as StrategyFailure where failure.status == .skipped {
        #expect(failure.reason.contains("the goal is \(goal)"))
        break
      }
      steps.append(Step(goal: goal, network: network))
      for place in network.graph.weightedLayers {
        for index in network.layout[place]?.all ?? 0..<0 where network.mask[index] != 0 {
          network.values[index] *= 1 + 0.01 * Float(random.normal())
        }
      }
    }
    return steps
  }

  private static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "lib\(name).so").path)
  }

  private static let strategies: [(String, [String: String])] = [
    ("network-trimming", [:]), ("network-trimming", ["protect": "0"]),
    ("filter-factorization", [:]), ("filter-factorization", ["form": "small"]),
    ("block-pruning", [:]),
  ]

  @Test(
    .enabled(if: exists("NetworkTrimming") && exists("StochasticDepth")), arguments: strategies)
  func everyRoundMeetsItsGoalOnAResidualNetwork(
    id: String, parameters: [String: String]
  ) throws {
    let start = try Fixtures.residual(blocks: 2)
    var weights = start.counts.weights
    for step in try rounds(id, parameters, on: start) {
      #expect(step.network.counts.weights <= weights)
      #expect(step.network.counts.weights <= step.goal)
      weights = step.network.counts.weights
    }
    // Half of a network is within reach of all of them.
    #expect(weights < start.counts.weights / 4)
  }

  /// A budget between two widths is missed by less than a unit costs.
  @Test(
    .enabled(if: exists("NetworkTrimming") && exists("FilterFactorization")),
    arguments: strategies.dropLast())
  func noRoundTakesMoreThanAUnitTooMany(id: String, parameters: [String: String]) throws {
    var builder = GraphBuilder(input: Shape(1, 12, 12), layout: .spatial)
    builder.add(.convolution(.init(channels: 6, kernel: Extent(5))), name: "conv1")
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 12, kernel: Extent(5))), name: "conv2")
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 40, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: 3, bias: true), name: "fc2")
    let start = Network(graph: try builder.graph()).initialized(seed: 2)
    for step in try rounds(id, parameters, on: start) {
      let weights = step.network.counts.weights
      #expect(weights <= step.goal)
      // The dearest unit is one of conv2: 150 weights into it and 16 · 40 out of it.
      #expect(step.goal - weights < 800, "\(step.network.counts) of \(step.goal)")
    }
  }
}
