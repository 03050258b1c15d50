import Networks
import Numerics
import PluginHost
import TestSupport
import Testing

/// Blocks that come one after another, and change nothing at first.
@Suite struct DepthGrowthTests {
  private func grow(
    _ start: Network, goal: Int, parameters: [String: String]
  ) throws -> [Network] {
    let instance = try StrategyInstance(
      StrategyCatalogue().entry(named: "depth-growth"),
      parameters: parameters.merging(["stages": "3"]) { $1 },
      random: RandomStream(seed: 3, name: "strategy"))
    let points = try #require(
      try instance.updatePoints(
        of: PeriodOutline(index: 0, total: 1, steps: 4000, stepsPerEpoch: 100, weightsGoal: goal),
        in: start))
    var networks = [start]
    var step = 0
    while let next = points.next(after: step) {
      let network = networks[networks.count - 1]
      let plan = try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: goal,
          step: TrainingStep(index: next, total: 4000, learningRate: 0.1, loss: 1)),
        network: network, measurements: try Fixtures.measurements(network))
      #expect(plan.prediction == (plan.edits.isEmpty ? nil : 0))
      networks.append(plan.surgery.network)
      step = next
    }
    return networks
  }

  private func expectTheSame(_ networks: [Network]) {
    let inputs = RandomNetwork.inputs(for: networks[0], count: 2, seed: 7)
    let expected = inputs.flatMap { ReferenceForward(networks[0]).output($0) }
    let scale = max(1, expected.map { abs($0) }.max() ?? 0)
    for network in networks.dropFirst() {
      let outputs = inputs.flatMap { ReferenceForward(network).output($0) }
      let distance = zip(outputs, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-5 * scale)
    }
  }

  private func blocks(_ network: Network) -> [String] {
    network.graph.nodes.filter {
      $0.operation.residualSum != nil
    }.map(\.name)
  }

  /// Of the parameters that came in a plan some have a gradient, though all begin as nothing.
  private func expectGradients(_ networks: [Network]) throws {
    for (before, after) in zip(networks, networks.dropFirst())
    where blocks(after).count > blocks(before).count {
      let gradient = try Fixtures.measurements(after).gradient()
      for slot in after.layout.slots {
        let node = after.graph.nodes[slot.place]
        guard node.id >= before.graph.nextID, slot.all.allSatisfy({ after.values[$0] == 0 })
        else { continue }
        #expect(slot.all.contains { gradient[$0] != 0 }, "\(node.name)")
      }
    }
  }

  private static let triggers = ["every", "plateau"]

  @Test(arguments: triggers)
  func residualNetworksGetBlocksInTurn(_ trigger: String) throws {
    let start = try Fixtures.residual(blocks: 1)
    let goal = 3 * start.counts.weights
    let networks = try grow(start, goal: goal, parameters: ["blocks": "3", "trigger": trigger])
    expectTheSame(networks)
    try expectGradients(networks)
    let last = networks[networks.count - 1]
    // One in the third stage would be beyond the goal by then, so that the first has its turn again.
    #expect(
      blocks(last) == [
        "block1.1", "block1.1.block2", "block1.1.block1", "block2.1", "block2.1.block1", "block3.1",
      ])
    #expect(last.counts.weights <= goal)
    #expect(Double(last.counts.weights) >= 0.9 * Double(goal))
    // They are made as the others, and grew with them.
    let units = last.graph.weightedLayers.map { place in
      (last.graph.nodes[place].name, last.graph.nodes[place].operation.units ?? 0)
    }
    let (own, new) = (
      units.first { $0.0 == "block1.1.conv1" }, units.first { $0.0.hasPrefix("block1.1.block1.") }
    )
    #expect(try #require(own).1 > 16 && #require(new).1 > 16, "\(units)")
    let norms = last.graph.nodes.filter {
      $0.name.hasPrefix("block1.1.block1.") && $0.operation == .batchNorm
    }
    #expect(norms.count == 2)
  }

  @Test func aPerceptronGetsBlocksBehindItsReLUs() throws {
    for prunesBiases in [false, true] {
      let start = try Fixtures.perceptron(3, prunesBiases: prunesBiases)
      let goal = 6 * start.counts.weights
      let networks = try grow(start, goal: goal, parameters: [:])
      expectTheSame(networks)
      try expectGradients(networks)
      let last = networks[networks.count - 1]
      #expect(blocks(last) == ["fc1.block1", "fc2.block1"])
      #expect(last.counts.weights <= goal)
      #expect(Double(last.counts.weights) >= 0.9 * Double(goal))
    }
  }

  @Test func aBlockBeyondTheGoalIsLeftOut() throws {
    let start = try Fixtures.perceptron(3)
    // The block behind the narrower layer has 50 weights.
    let goal = start.counts.weights + 49
    let networks = try grow(start, goal: goal, parameters: ["blocks": "1"])
    #expect(networks.allSatisfy { blocks($0).isEmpty && $0.counts.weights <= goal })
    #expect(networks[networks.count - 1].counts.weights > start.counts.weights)
  }

  @Test func networksWithoutAPlaceAreSkippedInWords() throws {
    let graph = try Models.multilayerPerceptron(
      inputs: 6, widths: [8, 5], outputs: 3, activation: .tanh)
    let network = Network(graph: graph).initialized(seed: 1)
    #expect(
      message { _ = try grow(network, goal: 500, parameters: [:]) }.contains(
        "no residual block and no hidden layer with a ReLU"))
  }
}
