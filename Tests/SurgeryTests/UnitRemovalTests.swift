import Networks
import Numerics
import TestSupport
import Testing

@Suite("Removing units equals masking what reads them")
struct UnitRemovalTests {
  @Test(arguments: Draw.all(seeds: 0..<40))
  func removedEqualsMasked(_ draw: Draw) throws {
    let network = try draw.network()
    var random = draw.random("units")
    var edits: [Edit] = []
    var removed: [UnitGroup] = []
    var left = network.graph.nodes.map { $0.operation.units ?? 0 }
    for group in network.unitGroups() where group.removable && random.uniform() < 0.4 {
      guard group.leaves(left) else { continue }
      for member in group.members { left[member.place] -= 1 }
      removed.append(group)
    }
    // One edit a layer; only the first member of a group is named, the others follow.
    for place in network.graph.weightedLayers {
      let units = removed.map { $0.members[0] }.filter { $0.place == place }.map(\.unit)
      guard !units.isEmpty else { continue }
      edits.append(
        .removeUnits(layer: network.graph.nodes[place].id, units: units.shuffled(using: &random)))
    }
    let surgery = try network.applying(edits)
    let masked = network.maskingConsumers(
      of: removed.flatMap { $0.members.map { ($0.place, $0.unit) } })
    expectSameFunction(masked, surgery.network, tolerance: 1e-12)
    expectConsistent(surgery, of: network)
    #expect(surgery.network.counts == network.counts(removing: removed))
    for place in network.graph.weightedLayers {
      #expect(surgery.network.graph.nodes[place].operation.units == left[place])
    }
  }

  @Test(arguments: Draw.all(seeds: 0..<20))
  func groupsCoverEachUnitOnceAndSayWhatCanGo(_ draw: Draw) throws {
    let network = try draw.network()
    let groups = network.unitGroups()
    let members = groups.flatMap(\.members)
    #expect(Set(members).count == members.count)
    #expect(members.count == network.graph.nodes.compactMap(\.operation.units).reduce(0, +))
    for group in groups {
      let first = group.members[0]
      let id = network.graph.nodes[first.place].id
      let surgery = try? network.applying([.removeUnits(layer: id, units: [first.unit])])
      #expect((surgery != nil) == group.removable)
      guard let surgery else { continue }
      let lost = zip(network.graph.nodes, surgery.network.graph.nodes).map {
        ($0.operation.units ?? 0) - ($1.operation.units ?? 0)
      }
      for place in lost.indices {
        #expect(lost[place] == group.members.filter { $0.place == place }.count)
      }
    }
    for place in network.graph.nodes.indices {
      let own = groups.filter { $0.members.contains { $0.place == place } }
      #expect(network.unitsRemovable(at: place) == (!own.isEmpty && own.allSatisfy(\.removable)))
    }
    #expect(!network.unitsRemovable(at: -1) && !network.unitsRemovable(at: 1000))
  }

  @Test func residualSumsCoupleAllLayersOfAStage() throws {
    var network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 8, 8), classes: 3))
    network.randomize(seed: 1)
    let surgery = try network.applying([
      .removeUnits(layer: network.id("block1.2.conv2"), units: [3, 11])
    ]).network
    for name in ["conv0", "block1.1.conv2", "block1.2.conv2"] {
      #expect(surgery.graph.nodes[try surgery.place(name)].operation.units == 14)
    }
    for name in ["block1.1.conv1", "block1.2.conv1"] {
      #expect(surgery.graph.nodes[try surgery.place(name)].operation.units == 16)
      let slot = try #require(surgery.layout[surgery.place(name)])
      #expect(slot.weights.count == 16 * 14 * 9)
    }
    let norm = try #require(surgery.layout.statistics[surgery.place("conv0.norm")])
    #expect(norm.count == 28)
    expectSameFunction(
      network.maskingConsumers(of: [
        (try network.place("conv0"), 3), (try network.place("conv0"), 11),
      ]),
      surgery, tolerance: 1e-12, samples: 1)
  }

  @Test func concatenationMovesTheChannelsBehindIt() throws {
    // Two towers of 3 and 2 units, the second added to a third layer: unit 1 of the second is
    // channel 4 of the concatenation.
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    let first = builder.add(.dense(units: 3, bias: true), name: "a", on: [0])
    let second = builder.add(.dense(units: 2, bias: true), name: "b", on: [0])
    let third = builder.add(.dense(units: 2, bias: true), name: "c", on: [0])
    let sum = builder.add(.residualSum(scale: 1), name: "sum", on: [second, third])
    builder.add(.concatenate, on: [first, sum])
    builder.add(.dense(units: 2, bias: true), name: "out")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 3)
    #expect(
      network.unitGroups().map { $0.members.map(\.place) }
        == [[first], [first], [first], [second, third], [second, third], [6], [6]])
    let smaller = try network.applying([.removeUnits(layer: network.id("c"), units: [0])]).network
    let slot = try #require(network.layout[6])
    let kept = try #require(smaller.layout[6])
    let row = slot.weights.lowerBound
    #expect(
      Array(smaller.values[kept.weights].prefix(4))
        == [0, 1, 2, 4].map { network.values[row + $0] })
  }

  @Test func flattenRemovesThePlaneOfAChannel() throws {
    var network = Network(graph: try Models.leNet5())
    network.randomize(seed: 5)
    let surgery = try network.applying([
      .removeUnits(layer: network.id("conv2"), units: [49, 0])
    ])
    let slot = try #require(surgery.network.layout[surgery.network.place("fc1")])
    #expect(slot.weights.count == 500 * 48 * 16)
    let old = try #require(network.layout[network.place("fc1")])
    #expect(surgery.origin[slot.weights.lowerBound] == Int32(old.weights.lowerBound + 16))
  }

  @Test func aLayerKeepsAUnit() throws {
    let network = Network(graph: try Models.leNet300())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.removeUnits(layer: network.id("fc2"), units: Array(0..<100))])
    }
    #expect(failed?.kind == .collapsed)
    #expect(failed?.layer == "fc2")
    let last = try network.applying([
      .removeUnits(layer: network.id("fc2"), units: Array(0..<99))
    ])
    #expect(last.network.counts.weights == 784 * 300 + 300 + 10)
  }

  @Test func whatIsTiedToInputOrOutputStays() throws {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    builder.addBlock(
      name: "block", branch: { $0.add(.dense(units: 3, bias: true), name: "fc", on: [$1]) })
    builder.add(.dense(units: 2, bias: true), name: "out")
    let network = Network(graph: try builder.graph())
    #expect(network.unitGroups().allSatisfy { !$0.removable })
    let input = #expect(throws: SurgeryError.self) {
      try network.applying([.removeUnits(layer: network.id("fc"), units: [1])])
    }
    #expect(input?.description.contains("'fc': unit 1 cannot go") == true)
    #expect(input?.reason.contains("input") == true)
    let output = #expect(throws: SurgeryError.self) {
      try network.applying([.removeUnits(layer: network.id("out"), units: [0])])
    }
    #expect(output?.kind == .invalid)
    #expect(output?.reason.contains("output") == true)
  }
}

extension UnitGroup {
  /// Whether every layer that has `left` units keeps one without the group.
  func leaves(_ left: [Int]) -> Bool {
    members.allSatisfy { member in
      left[member.place] > members.filter { $0.place == member.place }.count
    }
  }
}
