extension Network {
  /// The network after a plan: all edits in order, each on the result of those before it, or none.
  ///
  /// Edits name nodes by id, and ids are stable, so an edit may name any layer that those before it
  /// left in place. Positions and units count in the layer as it is when the edit's turn comes.
  ///
  /// - Returns: the new network, and for each of its parameters the origin in this one; −1 for the
  ///   parameters of new layers and for those made live by `maskOn`.
  /// - Throws: ``SurgeryError`` that names the edit, the layer and the index that do not fit.
  package func applying(_ edits: [Edit]) throws(SurgeryError) -> Surgery {
    var table = OperatingTable(self)
    for (index, edit) in edits.enumerated() {
      do throws(SurgeryError) {
        try table.apply(edit)
      } catch {
        var error = error
        error.edit = index
        throw error
      }
    }
    return table.surgery
  }
}

/// A network under surgery: what the edits so far have made of it.
struct OperatingTable {
  var network: Network
  /// For each parameter its index in the network that surgery began with, or −1.
  var origin: [Int32]

  init(_ network: Network) {
    self.network = network
    origin = (0..<network.layout.count).map(Int32.init)
  }

  var surgery: Surgery { Surgery(network: network, origin: origin) }

  mutating func apply(_ edit: Edit) throws(SurgeryError) {
    switch edit {
    case .maskOff(let layer, let positions):
      try maskOff(at: place(of: layer), positions)
    case .maskOn(let layer, let positions, let values):
      try maskOn(at: place(of: layer), positions, values: values)
    case .setParameters(let layer, let positions, let values):
      try setParameters(at: place(of: layer), positions, values: values)
    case .removeUnits(let layer, let units):
      try removeUnits(at: place(of: layer), units)
    case .replace(let layer, let specifications):
      try replace(at: place(of: layer), with: specifications)
    case .scaleBlock(let block, let factor):
      try scaleBlock(at: place(ofBlock: block), by: factor)
    case .dropBlock(let block):
      try dropBlock(at: place(ofBlock: block))
    case .freeze(let layer, let positions):
      try setFrozen(true, at: place(of: layer), positions)
    case .thaw(let layer, let positions):
      try setFrozen(false, at: place(of: layer), positions)
    }
  }

  /// The place of a layer that has parameters.
  private func place(of id: UInt64) throws(SurgeryError) -> Int {
    guard let place = network.graph.place(of: id) else {
      throw SurgeryError(.invalid, layer: "id \(id)", "the network has no such layer")
    }
    return place
  }

  private func place(ofBlock id: UInt64) throws(SurgeryError) -> Int {
    guard let place = network.graph.place(of: id) else {
      throw SurgeryError(.invalid, layer: "id \(id)", "the network has no such block")
    }
    let node = network.graph.nodes[place]
    guard case .residualSum = node.operation else {
      throw SurgeryError(
        .invalid, layer: node.name,
        "it is no residual block but a layer of kind \(node.operation.word)")
    }
    return place
  }

  /// Puts another graph in place, its parameters gathered from the present ones.
  ///
  /// - Parameters:
  ///   - source: for each parameter of the new graph its index in the present one, or −1.
  ///   - statistics: for each running statistic of the new graph its index in the present one.
  ///   - fresh: the values of the parameters whose source is −1, in their order.
  mutating func rebuild(
    nodes: [Graph.Node], nextID: UInt64, source: [Int32], statistics: [Int32], fresh: [Float] = []
  ) throws(SurgeryError) {
    var values = following(network.values, origin: source, fresh: 0)
    var next = 0
    for index in source.indices where source[index] < 0 && next < fresh.count {
      values[index] = fresh[next]
      next += 1
    }
    do throws(GraphError) {
      network = try Network(
        graph: Graph(nodes: nodes, nextID: nextID), values: values,
        mask: following(network.mask, origin: source, fresh: 1),
        statistics: following(network.statistics, origin: statistics, fresh: 0),
        prunesBiases: network.prunesBiases,
        frozen: network.frozen.isEmpty
          ? [] : following(network.frozen, origin: source, fresh: false))
    } catch {
      throw SurgeryError(.invalid, layer: error.node, error.reason)
    }
    origin = following(origin, origin: source, fresh: -1)
  }
}
