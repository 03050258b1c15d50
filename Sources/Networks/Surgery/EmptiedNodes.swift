/// Nodes that lose all their channels when units are removed.
extension ChannelTrace {
  func isEmptied(_ place: Int, by removed: [Bool]) -> Bool {
    groups[place].allSatisfy { removed[$0] }
  }

  /// The first layer that would lose all its units and without which a node could not do, or nil: one
  /// that stands beside others in a concatenation can go, one that a layer or a sum reads cannot.
  func firstNeeded(emptiedBy removed: [Bool], in graph: Graph) -> Int? {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    for place in graph.nodes.indices.reversed() where isEmptied(place, by: removed) {
      isNeeded[place] = graph.consumers[place].contains { reader in
        let operation = graph.nodes[reader].operation
        return operation.isWeighted || operation.kind.blockScale != nil || isNeeded[reader]
      }
    }
    return graph.weightedLayers.first { isNeeded[$0] }
  }
}

extension OperatingTable {
  /// The nodes that keep channels, each with as many units as it keeps.
  func nodes(without removed: [Bool], of trace: ChannelTrace) throws(SurgeryError) -> [Graph.Node] {
    let graph = network.graph
    var newPlace = [Int](repeating: 0, count: graph.nodes.count)
    var nodes: [Graph.Node] = []
    for (place, old) in graph.nodes.enumerated() where !trace.isEmptied(place, by: removed) {
      var node = old
      node.inputs = old.inputs.filter { !trace.isEmptied($0, by: removed) }.map { newPlace[$0] }
      let units = trace.kept(at: place, removed: removed).count
      node.operation = old.operation.with(units: units)
      if old.operation == .concatenate, node.inputs.count == 1, old.inputs.count > 1 {
        newPlace[place] = node.inputs[0]
        continue
      }
      if old.operation.residualSum != nil, node.inputs[0] == node.inputs[1],
        old.inputs[0] != old.inputs[1]
      {
        throw SurgeryError(
          .collapsed, layer: old.name, "without these units nothing would be left of its branch")
      }
      newPlace[place] = nodes.count
      nodes.append(node)
    }
    return nodes
  }
}
