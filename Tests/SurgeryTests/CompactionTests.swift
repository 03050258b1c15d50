import Networks
import Numerics
import TestSupport
import Testing

@Suite("Compaction keeps the function")
struct CompactionTests {
  @Test(arguments: Draw.all(seeds: 0..<60))
  func compactedEqualsMasked(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    let surgery = network.compacted()
    expectSameFunction(network, surgery.network, tolerance: 1e-5)
    expectConsistent(surgery, of: network, valuesFollow: false)
    #expect(surgery.network.counts.weights <= network.counts.weights)
    #expect(surgery.network.graph.nextID == network.graph.nextID)
    #expect(surgery.network.graph.nodes.map(\.id) == network.graph.nodes.map(\.id))
    let again = surgery.network.compacted()
    #expect(again.network.graph == surgery.network.graph, "one call reaches the fixed point")
  }

  @Test(arguments: Draw.all(seeds: 0..<30))
  func removingMaskedReadersIsWhatRemovingTheUnitsDoes(_ draw: Draw) throws {
    let network = try draw.network()
    var random = draw.random("units")
    let groups = network.unitGroups().filter(\.removable)
    guard !groups.isEmpty else { return }
    let group = groups[random.index(below: groups.count)]
    let first = group.members[0]
    let id = network.graph.nodes[first.place].id
    let removed = try network.applying([.removeUnits(layer: id, units: [first.unit])])
    let compacted = network.maskingConsumers(of: group.members.map { ($0.place, $0.unit) })
      .compacted()
    #expect(compacted.network == removed.network)
    #expect(compacted.origin == removed.origin)
  }

  @Test(arguments: Draw.all(seeds: 0..<10))
  func aLiveNetworkStaysAsItIs(_ draw: Draw) throws {
    let network = try draw.network()
    let surgery = network.compacted()
    #expect(surgery.network == network)
    #expect(surgery.origin == (0..<Int32(network.values.count)).map { $0 })
  }

  @Test(arguments: Draw.all(seeds: 0..<10))
  func whereAllIsMaskedEachLayerKeepsAUnit(_ draw: Draw) throws {
    var network = try draw.network()
    for place in network.graph.weightedLayers {
      for index in network.prunable(at: place) {
        network.values[index] = 0
        network.mask[index] = 0
      }
    }
    let compacted = network.compacted().network
    expectSameFunction(network, compacted)
    for place in network.graph.weightedLayers where network.unitsRemovable(at: place) {
      let units = try #require(compacted.graph.nodes[place].operation.units)
      #expect(units >= 1)
      // With nothing read, all but one go, or all but one of what concatenation and flatten couple.
      if network.unitGroups().allSatisfy({ $0.members.count == 1 }) { #expect(units == 1) }
    }
  }

  /// A unit without inputs gives tanh(bias): the next layer's bias takes it up.
  @Test func constantsMoveIntoTheNextBias() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [3], outputs: 1, activation: .tanh))
    network.randomize(seed: 9)
    network = try network.applying([.maskOff(layer: network.id("fc1"), positions: [2, 3])]).network
    let compacted = network.compacted().network
    #expect(compacted.graph.nodes[1].operation.units == 2)
    expectSameFunction(network, compacted, tolerance: 1e-6)
    #expect(compacted.values.last != network.values.last)
  }

  /// Chains: the unit that only the dead one read is dead too, and so on back.
  @Test func deadUnitsTakeThoseBeforeThemAlong() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [2, 2, 2], outputs: 1, activation: .relu))
    network.randomize(seed: 2)
    let edits: [Edit] = [
      .maskOff(layer: try network.id("fc2"), positions: [1]),
      .maskOff(layer: try network.id("fc3"), positions: [1]),
      .maskOff(layer: try network.id("fc4"), positions: [1]),
    ]
    network = try network.applying(edits).network
    let compacted = network.compacted().network
    #expect(compacted.graph.nodes.compactMap(\.operation.units) == [1, 1, 1, 1])
    expectSameFunction(network, compacted)
  }

  /// A constant before padding differs at the border and must stay; a constant 0 may go.
  @Test(arguments: [(0, Float(0.5), 1), (1, Float(0.5), 2), (1, Float(-0.5), 1)])
  func paddingKeepsConstantsButZero(padding: Int, bias: Float, left: Int) throws {
    var builder = GraphBuilder(input: Shape(1, 4, 4), layout: .spatial)
    builder.add(.convolution(.init(channels: 2, kernel: Extent(1))), name: "conv1")
    builder.add(.relu)
    builder.add(
      .convolution(.init(channels: 1, kernel: Extent(3), padding: Extent(padding))), name: "conv2")
    builder.add(.flatten)
    builder.add(.dense(units: 1, bias: true))
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 4)
    network.values[0] = 0
    network.mask[0] = 0
    network.values[2] = bias
    let compacted = network.compacted().network
    #expect(compacted.graph.nodes[1].operation.units == left)
    expectSameFunction(network, compacted)
  }

  /// Where the next bias is masked it must stay 0 and cannot take a constant up.
  @Test func maskedBiasesTakeNothingUp() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [3], outputs: 1, activation: .tanh), prunesBiases: true)
    network.randomize(seed: 9)
    network = try network.applying([
      .maskOff(layer: network.id("fc1"), positions: [2, 3]),
      .maskOff(layer: network.id("fc2"), positions: [3]),
    ]).network
    #expect(network.compacted().network == network)
  }
}
