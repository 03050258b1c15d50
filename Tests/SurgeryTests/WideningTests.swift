import Networks
import Numerics
import TestSupport
import Testing

@Suite("Units can be added wherever units can be removed")
struct WideningTests {
  @Test(arguments: Draw.all(seeds: 0..<25))
  func silentUnitsChangeNothing(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("widening")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    for place in network.growable {
      let count = 1 + random.index(below: 3)
      let units = try network.newUnits(at: place, count: count, silent: true, &random)
      let surgery = try network.applying([
        .widen(layer: network.graph.nodes[place].id, units)
      ])
      expectSameFunction(network, surgery.network, tolerance: 1e-12, samples: 2)
      expectConsistent(surgery, of: network)
      try expectFollowed(surgery, of: network)
      let width = network.graph.shapes[place].channels
      #expect(surgery.network.graph.shapes[place].channels == width + count)
      #expect(surgery.network.graph.nodes.map(\.id) == network.graph.nodes.map(\.id))
    }
  }

  @Test(arguments: Draw.all(seeds: 0..<25))
  func copiesThatShareTheirFanOutChangeNothing(_ draw: Draw) throws {
    var random = draw.random("copies")
    let network = try draw.network().thinned(to: 0.8, &random)
    for place in network.growable {
      let sources = network.sources(at: place, count: 1 + random.index(below: 4), &random)
      let edits = try network.net2Wider(layer: network.graph.nodes[place].id, copying: sources)
      let surgery = try network.applying(edits)
      expectSameFunction(network, surgery.network, samples: 2)
      expectConsistent(surgery, of: network, valuesFollow: false)
      try expectFollowed(surgery, of: network)
    }
  }

  /// All layers of a network one after the other, each several times.
  @Test(arguments: Draw.all(seeds: 0..<12))
  func copiesOfCopiesChangeNothing(_ draw: Draw) throws {
    let network = try draw.network()
    var random = draw.random("copies of copies")
    var wider = network
    for _ in 0..<2 {
      for place in network.growable {
        let sources = wider.sources(at: place, count: 1 + random.index(below: 2), &random)
        wider = try wider.applying(
          wider.net2Wider(layer: wider.graph.nodes[place].id, copying: sources)
        ).network
      }
    }
    expectSameFunction(network, wider, samples: 2)
  }

  @Test(arguments: Draw.all(seeds: 0..<25))
  func unitsAddedAndRemovedAreGone(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("there and back")
    network.maskAtRandom(&random)
    network.freezeAtRandom(&random)
    for place in network.growable {
      let id = network.graph.nodes[place].id
      let count = 1 + random.index(below: 3)
      let width = network.graph.shapes[place].channels
      var units = try network.newUnits(at: place, count: count, silent: false, &random)
      if random.index(below: 2) == 0 {
        units.sources = network.sources(at: place, count: count, &random)
      }
      let surgery = try network.applying([
        .widen(layer: id, units), .removeUnits(layer: id, units: Array(width..<width + count)),
      ])
      #expect(surgery.network == network)
      #expect(surgery.origin == (0..<Int32(network.values.count)).map { $0 })
    }
  }

  /// What reads new units that are heard, masked, leaves the function as it was.
  @Test(arguments: Draw.all(seeds: 0..<15))
  func newUnitsAreHeardOnlyThroughTheirColumns(_ draw: Draw) throws {
    let network = try draw.network()
    var random = draw.random("columns")
    var heard = 0
    for place in network.growable {
      let width = network.graph.shapes[place].channels
      let units = try network.newUnits(at: place, count: 2, silent: false, &random)
      let wider = try network.applying([
        .widen(layer: network.graph.nodes[place].id, units)
      ]).network
      let masked = wider.maskingConsumers(of: [(place, width), (place, width + 1)])
      expectSameFunction(network, masked, tolerance: 1e-12, samples: 1)
      let input = RandomNetwork.inputs(for: network, count: 1, seed: 1)[0]
      if ReferenceForward(wider).output(input) != ReferenceForward(network).output(input) {
        heard += 1
      }
      // Fan-in, biases and fan-out are where they belong.
      let slot = try #require(wider.layout[place])
      let row = slot.weights.count / (width + 2)
      let own = network.graph.shapes[network.graph.nodes[place].inputs[0]].channels
      if wider.graph.shapes[wider.graph.nodes[place].inputs[0]].channels == own {
        #expect(Array(wider.values[slot.weights].suffix(2 * row)) == units.fanIn)
      }
      for (edge, columns) in zip(
        wider.graph.unitEdges.filter { $0.producer == place }, units.fanOut)
      {
        let consumer = try #require(edge.consumer)
        let reader = try #require(wider.layout[consumer])
        let readerRow = reader.weights.count / wider.graph.shapes[consumer].channels
        let found = (0..<columns.count / 2 / edge.columns).flatMap { unit in
          [width, width + 1].flatMap { new in
            edge.weights(of: new).map {
              wider.values[reader.weights.lowerBound + unit * readerRow + $0]
            }
          }
        }
        #expect(found == columns || wider.isTied(consumer, to: place))
      }
    }
    #expect(heard > 0 || network.growable.isEmpty)
  }

  @Test func optimizerStateStartsAtZeroForNewUnits() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [2], outputs: 1, activation: .relu))
    network.randomize(seed: 3)
    let surgery = try network.applying([
      .widen(
        layer: network.id("fc1"),
        NewUnits(count: 1, fanIn: [10, 20], biases: [30], fanOut: [[40]]))
    ])
    // fc1: weights 0–3, biases 4 and 5; fc2: weights 6 and 7, bias 8.
    #expect(surgery.origin == [0, 1, 2, 3, -1, -1, 4, 5, -1, 6, 7, -1, 8])
    let fresh = surgery.origin.indices.filter { surgery.origin[$0] < 0 }
    #expect(fresh.map { surgery.network.values[$0] } == [10, 20, 30, 40])
    let momentum = network.values.indices.map { Float($0) + 1 }
    #expect(
      surgery.following(momentum, fresh: 0) == [1, 2, 3, 4, 0, 0, 5, 6, 0, 7, 8, 0, 9])
    var state = OptimizerState(parameters: 9)
    state.follow(surgery.origin)
    #expect(state == OptimizerState(parameters: 13))
  }
}

extension Network {
  /// Whether two layers' units are added to each other.
  fileprivate func isTied(_ first: Int, to second: Int) -> Bool {
    unitGroups().contains { group in
      group.members.contains { $0.place == first } && group.members.contains { $0.place == second }
    }
  }
}
