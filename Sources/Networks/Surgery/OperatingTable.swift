extension Network {
  /// The network after a plan: all edits in order, each on the result of those before it, or none.
  ///
  /// Edits name nodes by id, and ids are stable, so an edit may name any layer that those before it
  /// left in place. Positions and units count in the layer as it is when the edit's turn comes.
  ///
  /// - Returns: the new network, and for each of its parameters the origin in this one; −1 for the
  ///   parameters of new layers and units and for those made live by `maskOn`.
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
    origin = [Int32](unsafeUninitializedCapacity: network.layout.count) { origin, count in
      count = network.layout.count
      for index in 0..<count { origin[index] = Int32(truncatingIfNeeded: index) }
    }
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
    case .widen(let layer, let units):
      try widen(at: place(of: layer), by: units)
    case .insertAfter(let layer, let specifications):
      try insert(specifications, after: place(of: layer))
    case .insertBlock(let layer, let specifications):
      try insertBlock(of: specifications, after: place(of: layer))
    case .insertBeside(let layer, let units):
      try insert(units, besideInputOf: place(of: layer))
    case .removeLayer(let layer):
      try removeLayer(at: place(of: layer))
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
    guard node.operation.residualSum != nil else {
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
  ///   - statistics: for each running statistic of the new graph its index in the present one, or −1.
  ///   - fresh: the values of the parameters whose source is −1, in their order.
  ///   - freshStatistics: the same of the running statistics.
  mutating func rebuild(
    nodes: [Graph.Node], nextID: UInt64, source: [Int32], statistics: [Int32], fresh: [Float] = [],
    freshStatistics: [Float] = []
  ) throws(SurgeryError) {
    do throws(GraphError) {
      network = try Network(
        graph: Graph(nodes: nodes, nextID: nextID),
        values: following(network.values, origin: source, fresh: fresh),
        mask: following(network.mask, origin: source, fresh: 1),
        statistics: following(network.statistics, origin: statistics, fresh: freshStatistics),
        prunesBiases: network.prunesBiases,
        frozen: network.frozen.isEmpty
          ? [] : following(network.frozen, origin: source, fresh: false))
    } catch {
      throw SurgeryError(.invalid, layer: error.node, error.reason)
    }
    origin = following(origin, origin: source, fresh: -1)
  }

  mutating func rebuild(
    nodes: [Graph.Node], nextID: UInt64, parameters: Gathering, statistics: Gathering
  ) throws(SurgeryError) {
    try rebuild(
      nodes: nodes, nextID: nextID, source: parameters.source, statistics: statistics.source,
      fresh: parameters.fresh, freshStatistics: statistics.fresh)
  }
}

/// A vector of the network to be, put together of kept entries of the present one and fresh ones.
struct Gathering {
  private(set) var source: [Int32] = []
  private(set) var fresh: [Float] = []

  mutating func keep(_ index: Int) { source.append(Int32(index)) }

  mutating func keep(_ indices: Range<Int>) {
    for index in indices { source.append(Int32(index)) }
  }

  mutating func make(_ value: Float) {
    source.append(-1)
    fresh.append(value)
  }

  mutating func make(_ values: some Sequence<Float>) {
    for value in values { make(value) }
  }
}

/// The values of `old` at `origin`, and those of `fresh` in turn where the origin is negative; 0
/// when there are no more of them.
private func following(_ old: [Float], origin: [Int32], fresh: [Float]) -> [Float] {
  var values = following(old, origin: origin, fresh: 0)
  var next = 0
  for index in origin.indices where origin[index] < 0 && next < fresh.count {
    values[index] = fresh[next]
    next += 1
  }
  return values
}
