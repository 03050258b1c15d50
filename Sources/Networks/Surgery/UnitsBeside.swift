/// Units to be put beside what a dense layer reads: they read all of that themselves, and the layer
/// reads them behind it. The next ones put there read these, too: a cascade.
package struct UnitsBeside: Sendable, Equatable {
  /// A dense layer over all that the reader reads, and perhaps an activation behind it.
  package var layers: [LayerSpecification]
  /// What the reader reads the new units by: its outputs × units, row-major; empty for zeros.
  package var fanOut: [Float]
  /// Whether training leaves the new layers as they are; the fan-out it trains in any case.
  package var areFrozen: Bool

  package init(layers: [LayerSpecification], fanOut: [Float] = [], areFrozen: Bool = false) {
    self.layers = layers
    self.fanOut = fanOut
    self.areFrozen = areFrozen
  }

  /// How many units there are, if the first layer has any.
  package var count: Int { layers.first?.operation.units ?? 0 }
}

/// Units put beside what a layer reads.
///
///     x                     x ─────────────┐
///     └─ reader      →      ├─ new units ─ concatenation
///                           ┊              └─ reader
///
/// What else reads x goes on doing so alone. Columns of the reader for x come first and stay as they are.
extension OperatingTable {
  mutating func insert(_ new: UnitsBeside, besideInputOf place: Int) throws(SurgeryError) {
    let graph = network.graph
    let reader = graph.nodes[place]
    let columns = try fanOut(of: new, into: place)
    let input = reader.inputs[0]
    var names = FreeNames(of: graph)
    func made(_ index: Int, _ operation: Operation, _ inputs: [Int]) -> Graph.Node {
      Graph.Node(
        id: graph.nextID + UInt64(index), name: names.next("\(reader.name).beside"),
        operation: operation, inputs: inputs, block: reader.block)
    }
    var nodes = Array(graph.nodes[..<place])
    for (index, layer) in new.layers.enumerated() {
      nodes.append(made(index, layer.operation, [index == 0 ? input : place + index - 1]))
    }
    let concatenation = place + new.layers.count
    nodes.append(made(new.layers.count, .concatenate, [input, concatenation - 1]))
    let shift = nodes.count - place
    for (index, old) in graph.nodes.enumerated().dropFirst(place) {
      var node = old
      node.inputs = old.inputs.map { $0 >= place ? $0 + shift : $0 }
      if index == place { node.inputs = [concatenation] }
      nodes.append(node)
    }
    try checkSize(of: nodes, widening: place)
    let (parameters, statistics) = gathered(new.layers, columns, before: place)
    try rebuild(
      nodes: nodes, nextID: graph.nextID + UInt64(shift), parameters: parameters,
      statistics: statistics)
    if new.areFrozen { try setFrozen(true, at: place, nil) }
  }

  private func gathered(
    _ layers: [LayerSpecification], _ columns: [Float], before place: Int
  ) -> (parameters: Gathering, statistics: Gathering) {
    var parameters = Gathering()
    var statistics = Gathering()
    for slot in network.layout.slots {
      statistics.keep(network.layout.statistics[slot.place] ?? 0..<0)
      guard slot.place == place else {
        parameters.keep(slot.all)
        continue
      }
      for layer in layers {
        parameters.make(layer.weights)
        parameters.make(layer.biases)
      }
      let outputs = network.graph.shapes[place].channels
      let (row, new) = (slot.weights.count / outputs, columns.count / outputs)
      for output in 0..<outputs {
        let start = slot.weights.lowerBound + output * row
        parameters.keep(start..<start + row)
        parameters.make(columns[output * new..<(output + 1) * new])
      }
      parameters.keep(slot.biases)
    }
    return (parameters, statistics)
  }

  // MARK: - What is refused

  /// The new columns of the reader at `place`, zeros where none are given.
  private func fanOut(of new: UnitsBeside, into place: Int) throws(SurgeryError) -> [Float] {
    let outputs = try checkReader(at: place)
    try check(new.layers, beside: place)
    let (wanted, overflow) = outputs.multipliedReportingOverflow(by: new.count)
    guard !overflow, wanted <= Graph.mostParameters else {
      throw invalid(place, "\(new.count) units beside what it reads are too many")
    }
    guard !new.fanOut.isEmpty else {
      try checkLife(of: new, columns: [Float](repeating: 0, count: wanted), into: place)
      return [Float](repeating: 0, count: wanted)
    }
    guard new.fanOut.count == wanted else {
      throw invalid(
        place,
        "\(new.fanOut.count) fan-out weights for \(new.count) units beside what it reads, and "
          + "\(wanted) are wanted")
    }
    if let index = new.fanOut.firstIndex(where: { !$0.isFinite }) {
      throw invalid(
        place,
        "the fan-out of unit \(index % new.count) beside what it reads has \(new.fanOut[index]), "
          + "not a finite number")
    }
    try checkLife(of: new, columns: new.fanOut, into: place)
    return new.fanOut
  }

  private func checkReader(at place: Int) throws(SurgeryError) -> Int {
    let operation = network.graph.nodes[place].operation
    if let dense = operation.dense { return dense.units }
    guard operation.convolution == nil else {
      throw invalid(
        place, "it is a convolution and reads a map; units are put beside flat inputs alone")
    }
    throw invalid(
      place, "it is of kind \(operation.word); units are put beside what a dense layer reads")
  }

  private func check(
    _ layers: [LayerSpecification], beside place: Int
  ) throws(SurgeryError) {
    guard let first = layers.first, first.operation.dense != nil else {
      throw invalid(place, "what is put beside its input must begin with a dense layer")
    }
    guard layers.count <= 2, layers.dropFirst().allSatisfy(\.operation.isActivation) else {
      throw invalid(
        place, "only an activation may follow the dense layer that is put beside its input")
    }
    var shape = network.graph.shapes[network.graph.nodes[place].inputs[0]]
    for (index, layer) in layers.enumerated() {
      if let reason = layer.problem(reading: shape) {
        throw invalid(place, "layer \(index) beside its input \(reason)")
      }
      shape = Shape(first.operation.units ?? 0)
    }
  }

  /// Refuses units that no gradient would ever reach.
  private func checkLife(
    of new: UnitsBeside, columns: [Float], into place: Int
  ) throws(SurgeryError) {
    guard let layer = new.layers.first else { return }
    let row = layer.weights.count / new.count
    for unit in 0..<new.count {
      let isSilent =
        layer.weights[unit * row..<(unit + 1) * row].allSatisfy { $0 == 0 }
        && (layer.biases.isEmpty || layer.biases[unit] == 0)
      let isUnheard = stride(from: unit, to: columns.count, by: new.count).allSatisfy {
        columns[$0] == 0
      }
      guard isSilent, isUnheard else { continue }
      throw invalid(
        place,
        "fan-in and fan-out of unit \(unit) beside its input are all 0: no gradient would ever "
          + "reach it")
    }
  }
}
