import Networks
import Numerics
import TestSupport
import Testing

/// When a network has collapsed, and which layer is named then.
@Suite("Collapse")
struct CollapseTests {
  /// The graph's layers with all weights of `emptied` masked.
  private func network(
    emptied: [String] = [], _ build: (inout GraphBuilder) -> Void
  ) throws -> Network {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    build(&builder)
    builder.add(.dense(units: 2, bias: true), name: "last")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 1)
    for name in emptied {
      for index in try #require(network.layout[network.place(name)]).weights {
        network.mask[index] = 0
        network.values[index] = 0
      }
    }
    return network
  }

  private func collapsed(
    _ emptied: String..., in build: (inout GraphBuilder) -> Void
  ) throws -> String? {
    let network = try network(emptied: emptied, build)
    return network.collapsedLayer.map { network.graph.nodes[$0.place].name }
  }

  private func chain(_ builder: inout GraphBuilder) {
    for name in ["first", "second"] {
      builder.add(.dense(units: 2, bias: true), name: name)
      builder.add(.relu)
    }
  }

  private func towers(_ builder: inout GraphBuilder) {
    let entry = builder.add(.dense(units: 2, bias: true), name: "entry")
    builder.add(.dense(units: 2, bias: true), name: "left", on: [entry])
    let left = builder.add(.relu)
    builder.add(.dense(units: 2, bias: true), name: "right", on: [entry])
    let right = builder.add(.tanh)
    builder.add(.concatenate, on: [left, right])
  }

  private func identityBlock(_ builder: inout GraphBuilder) {
    builder.add(.dense(units: 2, bias: true), name: "entry")
    builder.addBlock(name: "block") { builder, entry in
      builder.add(.dense(units: 3, bias: true), name: "branch1", on: [entry])
      builder.add(.relu)
      builder.add(.dense(units: 2, bias: true), name: "branch2")
    }
  }

  private func projectedBlock(_ builder: inout GraphBuilder) {
    builder.addBlock(
      name: "block",
      branch: { builder, entry in
        builder.add(.dense(units: 2, bias: true), name: "branch1", on: [entry])
        builder.add(.relu)
        builder.add(.dense(units: 3, bias: true), name: "branch2")
      },
      skip: { builder, entry in
        builder.add(.dense(units: 3, bias: true), name: "projection", on: [entry])
      })
  }

  @Test func anEmptyLayerOfAChainIsNamed() throws {
    #expect(try collapsed(in: chain) == nil)
    for name in ["first", "second", "last"] {
      #expect(try collapsed(name, in: chain) == name)
    }
    #expect(try collapsed("first", "last", in: chain) == "first")
  }

  @Test func oneTowerOfAConcatenationMayBeEmpty() throws {
    #expect(try collapsed("left", in: towers) == nil)
    #expect(try collapsed("right", in: towers) == nil)
    #expect(try collapsed("left", "right", in: towers) == "left")
    #expect(try collapsed("left", "last", in: towers) == "last")
    #expect(try collapsed("entry", in: towers) == "entry")
  }

  @Test func oneSideOfAResidualBlockMayBeEmpty() throws {
    #expect(try collapsed("branch1", in: identityBlock) == nil)
    #expect(try collapsed("branch2", in: identityBlock) == nil)
    #expect(try collapsed("branch1", in: projectedBlock) == nil)
    #expect(try collapsed("projection", in: projectedBlock) == nil)
    #expect(try collapsed("projection", "branch2", in: projectedBlock) == "projection")
    #expect(try collapsed("branch1", "projection", in: projectedBlock) == "projection")
  }

  @Test func aBranchThatCountsNothingIsNoWay() throws {
    var network = try network(emptied: ["projection"], projectedBlock)
    let block = network.graph.nodes[try network.place("block")].id
    network = try network.applying([.scaleBlock(block: block, factor: 0)]).network
    #expect(network.collapsedLayer.map { network.graph.nodes[$0.place].name } == "projection")
  }

  /// The first layer's unit that is left is none that the second layer reads.
  @Test func unitsThatDoNotMeetAreACut() throws {
    var network = try network(chain)
    network = try network.applying([
      .maskOff(layer: network.id("first"), positions: [2, 3]),
      .maskOff(layer: network.id("second"), positions: [0, 2]),
    ]).network
    let layer = try #require(network.collapsedLayer)
    #expect(network.graph.nodes[layer.place].name == "second")
    #expect(network.live(in: layer.weights) == 2)
  }

  @Test(arguments: EffectiveWeightsTests.TinyKind.allCases, 0..<40)
  func collapsedIsWhatHasNoPath(_ kind: EffectiveWeightsTests.TinyKind, seed: Int) throws {
    var network = Network(graph: try kind.graph())
    network.randomize(seed: UInt64(seed))
    var random = RandomStream(seed: UInt64(seed), name: "masks of \(kind)")
    network = network.thinned(to: random.uniform(in: 0.05..<0.4), &random)
    let cut = network.collapsedLayer
    #expect((cut == nil) == !PathSearch(network).weightsOnPaths.isEmpty)
  }

  /// With frames of zeros, strides, normalisation and nested blocks.
  @Test(arguments: Draw.all(seeds: 0..<40))
  func whatHasCollapsedSaysTheSameOfEverySample(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    while network.collapsedLayer == nil { network.maskAtRandom(&random) }
    let outputs = RandomNetwork.inputs(for: network, count: 3, seed: draw.seed).map {
      ReferenceForward(network).output($0)
    }
    #expect(outputs.allSatisfy { $0 == outputs[0] })
  }
}
