import Foundation
import Networks
import Numerics
import PluginHost
import TestSupport
import Testing

private enum Library {
  static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  static let isThere = FileManager.default.fileExists(
    atPath: folder.appending(path: "libNet2Net.so").path)
}

/// Net2Net with identity layers on the way.
@Suite(.enabled(if: Library.isThere)) struct DeepeningTests {
  private let entry: StrategyEntry

  init() throws {
    entry = try StrategyCatalogue(executableDirectory: Library.folder).entry(named: "net2net")
  }

  /// LeNet-5 with few units, on small images: pools stand before the ReLUs.
  private static func smallLeNet() throws -> Network {
    let pool = Networks.Operation.maxPool(.init(size: Extent(2)))
    var builder = GraphBuilder(input: Shape(1, 12, 12), layout: .spatial)
    builder.add(.convolution(.init(channels: 3, kernel: Extent(3))), name: "conv1")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 4, kernel: Extent(2))), name: "conv2")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 10, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: 3, bias: true), name: "fc2")
    return Network(graph: try builder.graph()).initialized(seed: 1)
  }

  private static func tanh() throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: 6, widths: [8, 5], outputs: 3, activation: .tanh)
    return Network(graph: graph).initialized(seed: 1)
  }

  /// The network before the first update, and after each one.
  private func grow(
    _ start: Network, goal: Int, deeper: Int, stages: Int = 4, log: Lines = Lines()
  ) throws -> [Network] {
    let instance = try StrategyInstance(
      entry, parameters: ["noise": "0", "stages": "\(stages)", "deeper": "\(deeper)"],
      random: RandomStream(seed: 3, name: "strategy"), log: { log.append($0) })
    let outline = PeriodOutline(
      index: 0, total: 1, steps: 4000, stepsPerEpoch: 100, weightsGoal: goal)
    let points = try #require(try instance.updatePoints(of: outline, in: start))
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
    for network in networks {
      #expect(network.counts.weights <= goal, "\(network.counts.weights) of \(goal)")
    }
    return networks
  }

  private func expectTheSame(_ networks: [Network], samples: Int = 4) {
    let inputs = RandomNetwork.inputs(for: networks[0], count: samples, seed: 7)
    let expected = inputs.flatMap { ReferenceForward(networks[0]).output($0) }
    let scale = max(1, expected.map { abs($0) }.max() ?? 0)
    for network in networks.dropFirst() {
      let outputs = inputs.flatMap { ReferenceForward(network).output($0) }
      let distance = zip(outputs, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-5 * scale)
    }
  }

  private func depth(_ network: Network) -> Int { network.graph.weightedLayers.count }

  /// Without a ReLU between, two layers would be no more than one.
  private func expectNoLayerReadsAnother(_ network: Network) {
    let nodes = network.graph.nodes
    for place in network.graph.weightedLayers {
      #expect(!nodes[nodes[place].inputs[0]].operation.isWeighted, "\(nodes[place].name)")
    }
  }

  @Test func identitiesComeEvenlyAndGrow() throws {
    let start = try Fixtures.perceptron(3)
    let log = Lines()
    let networks = try grow(start, goal: 6 * start.counts.weights, deeper: 2, log: log)
    expectTheSame(networks)
    // Turns of the four stages: 2, 1 + 3, 3 and 1 + 4; layers come first in theirs.
    #expect(networks.count == 1 + 2 + 4 + 3 + 5)
    #expect(
      networks.map { depth($0) }
        == [Int](repeating: 3, count: 3) + [Int](repeating: 4, count: 7)
        + [Int](repeating: 5, count: 5))
    let last = networks[networks.count - 1]
    expectNoLayerReadsAnother(last)
    #expect(Double(last.counts.weights) >= 0.9 * Double(6 * start.counts.weights))
    // Behind fc1, then behind fc2; the first grew with the others afterwards.
    let names = last.graph.weightedLayers.map { last.graph.nodes[$0].name }
    #expect(names[1].hasPrefix("fc1.") && names[3].hasPrefix("fc2."), "\(names)")
    let place = try #require(last.graph.nodes.firstIndex { $0.name == names[1] })
    let before = networks[3].graph.weightedLayers[1]
    let atFirst = try #require(networks[3].graph.nodes[before].operation.units)
    #expect(try #require(last.graph.nodes[place].operation.units) > atFirst)
    #expect(log.all.isEmpty, "\(log.all)")
  }

  @Test func anIdentityIsNoCopyAndGetsNoNoise() throws {
    let start = try Fixtures.perceptron(3)
    let networks = try grow(start, goal: 6 * start.counts.weights, deeper: 1, stages: 1)
    let deepened = networks[1]
    #expect(deepened.counts.weights == start.counts.weights + 64)
    let slot = try #require(deepened.layout[deepened.graph.weightedLayers[1]])
    for index in 0..<64 {
      #expect(deepened.values[slot.weights.lowerBound + index] == (index % 9 == 0 ? 1 : 0))
    }
    #expect(slot.biases.allSatisfy { deepened.values[$0] == 0 } && slot.biases.count == 8)
  }

  @Test func convolutionsBeforePoolsTakeIdentities() throws {
    let start = try Self.smallLeNet()
    let log = Lines()
    let networks = try grow(start, goal: 6 * start.counts.weights, deeper: 3, log: log)
    expectTheSame(networks)
    let last = networks[networks.count - 1]
    #expect(depth(last) == depth(start) + 3, "\(log.all)")
    expectNoLayerReadsAnother(last)
    let names = last.graph.weightedLayers.map { last.graph.nodes[$0].name }
    for (name, place) in [("conv1.", 1), ("conv2.", 3), ("fc1.", 5)] {
      #expect(names[place].hasPrefix(name), "\(names)")
    }
    guard let new = last.graph.nodes[last.graph.weightedLayers[1]].operation.convolution
    else { return #expect(Bool(false), "no convolution came behind conv1") }
    #expect(new.kernel == Extent(3) && new.padding == Extent(1) && new.stride == Extent(1))
  }

  @Test func residualNetworksGetDeeper() throws {
    let start = try Fixtures.residual(blocks: 1)
    let networks = try grow(start, goal: 2 * start.counts.weights, deeper: 2, stages: 2)
    expectTheSame(networks, samples: 1)
    let last = networks[networks.count - 1]
    #expect(depth(last) == depth(start) + 2)
    expectNoLayerReadsAnother(last)
  }

  @Test func tanhGetsWiderOnlyAndTheLogSaysSo() throws {
    let start = try Self.tanh()
    let goal = 3 * start.counts.weights
    let log = Lines()
    let networks = try grow(start, goal: goal, deeper: 3, log: log)
    #expect(networks == (try grow(start, goal: goal, deeper: 0)))
    #expect(networks.allSatisfy { depth($0) == depth(start) })
    #expect(
      log.all == [
        "warning: no identity layer keeps the function here, as no hidden layer has a ReLU; it "
          + "grows wider only"
      ])
  }

  @Test func anIdentityBeyondTheGoalIsLeftOut() throws {
    let start = try Fixtures.perceptron(3)
    let log = Lines()
    // The identity behind the narrower layer has 25 weights.
    let goal = start.counts.weights + 24
    let networks = try grow(start, goal: goal, deeper: 1, stages: 1, log: log)
    #expect(networks.allSatisfy { depth($0) == depth(start) })
    #expect(networks[networks.count - 1].counts.weights > start.counts.weights)
    #expect(log.all.count == 1 && log.all[0].contains("more than the goal of \(goal)"))
    // With one more it comes, behind that layer.
    let deeper = try grow(start, goal: goal + 1, deeper: 1, stages: 1)
    #expect(deeper[1].counts.weights == goal + 1 && depth(deeper[1]) == depth(start) + 1)
    expectTheSame(deeper)
  }

  @Test func prunableBiasesCount() throws {
    let start = try Fixtures.perceptron(3, prunesBiases: true)
    let goal = start.counts.weights + 29
    #expect(try depth(grow(start, goal: goal, deeper: 1, stages: 1)[1]) == depth(start))
    let deeper = try grow(start, goal: goal + 1, deeper: 1, stages: 1)[1]
    #expect(deeper.counts.weights == goal + 1 && depth(deeper) == depth(start) + 1)
  }
}
