import Networks
import Numerics
import PluginHost
import StrategyKit
import Testing

/// Strategies that may change one layer alone.
@Suite struct ClosedLayerTests {
  private let network: Network
  private let catalogue: StrategyCatalogue

  init() throws {
    network = try Fixtures.perceptron(5)
    catalogue = try StrategyCatalogue()
  }

  private func plan(
    _ entry: StrategyEntry, _ parameters: [String: String] = [:], layer: Int, removing count: Int
  ) throws -> AppliedPlan {
    let places = network.graph.weightedLayers
    let closed = places.indices.filter { $0 != layer }.map { network.graph.nodes[places[$0]].id }
    return try StrategyInstance(
      entry, parameters: parameters, random: RandomStream(seed: 3, name: "strategy")
    ).plan(
      PluginHost.Round(index: 0, total: 1, weightsGoal: network.counts.weights - count),
      network: network, measurements: Fixtures.measurements(network), closed: Set(closed))
  }

  @Test("The lowest scores of the open layer go, exactly as many as asked for", arguments: 0..<3)
  func scores(layer: Int) throws {
    let range = network.prunable(at: network.graph.weightedLayers[layer])
    let plan = try plan(catalogue.entry(named: "magnitude"), layer: layer, removing: 7)
    let smallest = range.sorted { abs(network.values[$0]) < abs(network.values[$1]) }.prefix(7)
    let masked = network.mask.indices.filter { plan.surgery.network.mask[$0] == 0 }
    #expect(masked == smallest.sorted())
  }

  @Test(
    "Surgery leaves all other layers as they are, bit for bit",
    arguments: ["exact", "row"], 0..<3)
  func surgery(method: String, layer: Int) throws {
    let plan = try plan(
      catalogue.entry(named: "obs"), ["method": method], layer: layer, removing: 4)
    let pruned = plan.surgery.network
    for (index, place) in network.graph.weightedLayers.enumerated() {
      let slot = try #require(network.layout[place])
      if index == layer {
        #expect(network.live(in: slot.weights) - pruned.live(in: slot.weights) == 4)
      } else {
        #expect(network.values[slot.all] == pruned.values[slot.all])
        #expect(network.mask[slot.all] == pruned.mask[slot.all])
      }
    }
  }

  /// The others are no variables of the form: the inverse is that of the layer's own block.
  @Test("Exact surgery on a layer takes the curvature of that layer alone")
  func exactSurgery() throws {
    let measurements = try Fixtures.measurements(network)
    let range = network.prunable(at: network.graph.weightedLayers[2])
    let inverse = try PreciseCurvature(
      network: network, samples: measurements.samples, loss: .crossEntropy
    ).inverseHessian(over: Array(range), damping: 0.01, memoryLimit: .max)
    let curvature = measurements.gaussNewtonDiagonal()
    // What has no curvature costs nothing and goes first.
    let silent = range.count { curvature[$0] == 0 }
    let costs = range.enumerated().filter { curvature[$1] != 0 }.map { place, index in
      let weight = Double(network.values[index])
      return weight * weight / (2 * inverse.values[place * (range.count + 1)])
    }
    let plan = try plan(
      catalogue.entry(named: "obs"), ["method": "exact"], layer: 2, removing: silent + 1)
    let (prediction, least) = (try #require(plan.prediction), try #require(costs.min()))
    #expect(abs(prediction - least) <= 1e-8 * least)
  }

  @Test("A strategy sees that it may do nothing to the other layers")
  func flags() throws {
    let entry = try #require(
      StrategyEntry.linked(exportStrategies("looking", Looking.self)).first)
    #expect(throws: Never.self) { try plan(entry, layer: 1, removing: 1) }
  }

