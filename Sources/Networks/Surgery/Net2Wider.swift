/// Width that keeps the function (Chen, Goodfellow & Shlens 2016, "Net2Net", ICLR).
extension Network {
  /// Net2WiderNet: for each of `sources` a copy of that unit of the layer; a unit and its copies share
  /// its fan-out equally.
  ///
  /// - Throws: ``SurgeryError`` for what is no layer with units, or no unit of it. What else keeps
  ///   the layer from growing is found when the edits are applied.
  package func net2Wider(
    layer: UInt64, copying sources: [Int]
  ) throws(SurgeryError) -> [Edit] {
    guard let place = graph.place(of: layer), let slot = layout[place],
      let units = graph.nodes[place].operation.units
    else {
      throw SurgeryError(.invalid, layer: "id \(layer)", "the network has no such layer with units")
    }
    if let source = sources.first(where: { !(0..<units ~= $0) }) {
      throw SurgeryError(
        .invalid, layer: graph.nodes[place].name, "unit \(source) is not in 0..<\(units)")
    }
    var copies = [Int](repeating: 1, count: units)
    for source in sources { copies[source] += 1 }
    let row = slot.weights.count / units
    var divided: [Edit] = []
    var fanOut: [[Float]] = []
    for edge in graph.unitEdges where edge.producer == place {
      let (edit, columns) = shares(of: edge, among: copies, to: sources)
      if let edit { divided.append(edit) }
      fanOut.append(columns)
    }
    let fanIn = sources.flatMap { source in
      values[slot.weights.lowerBound + source * row..<slot.weights.lowerBound + (source + 1) * row]
    }
    let biases =
      slot.biases.isEmpty ? [] : sources.map { values[slot.biases.lowerBound + $0] }
    let new = NewUnits(
      count: sources.count, fanIn: fanIn, biases: biases, fanOut: fanOut, sources: sources)
    return divided + [.widen(layer: layer, new)]
  }

  /// The edit that divides the fan-out of units among them and their copies, if any has copies, and
  /// the copies' columns.
  private func shares(
    of edge: UnitEdge, among copies: [Int], to sources: [Int]
  ) -> (edit: Edit?, columns: [Float]) {
    guard let consumer = edge.consumer, let slot = layout[consumer] else { return (nil, []) }
    let rows = graph.shapes[consumer].channels
    let row = slot.weights.count / rows
    var positions: [Int] = []
    var shared: [Float] = []
    var columns: [Float] = []
    columns.reserveCapacity(rows * sources.count * edge.columns)
    for start in stride(from: 0, to: slot.weights.count, by: row) {
      for (unit, count) in copies.enumerated() where count > 1 {
        for position in edge.weights(of: unit) {
          positions.append(start + position)
          shared.append(values[slot.weights.lowerBound + start + position] / Float(count))
        }
      }
      for source in sources {
        columns += edge.weights(of: source).map {
          values[slot.weights.lowerBound + start + $0] / Float(copies[source])
        }
      }
    }
    guard !positions.isEmpty else { return (nil, columns) }
    let id = graph.nodes[consumer].id
    return (.setParameters(layer: id, positions: positions, values: shared), columns)
  }
}
