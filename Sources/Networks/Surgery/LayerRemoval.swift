/// Removal of a layer that stands where the shape does not change.
extension OperatingTable {
  mutating func removeLayer(at place: Int) throws(SurgeryError) {
    let graph = network.graph
    let layer = graph.nodes[place]
    guard layer.operation.isWeighted else {
      throw invalid(place, "only dense layers and convolutions can be taken out")
    }
    let removed = Set(graph.layerAndItsOwn(at: place))
    let end = removed.max() ?? place
    let input = layer.inputs[0]
    guard graph.shapes[input] == graph.shapes[end], graph.layouts[input] == graph.layouts[end]
    else {
      throw invalid(
        place, "it makes \(graph.shapes[end]) of \(graph.shapes[input]) and cannot be taken out")
    }
    guard graph.weightedLayers.count > 1 else {
      throw SurgeryError(
        .collapsed, layer: layer.name, "without it no layer with weights would remain")
    }

    var newPlace = [Int](repeating: 0, count: graph.nodes.count)
    var kept: [Graph.Node] = []
    var parameters = Gathering()
    var statistics = Gathering()
    for (index, old) in graph.nodes.enumerated() {
      guard !removed.contains(index) else {
        newPlace[index] = newPlace[input]
        continue
      }
      newPlace[index] = kept.count
      var node = old
      node.inputs = old.inputs.map { newPlace[$0] }
      if node.operation.residualSum != nil, node.inputs[0] == node.inputs[1],
        old.inputs[0] != old.inputs[1]
      {
        throw invalid(place, "without it nothing would be left of the branch of '\(node.name)'")
      }
      kept.append(node)
      guard let slot = network.layout[index] else { continue }
      parameters.keep(slot.all)
      statistics.keep(network.layout.statistics[index] ?? 0..<0)
    }
    try rebuild(
      nodes: kept, nextID: graph.nextID, parameters: parameters, statistics: statistics)
  }
}
