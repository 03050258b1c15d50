import Foundation
import Networks
import TestSupport
import Testing

@Suite("Replacing a layer")
struct ReplacementTests {
  @Test(arguments: Draw.all(seeds: 0..<15))
  func byItselfChangesNothing(_ draw: Draw) throws {
    let network = try draw.network()
    for place in network.graph.weightedLayers {
      let node = network.graph.nodes[place]
      let slot = try #require(network.layout[place])
      let surgery = try network.applying([
        .replace(
          layer: node.id,
          with: [
            LayerSpecification(
              operation: node.operation, weights: Array(network.values[slot.weights]),
              biases: Array(network.values[slot.biases]))
          ])
      ])
      expectSameFunction(network, surgery.network, tolerance: 0, samples: 1)
      expectConsistent(surgery, of: network)
      let new = surgery.network.graph.nodes[place]
      #expect(new.id == network.graph.nextID)
      #expect(new.name == "\(node.name).1")
      #expect(new.block == node.block)
      #expect(surgery.network.graph.nextID == network.graph.nextID + 1)
      #expect(surgery.origin[slot.all].allSatisfy { $0 == -1 })
      #expect(surgery.network.values == network.values)
    }
  }

  /// The list is made of what each kind says of itself: those on it are not refused for their kind, all
  /// others are.
  @Test func kindsThatCanBePutInAreListed() throws {
    let cases = try SmallCase.everyOperation()
    let network = cases[0].network
    let layer = network.graph.nodes[network.graph.weightedLayers[0]].id
    let operations = cases.flatMap { $0.network.graph.nodes.map(\.operation) }
    var refusals: [String: String] = [:]
    for operation in operations {
      do {
        _ = try network.applying([
          .replace(layer: layer, with: [LayerSpecification(operation: operation)])
        ])
      } catch {
        guard error.reason.contains("can be put in") else { continue }
        refusals[operation.word] = error.reason
      }
    }
    let listed = Set(Operation.words).subtracting(refusals.keys)
    #expect(listed.isSuperset(of: ["dense", "convolution", "batch-norm", "relu"]))
    #expect(refusals["max-pool"]?.contains("is of kind max-pool") == true)
    for reason in refusals.values {
      let words = reason.components(separatedBy: "can be put in: ").last ?? ""
      #expect(Set(words.components(separatedBy: ", ")) == listed)
    }
  }

  @Test(arguments: Draw.all(seeds: 0..<15))
  func byFactorsOfItsMatrixKeepsTheFunction(_ draw: Draw) throws {
    let network = try draw.network()
    for place in network.graph.weightedLayers {
      let node = network.graph.nodes[place]
      let slot = try #require(network.layout[place])
      let units = try #require(node.operation.units)
      let values = Array(network.values[slot.weights])
      // The matrix is 2·identity times half of it, the first in the shape of the layer itself.
      var identity = [Float](repeating: 0, count: units * units)
      for unit in 0..<units { identity[unit * units + unit] = 2 }
      let biases = Array(network.values[slot.biases])
      let half = values.map { $0 / 2 }
      let sequence: [LayerSpecification]
      switch node.operation.convolution {
      case .some(var convolution):
        convolution.bias = false
        sequence = [
          LayerSpecification(operation: .convolution(convolution), weights: half),
          LayerSpecification(
            operation: .convolution(
              .init(channels: units, kernel: Extent(1), bias: !biases.isEmpty)),
            weights: identity, biases: biases),
        ]
      default:
        sequence = [
          LayerSpecification(operation: .dense(units: units, bias: false), weights: half),
          LayerSpecification(
            operation: .dense(units: units, bias: !biases.isEmpty), weights: identity,
            biases: biases),
        ]
      }
      let surgery = try network.applying([.replace(layer: node.id, with: sequence)])
      expectSameFunction(network, surgery.network, tolerance: 1e-12, samples: 1)
      expectConsistent(surgery, of: network)
      #expect(surgery.network.graph.nodes.count == network.graph.nodes.count + 1)
      #expect(surgery.network.graph.nodes[place + 1].name == "\(node.name).2")
    }
  }

  @Test func activationsCanStandBetween() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [3], outputs: 1, activation: .relu))
    network.randomize(seed: 1)
    let surgery = try network.applying([
      .replace(
        layer: network.id("fc2"),
        with: [
          LayerSpecification(
            operation: .dense(units: 1, bias: true), weights: [1, 2, 3], biases: [4]),
          LayerSpecification(operation: .tanh),
          LayerSpecification(operation: .dense(units: 1, bias: false), weights: [5]),
        ])
    ]).network
    #expect(surgery.graph.nodes.map(\.name).suffix(3) == ["fc2.1", "fc2.2", "fc2.3"])
    #expect(surgery.values.suffix(5) == [1, 2, 3, 4, 5])
    #expect(surgery.mask.allSatisfy { $0 == 1 })
  }

  /// A name that is taken is passed over, an id that was in use never comes back.
  @Test func namesAndIdsAreNotReused() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: false), name: "fc")
    builder.add(.dense(units: 2, bias: false), name: "fc.1")
    var network = Network(graph: try builder.graph())
    var seen = Set(network.graph.nodes.map(\.id))
    for round in 0..<10 {
      let specification = LayerSpecification(
        operation: .dense(units: 2, bias: false), weights: [1, 2, 3, 4])
      let old = network.graph.nodes[1 + round % 2]
      network = try network.applying([.replace(layer: old.id, with: [specification])]).network
      let new = network.graph.nodes[1 + round % 2]
      #expect(seen.insert(new.id).inserted)
      #expect(Set(network.graph.nodes.map(\.name)).count == 3)
      #expect(throws: SurgeryError.self) {
        try network.applying([.maskOff(layer: old.id, positions: [])])
      }
    }
  }

  @Test func theLastLayerWithWeightsStays() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: false), name: "fc")
    let network = Network(graph: try builder.graph())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.replace(layer: 2, with: [LayerSpecification(operation: .relu)])])
    }
    #expect(failed?.kind == .collapsed)
  }
}
