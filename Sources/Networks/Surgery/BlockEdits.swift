/// Edits of residual blocks.
extension OperatingTable {
  mutating func scaleBlock(at place: Int, by factor: Float) throws(SurgeryError) {
    guard factor.isFinite else {
      throw invalid(place, "its branch's scale \(factor) is not a finite number")
    }
    var nodes = network.graph.nodes
    nodes[place].operation = .residualSum(scale: factor)
    do throws(GraphError) {
      network = try network.with(graph: Graph(nodes: nodes, nextID: network.graph.nextID))
    } catch {
      throw SurgeryError(.invalid, layer: error.node, error.reason)
    }
  }

  /// Takes the sum out, its readers read the skip, and with it every node that the network's output
  /// no longer depends on: the branch, but for what is read elsewhere too.
  mutating func dropBlock(at sum: Int) throws(SurgeryError) {
    let graph = network.graph
    let skip = graph.nodes[sum].inputs[0]
    var nodes = graph.nodes
    for place in graph.consumers[sum] {
      nodes[place].inputs = nodes[place].inputs.map { $0 == sum ? skip : $0 }
    }
    let isOutput = sum == nodes.count - 1
    let needed = nodes.places(neededBy: isOutput ? skip : nodes.count - 1)

    var blocks: [UInt64: UInt64?] = [:]
    var newPlace = [Int](repeating: 0, count: nodes.count)
    var kept: [Graph.Node] = []
    for place in nodes.indices {
      if needed[place] {
        newPlace[place] = kept.count
        var node = nodes[place]
        node.inputs = node.inputs.map { newPlace[$0] }
        kept.append(node)
      } else {
        blocks.updateValue(nodes[place].block, forKey: nodes[place].id)
      }
    }
    // A node that outlives its block belongs to the one around it.
    for index in kept.indices {
      var outer = blocks
      while let block = kept[index].block, let around = outer.removeValue(forKey: block) {
        kept[index].block = around
      }
    }
    guard kept.contains(where: \.operation.isWeighted) else {
      throw SurgeryError(
        .collapsed, layer: graph.nodes[sum].name,
        "without its branch no layer with weights would remain")
    }
    let slots = network.layout.slots.filter { needed[$0.place] }
    try rebuild(
      nodes: kept, nextID: graph.nextID, source: slots.flatMap { $0.all.map(Int32.init) },
      statistics: slots.flatMap { (network.layout.statistics[$0.place] ?? 0..<0).map(Int32.init) })
  }
}

extension [Graph.Node] {
  /// Whether the node at `place` depends on each.
  fileprivate func places(neededBy place: Int) -> [Bool] {
    var needed = [Bool](repeating: false, count: count)
    needed[place] = true
    for place in indices.reversed() where needed[place] {
      for input in self[place].inputs { needed[input] = true }
    }
    return needed
  }
}
