import Networks
import TestSupport
import Testing

@Suite("Frozen parameters")
struct FreezingTests {
  let network: Network

  init() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: true), name: "fc1")
    builder.add(.batchNorm, name: "norm")
    builder.add(.relu)
    builder.add(.dense(units: 1, bias: true), name: "fc2")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 1)
    self.network = network
  }

  /// fc1 has the parameters 0–5, norm 6–9, fc2 10–12.
  private func frozen(_ edits: [Edit]) throws -> [Int] {
    let frozen = try network.applying(edits).network.frozen
    #expect(frozen.isEmpty || frozen.count == network.values.count || frozen.contains(true))
    return frozen.indices.filter { frozen[$0] }
  }

  @Test func freezingAndThawing() throws {
    let first = try network.id("fc1")
    let norm = try network.id("norm")
    #expect(network.frozen.isEmpty)
    #expect(try frozen([.freeze(layer: first, positions: [4, 1])]) == [1, 4])
    #expect(try frozen([.freeze(layer: first, positions: nil)]) == Array(0..<6))
    #expect(try frozen([.freeze(layer: norm, positions: nil)]) == Array(6..<10))
    #expect(
      try frozen([
        .freeze(layer: first, positions: nil), .freeze(layer: norm, positions: [2]),
        .thaw(layer: first, positions: [0, 1, 2]), .thaw(layer: first, positions: [0]),
      ]) == [3, 4, 5, 8])
    let thawed = try network.applying([
      .freeze(layer: first, positions: [0]), .thaw(layer: first, positions: nil),
    ])
    #expect(thawed.network == network)
    #expect(thawed.network.frozen.isEmpty)
    #expect(try frozen([.thaw(layer: first, positions: nil)]).isEmpty)
  }

  @Test func frozenParametersCanBeSetAndKeepTheirState() throws {
    let id = try network.id("fc2")
    let surgery = try network.applying([
      .freeze(layer: id, positions: nil), .setParameters(layer: id, positions: [0], values: [9]),
    ])
    #expect(surgery.network.values[10] == 9)
    #expect(surgery.network.frozen[10])
    #expect(surgery.origin == (0..<13).map { $0 })
    #expect(surgery.network != network)
  }

  /// What begins anew is to learn.
  @Test func freshParametersAreNotFrozen() throws {
    let first = try network.id("fc1")
    let all: [Edit] = try ["fc1", "norm", "fc2"].map {
      .freeze(layer: try network.id($0), positions: nil)
    }
    let masks: [Edit] = [
      .maskOff(layer: first, positions: [1, 2]), .maskOn(layer: first, positions: [1], values: nil),
    ]
    #expect(try frozen(all + masks) == [0] + Array(2..<13))
    let units = NewUnits(count: 1, fanIn: [1, 1], biases: [0], fanOut: [[1]])
    let widened = try network.applying(all + [.widen(layer: first, units)])
    let free = widened.network.frozen.indices.filter { !widened.network.frozen[$0] }
    #expect(free == widened.origin.indices.filter { widened.origin[$0] < 0 })
    let replacement = LayerSpecification(
      operation: .dense(units: 2, bias: true), weights: [1, 2, 3, 4], biases: [5, 6])
    let replaced = try network.applying([
      .freeze(layer: first, positions: nil), .replace(layer: first, with: [replacement]),
    ])
    #expect(replaced.network.frozen.isEmpty)
  }

  @Test func frozenParametersFollowRemovalAndCopies() throws {
    let first = try network.id("fc1")
    let edits: [Edit] = [.freeze(layer: first, positions: [2, 3, 5])]
    let smaller = try network.applying(edits + [.removeUnits(layer: first, units: [0])]).network
    #expect(smaller.frozen == [true, true, true, false, false, false, false])
    let same = try network.applying(edits).network
    #expect(try same.with(graph: same.graph) == same)
    #expect(same.initialized(seed: 1).frozen == same.frozen)
    #expect(same.compacted().network.frozen == same.frozen)
  }

  @Test func positionsAreChecked() throws {
    let id = try network.id("fc2")
    for (positions, words) in [([3], "position 3 is not in 0..<3"), ([1, 1], "twice")] {
      for edit in [
        Edit.freeze(layer: id, positions: positions), .thaw(layer: id, positions: positions),
      ] {
        let failed = #expect(throws: SurgeryError.self) { try network.applying([edit]) }
        #expect(failed?.description.contains("'fc2': position") == true)
        #expect(failed?.reason.contains(words) == true)
      }
    }
    let relu = network.graph.nodes[3].id
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.freeze(layer: relu, positions: nil)])
    }
    #expect(failed?.reason.contains("no parameters") == true)
  }

  @Test func aFlagForEachParameter() throws {
    #expect(throws: GraphError.self) {
      try Network(
        graph: network.graph, values: network.values, mask: network.mask,
        statistics: network.statistics, prunesBiases: false, frozen: [true])
    }
    let none = try Network(
      graph: network.graph, values: network.values, mask: network.mask,
      statistics: network.statistics, prunesBiases: false,
      frozen: network.values.map { _ in false })
    #expect(none == network)
  }
}
