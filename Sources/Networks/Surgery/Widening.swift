/// Growth of a layer by units, with everything that their channels pass.
extension OperatingTable {
  mutating func widen(at place: Int, by new: NewUnits) throws(SurgeryError) {
    let graph = network.graph
    guard let units = graph.nodes[place].operation.units else {
      throw invalid(
        place, "a layer of kind \(graph.nodes[place].operation.word) has no units to add to")
    }
    guard new.count > 0 else { throw invalid(place, "\(new.count) units cannot be added to it") }
    guard new.count <= Graph.mostUnits - units else {
      throw invalid(place, "its \(units) units and \(new.count) more are too many")
    }
    let trace = ChannelTrace(graph)
    try checkTies(at: place, of: trace)
    let edges = graph.unitEdges.filter { $0.producer == place }
    try checkReadersHaveParts(of: edges, growing: place)
    try check(new, at: place, edges: edges)
    let group = trace.groups[place][units - 1]
    var copied: CopiedChannels?
    if let sources = new.sources {
      let copies = CopiedChannels(
        trace, behind: group, copying: sources.map { trace.groups[place][$0] })
      if let (unit, other) = copies.misfit() {
        throw invalid(
          place,
          "unit \(units + unit) cannot be a copy of unit \(sources[unit]): layer "
            + "'\(graph.nodes[other].name)' adds something else to that than to unit \(units - 1)")
      }
      copied = copies
    }
    let nodes = graph.nodes.enumerated().map { other, node in
      node.adding(new.count * trace.groups[other].count { $0 == group })
    }
    try checkSize(of: nodes, widening: place)
    let widened = WidenedChannels(graph, trace: trace, behind: group, count: new.count)
    if let sum = widened.misaligned {
      throw invalid(
        place,
        "it cannot grow: '\(graph.nodes[sum].name)' adds its units to those of layers that do not "
          + "line up with it")
    }
    try check(new.normalisation, at: place, count: new.count, widened)
    let growth = Growth(
      network: network, layer: place, new: new, edges: edges, widened: widened, copied: copied)
    let (parameters, statistics) = growth.gathered()
    try rebuild(nodes: nodes, nextID: graph.nextID, parameters: parameters, statistics: statistics)
  }

  /// Refuses units whose readers know no small weights: a sign has no half, and no beginning.
  private func checkReadersHaveParts(
    of edges: [UnitEdge], growing place: Int
  ) throws(SurgeryError) {
    let nodes = network.graph.nodes
    for consumer in edges.compactMap(\.consumer)
    where nodes[consumer].operation.kind.hasLatentWeights {
      throw invalid(
        place,
        "it cannot grow: '\(nodes[consumer].name)' reads its units by the signs of its weights, which "
          + "neither begin small nor can be shared out among copies")
    }
  }

  /// Refuses more parameters than memory or the origins' type could hold, before any is made.
  func checkSize(of nodes: [Graph.Node], widening place: Int) throws(SurgeryError) {
    let graph: Graph
    do throws(GraphError) {
      graph = try Graph(nodes: nodes)
    } catch {
      throw SurgeryError(.invalid, layer: error.node, error.reason)
    }
    let count = ParameterLayout(graph).count
    guard count <= Graph.mostParameters else {
      throw invalid(place, "the network would have \(count) parameters with these units, too many")
    }
  }
}

extension Graph.Node {
  /// The node with so many more units, if it is a layer that has some.
  fileprivate func adding(_ count: Int) -> Graph.Node {
    var node = self
    if let units = operation.units { node.operation = operation.with(units: units + count) }
    return node
  }
}
