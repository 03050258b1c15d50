import Networks
import TestSupport
import Testing

@Suite("Edits of residual blocks")
struct BlockEditTests {
  @Test(arguments: Draw.all(seeds: 0..<40).filter { [.residual, .mixed].contains($0.family) })
  func droppedEqualsScaledToZero(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    for sum in network.graph.residualSums {
      let block = network.graph.nodes[sum].id
      let dropped = try network.applying([.dropBlock(block: block)])
      let scaled = try network.applying([.scaleBlock(block: block, factor: 0)])
      expectSameFunction(scaled.network, dropped.network, tolerance: 1e-12)
      expectConsistent(dropped, of: network)
      #expect(scaled.network.values == network.values)
      let ids = Set(network.graph.nodes.map(\.id))
      #expect(dropped.network.graph.nodes.allSatisfy { ids.contains($0.id) && $0.id != block })
      #expect(dropped.network.graph.nodes.allSatisfy { $0.block != block })
      #expect(dropped.network.graph.nextID == network.graph.nextID)
    }
  }

  @Test func theLastScaleHolds() throws {
    let network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 8, 8), classes: 2))
    let block = try network.id("block2.1")
    let scaled = try network.applying([
      .scaleBlock(block: block, factor: 0.5), .scaleBlock(block: block, factor: -3),
    ]).network
    #expect(scaled.graph.nodes[try scaled.place("block2.1")].operation == .residualSum(scale: -3))
  }

  @Test func allBlocksCanGoAndTheirSkipsStay() throws {
    var network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 8, 8), classes: 3))
    network.randomize(seed: 8)
    let blocks = network.graph.residualSums.map { network.graph.nodes[$0].id }
    let dropped = try network.applying(blocks.map { .dropBlock(block: $0) })
    let names = dropped.network.graph.weightedLayers.map { dropped.network.graph.nodes[$0].name }
    #expect(names == ["conv0", "block2.1.skip", "block3.1.skip", "fc"])
    let scaled = try network.applying(blocks.map { .scaleBlock(block: $0, factor: 0) })
    expectSameFunction(scaled.network, dropped.network, tolerance: 1e-12, samples: 1)
    let again = #expect(throws: SurgeryError.self) {
      try network.applying([.dropBlock(block: blocks[1]), .dropBlock(block: blocks[1])])
    }
    #expect(again?.edit == 1)
  }

  /// What is read outside of the branch stays when the block goes, and belongs to the block around.
  @Test func whatIsReadElsewhereOutlivesTheBlock() throws {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    let entry = builder.add(.dense(units: 3, bias: true), name: "entry")
    let shared = builder.add(.dense(units: 3, bias: true), name: "shared")
    let end = builder.add(.dense(units: 3, bias: true), name: "end")
    let sum = builder.add(.residualSum(scale: 2), name: "block", on: [entry, end])
    builder.add(.concatenate, on: [sum, shared])
    builder.add(.dense(units: 1, bias: true), name: "out")
    var nodes = builder.nodes
    nodes[shared].block = nodes[sum].id
    nodes[end].block = nodes[sum].id
    var network = Network(graph: try Graph(nodes: nodes))
    network.randomize(seed: 2)
    let dropped = try network.applying([.dropBlock(block: nodes[sum].id)]).network
    #expect(dropped.graph.nodes.map(\.name) == ["input", "entry", "shared", "concatenate5", "out"])
    #expect(dropped.graph.nodes.allSatisfy { $0.block == nil })
    let scaled = try network.applying([.scaleBlock(block: nodes[sum].id, factor: 0)]).network
    expectSameFunction(scaled, dropped, tolerance: 1e-12)
  }

  @Test func theLastLayerWithWeightsStays() throws {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    builder.addBlock(name: "block", branch: { $0.add(.dense(units: 3, bias: true), on: [$1]) })
    let network = Network(graph: try builder.graph())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.dropBlock(block: network.id("block"))])
    }
    #expect(failed?.kind == .collapsed)
    #expect(failed?.layer == "block")
  }
}
