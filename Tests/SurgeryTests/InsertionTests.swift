import Networks
import Numerics
import TestSupport
import Testing

@Suite("Layers and blocks can be put behind a layer, and layers taken out")
struct InsertionTests {
  @Test(arguments: Draw.all(seeds: 0..<25))
  func identitiesChangeNothing(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("depth")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    var deepened = 0
    for place in network.graph.weightedLayers {
      let node = network.graph.nodes[place]
      guard let edits = try? network.net2Deeper(layer: node.id) else { continue }
      deepened += 1
      let surgery = try network.applying(edits)
      expectSameFunction(network, surgery.network, tolerance: 1e-12, samples: 2)
      expectConsistent(surgery, of: network)
      try expectFollowed(surgery, of: network)
      let new = surgery.network.graph.nodes.filter { $0.id >= network.graph.nextID }
      #expect(new.map(\.name).first?.hasPrefix("\(node.name).") == true)
      #expect(new.allSatisfy { $0.block == node.block })
      #expect(
        surgery.origin.filter { $0 < 0 }.count
          == surgery.network.values.count - network.values.count)
    }
    #expect(deepened > 0)
  }

  @Test(arguments: Draw.all(seeds: 0..<25))
  func rectifiersAreKnown(_ draw: Draw) throws {
    let network = try draw.network()
    let graph = network.graph
    let relu = LayerSpecification(operation: .relu)
    for place in graph.weightedLayers where graph.isRectifiable(behind: place) {
      let identity = LayerSpecification.identity(
        of: graph.shapes[place].channels, layout: graph.layouts[place], kernel: 3)
      let layers = graph.isRectified(behind: place) ? [identity, relu] : [relu, identity]
      let deeper = try network.applying([.insertAfter(layer: graph.nodes[place].id, layers)])
      expectSameFunction(network, deeper.network, tolerance: 1e-12, samples: 2)
    }
    for place in graph.weightedLayers where graph.isRectified(behind: place) {
      #expect(graph.isRectifiable(behind: place))
    }
  }

  @Test func aPoolBeforeAReLUMayHaveOneBeforeIt() throws {
    let pools: [(Operation, Bool)] = [
      (.maxPool(.init(size: Extent(2), padding: Extent(1))), true),
      (.averagePool(.init(size: Extent(2))), false),
    ]
    for (pool, isRectifiable) in pools {
      for activation in [Operation.relu, .tanh] {
        var builder = GraphBuilder(input: Shape(1, 6, 6), layout: .spatial)
        let place = builder.add(.convolution(.init(channels: 2, kernel: Extent(3))))
        builder.add(pool)
        builder.add(activation)
        builder.add(.flatten)
        let graph = try builder.graph()
        #expect(!graph.isRectified(behind: place))
        #expect(graph.isRectifiable(behind: place) == (isRectifiable && activation == .relu))
      }
    }
  }

  @Test(arguments: Draw.all(seeds: 0..<25))
  func aBlockBeginsAsNothing(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("blocks")
    network.freezeAtRandom(&random)
    let sums = network.graph.nodes.indices.filter { place in
      network.graph.nodes[place].operation.residualSum != nil
    }
    // Behind blocks, too.
    for place in network.graph.weightedLayers + sums {
      let node = network.graph.nodes[place]
      let branch = network.branch(behind: place, normalised: random.index(below: 2) == 0, &random)
      let edit = Edit.insertBlock(after: node.id, branch)
      guard node.block == nil else {
        #expect(throws: SurgeryError.self) { try network.applying([edit]) }
        continue
      }
      let surgery = try network.applying([edit])
      let wider = surgery.network
      expectSameFunction(network, wider, tolerance: 1e-12, samples: 2)
      expectConsistent(surgery, of: network)
      try expectFollowed(surgery, of: network)
      let new = wider.graph.nodes.filter { $0.id >= network.graph.nextID }
      let sum = try #require(new.last)
      #expect(sum.operation == .residualSum(scale: 1))
      #expect(sum.block == nil)
      #expect(new.dropLast().allSatisfy { $0.block == sum.id })
      #expect(new.map(\.id) == new.indices.map { network.graph.nextID + UInt64($0) })
      #expect(Set(wider.graph.nodes.map(\.name)).count == wider.graph.nodes.count)
      // Without its branch the block is gone, and with it every trace.
      let dropped = try wider.applying([.dropBlock(block: sum.id)]).network
      #expect(dropped.graph.nodes == network.graph.nodes)
      #expect(dropped.values == network.values)
      #expect(dropped.statistics == network.statistics)
      #expect(dropped.frozen == network.frozen)
    }
  }

  @Test(arguments: Draw.all(seeds: 0..<25))
  func whatWasPutInCanBeTakenOut(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("out again")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    for place in network.graph.weightedLayers {
      let node = network.graph.nodes[place]
      let surgery = try network.applying([
        .insertAfter(layer: node.id, network.sequence(behind: place, &random)),
        .removeLayer(layer: network.graph.nextID),
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

  /// Layers are put behind what belongs to the layer, and before what does not.
  @Test func aLayerKeepsItsNormalisationAndActivation() throws {
    var builder = GraphBuilder(input: Shape(1, 6, 6), layout: .spatial)
    builder.add(.convolution(.init(channels: 2, kernel: Extent(3))), name: "conv")
    builder.add(.batchNorm, name: "norm")
    builder.add(.relu, name: "relu")
    builder.add(.tanh, name: "tanh")
    builder.add(.convolution(.init(channels: 2, kernel: Extent(1))), name: "other")
    builder.add(.maxPool(.init(size: Extent(2))), name: "pool")
    builder.add(.flatten, name: "flatten")
    builder.add(.dense(units: 2, bias: true), name: "fc")
    var network = Network(graph: try builder.graph())
    network.randomize(seed: 4)
    let normalisation = LayerSpecification(
      operation: .batchNorm, biases: [1, 2, 3, 4], statistics: [5, 6, 7, 8])
    let convolution = LayerSpecification.identity(of: 2, layout: .spatial, kernel: 3)
    let deeper = try network.applying([
      .insertAfter(layer: network.id("conv"), [convolution, normalisation]),
      .insertAfter(layer: network.id("other"), [convolution]),
      .insertAfter(layer: network.id("fc"), [.identity(of: 2, layout: .flat)]),
    ]).network
    #expect(
      deeper.graph.nodes.map(\.name) == [
        "input", "conv", "norm", "relu", "conv.1", "conv.2", "tanh", "other", "other.1", "pool",
        "flatten", "fc", "fc.1",
      ])
    let norm = try #require(deeper.layout[deeper.place("conv.2")])
    #expect(Array(deeper.values[norm.biases]) == [1, 2, 3, 4])
    let running = try #require(deeper.layout.statistics[deeper.place("conv.2")])
    #expect(Array(deeper.statistics[running]) == [5, 6, 7, 8])
    let old = try #require(network.layout.statistics[network.place("norm")])
    let kept = try #require(deeper.layout.statistics[deeper.place("norm")])
    #expect(deeper.statistics[kept] == network.statistics[old])

    let without = try network.applying([.removeLayer(layer: network.id("other"))]).network
    #expect(
      without.graph.nodes.map(\.name)
        == ["input", "conv", "norm", "relu", "tanh", "pool", "flatten", "fc"])
  }

  /// One batch normalisation and one activation belong to a layer, in any order, if it alone is read.
  @Test func whatBelongsToALayer() throws {
    func placeOfInsertion(_ operations: Operation..., readTwice: Bool = false) throws -> Int {
      var builder = GraphBuilder(input: Shape(2), layout: .flat)
      let layer = builder.add(.dense(units: 2, bias: true), name: "fc")
      for operation in operations { builder.add(operation) }
      if readTwice { builder.add(.concatenate, on: [builder.last, layer]) }
      builder.add(.dense(units: 1, bias: true))
      let network = Network(graph: try builder.graph())
      let deeper = try network.applying([
        .insertAfter(layer: network.id("fc"), [.identity(of: 2, layout: .flat)])
      ]).network
      return try deeper.place("fc.1")
    }
    #expect(try placeOfInsertion() == 2)
    #expect(try placeOfInsertion(.relu) == 3)
    #expect(try placeOfInsertion(.batchNorm, .tanh) == 4)
    #expect(try placeOfInsertion(.sigmoid, .batchNorm) == 4)
    #expect(try placeOfInsertion(.relu, .batchNorm, .relu) == 4)
    #expect(try placeOfInsertion(.relu, .tanh) == 3)
    #expect(try placeOfInsertion(.batchNorm, .batchNorm) == 3)
    #expect(try placeOfInsertion(.batchNorm, .relu, .batchNorm) == 4)
    #expect(try placeOfInsertion(.relu, readTwice: true) == 2)
  }

  /// A new batch normalisation begins with mean 0 and variance 1.
  @Test func statisticsBeginFresh() throws {
    let network = Network(graph: try Models.leNet300())
    let deeper = try network.applying([
      .insertAfter(
        layer: network.id("fc2"),
        [LayerSpecification(operation: .batchNorm, biases: (0..<200).map { Float($0) })])
    ]).network
    #expect(deeper.statistics == (0..<200).map { $0 < 100 ? 0 : 1 })
    let norm = try #require(deeper.layout[deeper.place("fc2.1")])
    #expect(Array(deeper.values[norm.biases]) == (0..<200).map { Float($0) })
  }
}

extension Network {
  private func shapeBehind(_ place: Int) -> (channels: Int, layout: Layout) {
    (graph.shapes[place].channels, graph.layouts[place])
  }

  /// A random layer that keeps the shape, perhaps with a batch normalisation and an activation.
  fileprivate func sequence(
    behind place: Int, _ random: inout RandomStream
  ) -> [LayerSpecification] {
    let (channels, layout) = shapeBehind(place)
    var layer = LayerSpecification.identity(of: channels, layout: layout, kernel: 3)
    layer.weights = layer.weights.map { _ in Float(random.normal()) }
    var layers = [layer]
    if random.index(below: 2) == 0 {
      layers.append(
        LayerSpecification(
          operation: .batchNorm, biases: (0..<2 * channels).map { _ in Float(random.normal()) }))
    }
    let last: [[LayerSpecification]] = [
      [], [LayerSpecification(operation: .relu)], [LayerSpecification(operation: .tanh)],
    ]
    return layers + last[random.index(below: 3)]
  }

  /// A branch whose last layer, or its batch normalisation, is 0 throughout.
  fileprivate func branch(
    behind place: Int, normalised: Bool, _ random: inout RandomStream
  ) -> [LayerSpecification] {
    let (channels, layout) = shapeBehind(place)
    let first = sequence(behind: place, &random)
    var last = LayerSpecification.identity(of: channels, layout: layout)
    let zero = LayerSpecification(
      operation: .batchNorm, biases: [Float](repeating: 0, count: 2 * channels))
    guard !normalised else { return first + [last, zero] }
    last.weights = last.weights.map { _ in 0 }
    return random.index(below: 2) == 0
      ? first + [last] : first + [last, LayerSpecification(operation: .tanh)]
  }
}
