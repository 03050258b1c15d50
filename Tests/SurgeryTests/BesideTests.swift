import Foundation
import Networks
import Numerics
import TestSupport
import Testing

@Suite("Units can be put beside what a dense layer reads, and taken out")
struct BesideTests {
  @Test(arguments: Draw.all(seeds: 0..<25))
  func unheardUnitsChangeNothing(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("beside")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    for place in network.graph.denseLayers {
      let count = 1 + random.index(below: 3)
      let units = network.unitsBeside(place, count: count, &random)
      let id = network.graph.nodes[place].id
      let surgery = try network.applying([.insertBeside(layer: id, units)])
      let wider = surgery.network
      expectSameFunction(network, wider, tolerance: 1e-12, samples: 2)
      expectConsistent(surgery, of: network)
      try expectFollowed(surgery, of: network)
      let outputs = network.graph.shapes[place].channels
      let input = network.graph.shapes[network.graph.nodes[place].inputs[0]].channels
      let biases = units.layers[0].biases.count
      let fresh = surgery.origin.count { $0 < 0 }
      #expect(fresh == count * (input + outputs) + biases)
      #expect(Set(wider.graph.nodes.map(\.name)).count == wider.graph.nodes.count)
      let new = wider.graph.nodes.filter { $0.id >= network.graph.nextID }
      #expect(new.allSatisfy { $0.block == network.graph.nodes[place].block })
      #expect(new.last?.operation == .concatenate)
    }
  }

  /// All of it goes again with the units: nodes, values, masks and what is frozen are as they were.
  @Test(arguments: Draw.all(seeds: 0..<25))
  func unitsThatGoLeaveNoTrace(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("beside and out")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    for place in network.graph.denseLayers {
      let id = network.graph.nodes[place].id
      var units = network.unitsBeside(place, count: 1 + random.index(below: 3), &random)
      units.fanOut = units.fanOut.map { _ in Float(random.normal()) }
      units.areFrozen = random.index(below: 2) == 0
      let surgery = try network.applying([
        .insertBeside(layer: id, units),
        .removeUnits(layer: network.graph.nextID, units: Array(0..<units.count)),
      ])
      #expect(surgery.network.graph.nodes == network.graph.nodes)
      #expect(surgery.network.values == network.values)
      #expect(surgery.network.mask == network.mask)
      #expect(surgery.network.frozen == network.frozen)
      #expect(surgery.network.statistics == network.statistics)
      #expect(surgery.origin == (0..<Int32(network.values.count)).map { $0 })
      #expect(surgery.network.graph.nextID > network.graph.nextID)
    }
  }

