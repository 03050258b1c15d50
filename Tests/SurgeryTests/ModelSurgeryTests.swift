import Networks
import Numerics
import TestSupport
import Testing

/// Surgery on the networks that benchmarks offer: concatenations that feed several branches, fire
/// modules, both forms of residual blocks, binary weights.
@Suite("Surgery on the benchmarks' networks")
struct ModelSurgeryTests {
  struct Model: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: @Sendable () throws -> Graph
  }

  private static let input = Shape(1, 12, 12)

  static let models = [
    Model(testDescription: "post-activation") {
      try Models.residualNetwork(blocksPerStage: 1, input: input, classes: 4)
    },
    Model(testDescription: "pre-activation") {
      try Models.residualNetwork(
        blocksPerStage: 2, form: .preActivation, input: input, classes: 4)
    },
    Model(testDescription: "wide, with dropout") {
      try Models.residualNetwork(
        blocksPerStage: 1, form: .preActivation, width: 2, dropout: 0.3, input: input, classes: 4)
    },
    Model(testDescription: "inception") {
      try Models.inceptionNetwork(input: input, classes: 4)
    },
    Model(testDescription: "fire modules") {
      try Models.squeezeNetwork(input: input, classes: 4)
    },
    Model(testDescription: "channels") {
      try Models.channelNetwork(input: input, classes: 4)
    },
    Model(testDescription: "binary") {
      try Models.binaryPerceptron(inputs: 144, widths: [24, 16], outputs: 4)
    },
  ]

  /// Everything random that a trained network has, so that no two channels agree by chance.
  private func network(_ model: Model, seed: UInt64) throws -> Network {
    var random = RandomStream(seed: seed, name: model.testDescription)
    var network = Network(graph: try model.graph()).initialized(seed: seed)
    for slot in network.layout.slots {
      for index in slot.biases { network.values[index] += Float(0.2 * random.normal()) }
    }
    for index in network.statistics.indices {
      network.statistics[index] += Float(random.uniform(in: 0..<0.4))
    }
    return network
  }

  private func inputs(_ count: Int) -> [[Float]] {
    var random = RandomStream(seed: 7, name: "inputs")
    return (0..<count).map { _ in (0..<144).map { _ in Float(random.normal()) } }
  }

  /// The precise engine stands for the reference, which does not know all of these operations.
  private func expectEqual(_ network: Network, _ other: Network) {
    let (first, second) = (PreciseEngine<Double>(network), PreciseEngine<Double>(other))
    for input in inputs(3) {
      let outputs = (first.forward(input), second.forward(input))
      let scale = 1 + (outputs.0.map(abs).max() ?? 0)
      #expect(outputs.0.count == outputs.1.count)
      for (a, b) in zip(outputs.0, outputs.1) { #expect(abs(a - b) < 1e-5 * scale) }
    }
  }

  @Test(arguments: models, [UInt64(1), 2])
  func removedUnitsAreMaskedUnits(model: Model, seed: UInt64) throws {
    let network = try network(model, seed: seed)
    var random = RandomStream(seed: seed, name: "units")
    let removable = network.changeableWidths().removable
    #expect(removable.count > 1)
    for place in removable.sorted() {
      let node = network.graph.nodes[place]
      let units = (0..<(node.operation.units ?? 0)).dropLast().filter { _ in
        random.uniform() < 0.3
      }
      let surgery = try network.applying([.removeUnits(layer: node.id, units: units)])
      expectEqual(
        surgery.network, network.maskingConsumers(of: units.map { (place: place, unit: $0) }))
      #expect(units.isEmpty == (surgery.network.counts.weights == network.counts.weights))
    }
  }

  @Test(arguments: models, [0.3, 0.05])
  func compactedIsMasked(model: Model, density: Double) throws {
    var random = RandomStream(seed: 3, name: "masks")
    let masked = try network(model, seed: 3).thinned(to: density, &random)
    expectEqual(masked.compacted().network, masked)
    expectEqual(masked.withoutIneffectiveWeights(), masked)
  }

  @Test(arguments: models)
  func widenedIsTheOriginal(model: Model) throws {
    let network = try network(model, seed: 4)
    let growable = network.changeableWidths().growable
    // A sign has no half.
    #expect(growable.isEmpty == (model.testDescription == "binary"))
    for place in growable.sorted() {
      let edits = try network.net2Wider(
        layer: network.graph.nodes[place].id, copying: [0, 0, 1])
      expectEqual(try network.applying(edits).network, network)
    }
  }

  @Test func whatWorksWithSignsNeitherGrowsNorIsReplaced() throws {
    let network = try network(#require(Self.models.last), seed: 4)
    let layers = network.graph.weightedLayers.map { network.graph.nodes[$0].id }
    let growth = #expect(throws: SurgeryError.self) {
      try network.applying(network.net2Wider(layer: layers[0], copying: [0]))
    }
    #expect(growth?.description.contains("signs") == true)
    let replacement = #expect(throws: SurgeryError.self) {
      try network.applying([
        .replace(
          layer: layers[1],
          with: [
            LayerSpecification(
              operation: .dense(units: 16, bias: false),
              weights: [Float](repeating: 1, count: 24 * 16))
          ])
      ])
    }
    #expect(replacement?.description.contains("signs") == true)
  }
}

@Suite("Surgery before a node that mixes channels")
struct MixedChannelTests {
  private func network() throws -> Network {
    var builder = GraphBuilder(input: Shape(6), layout: .flat)
    builder.add(.dense(units: 8, bias: true), name: "first")
    builder.add(.layerNorm, name: "norm")
    builder.add(.relu)
    builder.add(.dense(units: 5, bias: true), name: "second")
    builder.add(.tanh)
    builder.add(.dense(units: 3, bias: true), name: "third")
    return Network(graph: try builder.graph()).initialized(seed: 1)
  }

  @Test func itsUnitsNeitherGoNorCome() throws {
    let network = try network()
    let widths = network.changeableWidths()
    let second = try #require(network.graph.nodes.firstIndex { $0.name == "second" })
    #expect(widths.removable == [second] && widths.growable == [second])
    let first = network.graph.nodes[1].id
    let removal = #expect(throws: SurgeryError.self) {
      try network.applying([.removeUnits(layer: first, units: [2])])
    }
    #expect(removal?.description.contains("'norm'") == true)
    let growth = #expect(throws: SurgeryError.self) {
      try network.applying(try network.net2Wider(layer: first, copying: [0]))
    }
    #expect(growth?.description.contains("'norm'") == true)
  }

  /// A unit that nothing reads still counts in the mean.
  @Test func maskedUnitsStay() throws {
    var network = try network()
    for place in [1, 4] {
      let slot = try #require(network.layout[place])
      for index in slot.weights where index % 3 != 0 {
        (network.values[index], network.mask[index]) = (0, 0)
      }
    }
    let slot = try #require(network.layout[4])
    for unit in 0..<5 {
      let index = slot.weights.lowerBound + unit * 8 + 2
      (network.values[index], network.mask[index]) = (0, 0)
    }
    let compacted = network.compacted().network
    #expect(compacted.graph.shapes[1].channels == 8)
    let engines = (PreciseEngine<Double>(network), PreciseEngine<Double>(compacted))
    let input: [Float] = [0.3, -1, 2, 0.7, -0.2, 1.4]
    for (a, b) in zip(engines.0.forward(input), engines.1.forward(input)) {
      #expect(abs(a - b) < 1e-6)
    }
  }
}