  @Test("A plan that changes another layer is refused, and the layer named")
  func disobedience() throws {
    let entry = try #require(
      StrategyEntry.linked(exportStrategies("greedy", Greedy.self)).first)
    let text = message { _ = try plan(entry, layer: 1, removing: 1) }
    let name = network.graph.nodes[network.graph.weightedLayers[0]].name
    #expect(text.contains("mask-off of layer '\(name)'") && text.hasPrefix("invalid"), "\(text)")
    #expect(throws: Never.self) { try plan(entry, layer: 0, removing: 1) }
  }

  @Test(
    "A plan that sets weights of another layer is refused, and the layer named",
    arguments: [Meddling.Deed.before, .behind, .bias])
  func meddling(_ deed: Meddling.Deed) throws {
    let entry = try #require(
      StrategyEntry.linked(exportStrategies("meddling", Meddling.self)).first)
    let other = network.graph.weightedLayers[deed == .before ? 0 : 2]
    let slot = try #require(network.layout[other])
    let position = deed == .bias ? slot.weights.count : 1
    let text = message {
      _ = try plan(entry, ["deed": deed.rawValue], layer: 1, removing: 1)
    }
    #expect(
      text.hasPrefix(
        "invalid: it set parameter \(position) of layer '\(network.graph.nodes[other].name)' from "
          + "\(network.values[slot.weights.lowerBound + position]) to 42.0"), "\(text)")
  }

  @Test("Where units go, the next layer's weights on those that stay may make up for it")
  func compensation() throws {
    let entry = try #require(
      StrategyEntry.linked(exportStrategies("meddling", Meddling.self)).first)
    let plan = try plan(entry, ["deed": "compensate"], layer: 1, removing: 1)
    let reader = try #require(plan.surgery.network.layout.slots.last)
    #expect(plan.surgery.network.values[reader.weights.lowerBound] == 42)
  }
}

/// Changes the second layer, and another one as well.
struct Meddling: ProposingStrategy {
  enum Deed: String, CaseIterable {
    /// A weight of the first layer, of the last one, and of that a bias where units go, or a weight.
    case before, behind, bias, compensate
  }

  static let info = StrategyInfo(
    id: "meddling", name: "Meddling", summary: "Sets weights of other layers.",
    emits: [.maskOff, .setWeights, .removeUnits],
    options: [
      .choice("deed", "what it does", initial: Deed.before)
    ])

  private let deed: Deed

  init(options: Options) throws {
    deed = try options.choice("deed")
  }

  func propose(_ round: StrategyKit.Round, in network: NetworkView, plan: Plan) throws {
    let (open, last) = (network.layers[1], network.layers[2])
    switch deed {
    case .before, .behind:
      try plan.maskOff([0], of: open)
      try plan.setWeights([1], of: deed == .before ? network.layers[0] : last, to: [42])
    case .bias:
      try plan.setWeights([last.weightCount], of: last, to: [42])
      try plan.removeUnits([0], of: open)
    case .compensate:
      // What was the weight on the second unit.
      try plan.removeUnits([0], of: open)
      try plan.setWeights([0], of: last, to: [42])
    }
  }
}

/// Fails unless exactly the second of three layers is open.
private struct Looking: ProposingStrategy {
  static let info = StrategyInfo(
    id: "looking", name: "Looking", summary: "Looks at the flags of layers.")

  init(options: Options) {}

  func propose(_ round: StrategyKit.Round, in network: NetworkView, plan: Plan) throws {
    let layers = network.layers
    let areRight = layers.enumerated().allSatisfy { index, layer in
      index == 1
        ? layer.prunableCount > 0 && layer.hasRemovableUnits && layer.isReplaceable
        : layer.prunableCount == 0 && !layer.hasRemovableUnits && !layer.hasGrowableUnits
          && !layer.isReplaceable
    }
    guard layers.count == 3, areRight, round.weightsToRemove == 1 else {
      throw StrategyError("the layers are not as they should be")
    }
  }
}

/// Masks a weight of the first layer, whatever is open.
private struct Greedy: ProposingStrategy {
  static let info = StrategyInfo(
    id: "greedy", name: "Greedy", summary: "Takes the first weight.", emits: [.maskOff])

  init(options: Options) {}

  func propose(_ round: StrategyKit.Round, in network: NetworkView, plan: Plan) throws {
    try plan.maskOff([0], of: network.layers[0])
  }
}