  /// The second unit reads the first: by hand.
  @Test func unitsMakeACascade() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: true), name: "out")
    var network = Network(graph: try builder.graph())
    network.values = [1, 2, 3, 4, 0.5, -0.5]
    func unit(_ weights: [Float], _ bias: Float, fanOut: [Float]) -> UnitsBeside {
      UnitsBeside(
        layers: [
          LayerSpecification(
            operation: .dense(units: 1, bias: true), weights: weights, biases: [bias]),
          LayerSpecification(operation: .tanh),
        ], fanOut: fanOut, areFrozen: true)
    }
    let id = try network.id("out")
    let cascade = try network.applying([
      .insertBeside(layer: id, unit([0.3, -0.2], 0.1, fanOut: [7, 8])),
      .insertBeside(layer: id, unit([0.4, 0.5, -0.6], 0.2, fanOut: [9, 10])),
    ]).network
    let input: [Float] = [0.25, -0.75]
    let x = input.map(Double.init)
    let first = tanh(0.3 * x[0] - 0.2 * x[1] + 0.1)
    let second = tanh(0.4 * x[0] + 0.5 * x[1] - 0.6 * first + 0.2)
    let outputs = (x[0] + 2 * x[1] + 0.5, 3 * x[0] + 4 * x[1] - 0.5)
    let wanted = [outputs.0 + 7 * first + 9 * second, outputs.1 + 8 * first + 10 * second]
    for (found, wanted) in zip(ReferenceForward(cascade).output(input), wanted) {
      #expect(abs(found - wanted) < 1e-6)
    }
    #expect(
      cascade.graph.nodes.map(\.name) == [
        "input", "out.beside1", "out.beside2", "out.beside3", "out.beside4", "out.beside5",
        "out.beside6", "out",
      ])
    // What leads into the units is frozen, and nothing else.
    let own = try ["out.beside1", "out.beside4"].flatMap {
      Array(try #require(cascade.layout[cascade.place($0)]).all)
    }
    let frozen = cascade.frozen.indices.filter { cascade.frozen[$0] }
    #expect(frozen == own)
    // 2 and 3 weights into the units, 4 into each output.
    #expect(cascade.counts.weights == 2 + 3 + 2 * 4)
    #expect(cascade.compacted().network == cascade)

    // Without the first, the second reads the inputs alone.
    let second1 = try network.applying([
      .insertBeside(layer: id, unit([0.4, 0.5], 0.2, fanOut: [9, 10]))
    ]).network
    let left = try cascade.applying([
      .removeUnits(layer: cascade.id("out.beside1"), units: [0])
    ]).network
    #expect(left.values == second1.values)
    expectSameFunction(left, second1, tolerance: 0)
  }

  /// What else reads the same goes on reading that alone.
  @Test func otherReadersStayAsTheyAre() throws {
    let network = try everything()
    let units = UnitsBeside(
      layers: [
        LayerSpecification(
          operation: .dense(units: 2, bias: false), weights: [1, 2, 3, 4, 5, 6])
      ], fanOut: [1, 2, 3, 4])
    let wider = try network.applying([.insertBeside(layer: network.id("right"), units)]).network
    let (left, right) = (try wider.place("left"), try wider.place("right"))
    #expect(wider.graph.nodes[left].inputs == [try wider.place("relu")])
    #expect(
      wider.graph.nodes[wider.graph.nodes[right].inputs[0]].inputs[0] == (try wider.place("relu")))
    let slot = try #require(wider.layout[right])
    let old = try #require(network.layout[network.place("right")])
    let weights = Array(network.values[old.weights])
    let rows = Array(wider.values[slot.weights])
    #expect(Array(rows[..<3]) == Array(weights[..<3]) && Array(rows[3..<5]) == [1, 2])
    #expect(Array(rows[5..<8]) == Array(weights[3...]) && Array(rows[8...]) == [3, 4])
  }

  /// A layer goes with all its units only where something is left beside it.
  @Test func layersThatAreNeededStay() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: false), name: "first")
    let branch = builder.last
    builder.add(.tanh)
    builder.add(.concatenate, name: "both", on: [0, branch + 1])
    builder.add(.dense(units: 3, bias: false), name: "reader")
    builder.add(.dense(units: 1, bias: false), name: "out")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 2)
    let without = try network.applying([
      .removeUnits(layer: network.id("first"), units: [1, 0])
    ]).network
    #expect(without.graph.nodes.map(\.name) == ["input", "reader", "out"])
    expectSameFunction(
      network.maskingConsumers(of: [(branch, 0), (branch, 1)]), without, tolerance: 1e-12)
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .removeUnits(layer: network.id("first"), units: [0, 1]),
        .removeUnits(layer: network.id("reader"), units: [0, 1, 2]),
      ])
    }
    #expect(failed?.kind == .collapsed && failed?.layer == "reader" && failed?.edit == 1)
  }
}

extension Graph {
  /// The places of dense layers.
  fileprivate var denseLayers: [Int] {
    nodes.indices.filter { nodes[$0].operation.dense != nil }
  }
}

extension Network {
  /// Units that are not heard, with or without biases and an activation.
  func unitsBeside(_ place: Int, count: Int, _ random: inout RandomStream) -> UnitsBeside {
    let row = graph.shapes[graph.nodes[place].inputs[0]].channels
    let isBiased = random.index(below: 2) == 0
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    let layer = LayerSpecification(
      operation: .dense(units: count, bias: isBiased), weights: draw(count * row),
      biases: isBiased ? draw(count) : [])
    let activations: [[Networks.Operation]] = [[], [.relu], [.tanh], [.sigmoid]]
    let activation = activations[random.index(below: 4)]
    let columns = [Float](repeating: 0, count: count * graph.shapes[place].channels)
    return UnitsBeside(
      layers: [layer] + activation.map { LayerSpecification(operation: $0) },
      fanOut: random.index(below: 2) == 0 ? [] : columns)
  }
}
