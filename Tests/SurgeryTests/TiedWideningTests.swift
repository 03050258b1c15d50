import Networks
import Numerics
import TestSupport
import Testing

@Suite("What is added to a layer grows with it")
struct TiedWideningTests {
  /// Two towers, the second added to a third layer, and a batch normalisation behind them all.
  private func towers() throws -> Network {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    let first = builder.add(.dense(units: 2, bias: true), name: "a")
    let second = builder.add(.dense(units: 2, bias: true), name: "b", on: [0])
    let both = builder.add(.concatenate, on: [first, second])
    builder.add(.dense(units: 4, bias: true), name: "c", on: [0])
    builder.add(.residualSum(scale: 1), name: "sum", on: [both, builder.last])
    builder.add(.batchNorm, name: "norm")
    builder.add(.dense(units: 1, bias: true), name: "out")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 9)
    return network
  }

  private let units = NewUnits(count: 1, fanIn: [5, 6], biases: [7], fanOut: [[8]])

  @Test func newChannelsStandInTheMiddleOfAConcatenation() throws {
    let network = try towers()
    let surgery = try network.applying([.widen(layer: network.id("a"), units)])
    let wider = surgery.network
    let tied = try #require(wider.layout[wider.place("c")])
    let old = try #require(network.layout[network.place("c")])
    let start = Int32(old.weights.lowerBound)
    // Unit 2 of the third layer is new and adds nothing.
    #expect(
      Array(surgery.origin[tied.weights])
        == [start, start + 1, start + 2, start + 3, -1, -1, start + 4, start + 5, start + 6]
        + [start + 7])
    #expect(Array(wider.values[tied.weights])[4...5] == [0, 0])
    #expect(wider.values[tied.biases.lowerBound + 2] == 0)
    let out = try #require(wider.layout[wider.place("out")])
    #expect(wider.values[out.weights.lowerBound + 2] == 8)
    let norm = try #require(wider.layout[wider.place("norm")])
    let running = try #require(wider.layout.statistics[wider.place("norm")])
    #expect([2, 7].map { wider.values[norm.biases.lowerBound + $0] } == [1, 0])
    #expect([2, 7].map { wider.statistics[running.lowerBound + $0] } == [0, 1])
  }

  @Test func copiesAreCopiedWhereTheyAreAdded() throws {
    let network = try towers()
    var units = units
    units.sources = [0]
    let wider = try network.applying([.widen(layer: network.id("a"), units)]).network
    let tied = try #require(wider.layout[wider.place("c")])
    let weights = Array(wider.values[tied.weights])
    #expect(weights[4...5] == weights[0...1])
    #expect(
      wider.values[tied.biases.lowerBound + 2] == wider.values[tied.biases.lowerBound])
    let norm = try #require(wider.layout[wider.place("norm")])
    let running = try #require(wider.layout.statistics[wider.place("norm")])
    for (new, old) in [(2, 0), (7, 5)] {
      let start = norm.biases.lowerBound
      #expect(wider.values[start + new] == wider.values[start + old])
      let first = running.lowerBound
      #expect(wider.statistics[first + new] == wider.statistics[first + old])
    }
  }

  @Test func normalisationCanBeGiven() throws {
    let network = try towers()
    var units = units
    units.sources = [0]
    units.normalisation = [
      .init(
        node: try network.id("norm"), scales: [2], shifts: [3], means: [4], variances: [0.5])
    ]
    let wider = try network.applying([.widen(layer: network.id("a"), units)]).network
    let norm = try #require(wider.layout[wider.place("norm")])
    let running = try #require(wider.layout.statistics[wider.place("norm")])
    #expect([2, 7].map { wider.values[norm.biases.lowerBound + $0] } == [2, 3])
    #expect([2, 7].map { wider.statistics[running.lowerBound + $0] } == [4, 0.5])
  }

  /// Channels that a node has more than once grow in each of their places.
  @Test(arguments: [[0], [1, 0], [1, 1, 0]])
  func whatIsRepeatedGrowsInEachPlace(_ sources: [Int]) throws {
    var builder = GraphBuilder(input: Shape(2, 4, 4), layout: .spatial)
    let conv = builder.add(.convolution(.init(channels: 2, kernel: Extent(3))), name: "conv")
    let flat = builder.add(.flatten, on: [conv])
    let norm = builder.add(.batchNorm, on: [flat])
    let twice = builder.add(.concatenate, on: [norm, norm])
    let input = builder.add(.flatten, on: [0])
    let tied = builder.add(.dense(units: 16, bias: true), name: "tied", on: [input])
    builder.add(.residualSum(scale: 0.5), on: [twice, tied])
    builder.add(.sigmoid)
    builder.add(.batchNorm)
    builder.add(.dense(units: 2, bias: true), name: "out")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 6)
    let id = try network.id("conv")
    let edits = try network.net2Wider(layer: id, copying: sources)
    let surgery = try network.applying(edits)
    expectSameFunction(network, surgery.network)
    expectConsistent(surgery, of: network, valuesFollow: false)
    try expectFollowed(surgery, of: network)
    // A copy of a channel has the four positions of its map in each place.
    #expect(surgery.network.graph.shapes[tied].channels == 16 + 8 * sources.count)
    let smaller = try surgery.network.applying([
      .removeUnits(layer: id, units: Array(2..<2 + sources.count))
    ]).network
    #expect(smaller.graph == network.graph)
    #expect(smaller.statistics == network.statistics)
  }

  /// Every layer of a stage grows when one does, and the blocks' first layers only at their inputs.
  @Test func aStageGrowsAsOne() throws {
    var network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 8, 8), classes: 3))
    network.randomize(seed: 1)
    let id = try network.id("block1.1.conv2")
    let surgery = try network.applying(network.net2Wider(layer: id, copying: [3, 11, 3])).network
    for name in ["conv0", "block1.1.conv2", "block1.2.conv2"] {
      #expect(surgery.graph.nodes[try surgery.place(name)].operation.units == 19)
    }
    for name in ["block1.1.conv1", "block1.2.conv1"] {
      #expect(surgery.graph.nodes[try surgery.place(name)].operation.units == 16)
      let slot = try #require(surgery.layout[surgery.place(name)])
      #expect(slot.weights.count == 16 * 19 * 9)
    }
    expectSameFunction(network, surgery, samples: 1)
  }
}
