import Networks
import TestSupport
import Testing

@Suite("Edges say which units feed which inputs")
struct UnitEdgeTests {
  /// Every input of every layer, and every output, walked back by hand.
  @Test(arguments: Draw.all(seeds: 0..<30))
  func edgesAreWhatWalkingBackFinds(_ draw: Draw) throws {
    let graph = try draw.network().graph
    var wanted: Set<Feed> = []
    for consumer in graph.weightedLayers + [graph.nodes.count] {
      let read = consumer < graph.nodes.count ? graph.nodes[consumer].inputs[0] : consumer - 1
      for input in 0..<graph.shapes[read].channels {
        for (producer, unit) in graph.makers(of: input, at: read) {
          wanted.insert(Feed(producer: producer, unit: unit, consumer: consumer, input: input))
        }
      }
    }
    var found: Set<Feed> = []
    var count = 0
    for edge in graph.unitEdges {
      #expect(edge.units == graph.nodes[edge.producer].operation.units)
      for unit in 0..<edge.units {
        for input in edge.inputs(of: unit) {
          found.insert(
            Feed(
              producer: edge.producer, unit: unit, consumer: edge.consumer ?? graph.nodes.count,
              input: input))
          count += 1
        }
      }
    }
    #expect(found == wanted)
    #expect(found.count == count, "an edge twice")
    let order = graph.unitEdges.map {
      [$0.producer, $0.consumer ?? graph.nodes.count, $0.offset]
    }
    #expect(order == order.sorted { $0.lexicographicallyPrecedes($1) })
  }

  /// Masking the columns that edges name, for all units that stand or fall together, is removal.
  @Test(arguments: Draw.all(seeds: 0..<30))
  func maskedColumnsAreARemovedUnit(_ draw: Draw) throws {
    let network = try draw.network()
    let edges = network.graph.unitEdges
    for group in network.unitGroups() where group.removable {
      var masked = network
      for member in group.members {
        for edge in edges where edge.producer == member.place {
          masked.maskColumns(of: member.unit, along: edge)
        }
      }
      #expect(masked == network.maskingConsumers(of: group.members.map { ($0.place, $0.unit) }))
      let first = group.members[0]
      let removed = try network.applying([
        .removeUnits(layer: network.graph.nodes[first.place].id, units: [first.unit])
      ])
      expectSameFunction(masked, removed.network, tolerance: 1e-12, samples: 1)
    }
  }

  @Test func flattenMakesAUnitItsWholeMap() throws {
    let graph = try Models.leNet5()
    let edges = graph.unitEdges
    #expect(edges.map(\.area) == [1, 16, 1, 1])
    #expect(edges.map(\.kernel) == [25, 1, 1, 1])
    #expect(edges.map(\.units) == [20, 50, 500, 10])
    #expect(edges[1].inputs(of: 2) == 32..<48)
    #expect(edges[0].weights(of: 2) == 50..<75)
    #expect(edges[3].consumer == nil)
  }

  /// A tower that is concatenated twice, on both sides of one that a skip is added to.
  @Test func offsetsCountWhatStandsBefore() throws {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    let first = builder.add(.dense(units: 2, bias: true))
    let second = builder.add(.dense(units: 4, bias: true), on: [0])
    let third = builder.add(.dense(units: 4, bias: true), on: [0])
    let sum = builder.add(.residualSum(scale: 1), on: [second, third])
    builder.add(.concatenate, on: [first, sum, first])
    let last = builder.add(.dense(units: 1, bias: true))
    let edges = try builder.graph().unitEdges.filter { $0.consumer == last }
    #expect(edges.map(\.producer) == [first, first, second, third])
    #expect(edges.map(\.offset) == [0, 6, 2, 2])
  }
}

private struct Feed: Hashable {
  let producer: Int
  let unit: Int
  let consumer: Int
  let input: Int
}

extension Graph {
  /// The units of weighted layers that a channel is made of, without other weights between.
  fileprivate func makers(of channel: Int, at place: Int) -> [(producer: Int, unit: Int)] {
    let node = nodes[place]
    switch node.operation {
    case _ where place == 0: return []
    case _ where node.operation.isWeighted: return [(place, channel)]
    case .flatten:
      return makers(of: channel / shapes[node.inputs[0]].plane, at: node.inputs[0])
    case .concatenate:
      var channel = channel
      for input in node.inputs {
        guard channel >= shapes[input].channels else { return makers(of: channel, at: input) }
        channel -= shapes[input].channels
      }
      return []
    default: return node.inputs.flatMap { makers(of: channel, at: $0) }
    }
  }
}

extension Network {
  fileprivate mutating func maskColumns(of unit: Int, along edge: UnitEdge) {
    guard let consumer = edge.consumer, let slot = layout[consumer],
      let rows = graph.nodes[consumer].operation.units
    else { return }
    for row in 0..<rows {
      let start = slot.weights.lowerBound + row * (slot.weights.count / rows)
      for position in edge.weights(of: unit) {
        values[start + position] = 0
        mask[start + position] = 0
      }
    }
  }
}
