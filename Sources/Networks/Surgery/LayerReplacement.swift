/// Replacement of a layer by a sequence of layers.
extension OperatingTable {
  mutating func replace(
    at place: Int, with specifications: [LayerSpecification]
  ) throws(SurgeryError) {
    let graph = network.graph
    let old = graph.nodes[place]
    guard old.operation.isWeighted else {
      throw invalid(place, "only dense layers and convolutions can be replaced")
    }
    guard !specifications.isEmpty else {
      throw invalid(place, "it must be replaced by at least one layer")
    }
    let made = try check(specifications, inPlaceOf: place)

    // Later nodes move back by as many places as the sequence is longer than one.
    let shift = made.count - 1
    var nodes = Array(graph.nodes[..<place])
    for (index, node) in made.enumerated() {
      var node = node
      node.inputs = index == 0 ? old.inputs : [place + index - 1]
      nodes.append(node)
    }
    for var node in graph.nodes[(place + 1)...] {
      node.inputs = node.inputs.map { $0 >= place ? $0 + shift : $0 }
      nodes.append(node)
    }
    var source: [Int32] = []
    source.reserveCapacity(network.layout.count)
    let fresh = specifications.flatMap { $0.weights + $0.biases }
    for slot in network.layout.slots {
      if slot.place == place {
        source += [Int32](repeating: -1, count: fresh.count)
      } else {
        source += slot.all.map(Int32.init)
      }
    }
    guard nodes.contains(where: \.operation.isWeighted) else {
      throw SurgeryError(
        .collapsed, layer: old.name, "without it no layer with weights would remain")
    }
    try rebuild(
      nodes: nodes, nextID: graph.nextID + UInt64(made.count), source: source,
      statistics: network.statistics.indices.map(Int32.init), fresh: fresh)
  }

  /// The nodes of a sequence that fits, without their inputs.
  private func check(
    _ specifications: [LayerSpecification], inPlaceOf place: Int
  ) throws(SurgeryError) -> [Graph.Node] {
    let graph = network.graph
    let old = graph.nodes[place]
    let taken = Set(graph.nodes.map(\.name))
    var names = (1...).lazy.map { "\(old.name).\($0)" }.filter { !taken.contains($0) }
      .makeIterator()
    var shape = graph.shapes[old.inputs[0]]
    var layout = graph.layouts[old.inputs[0]]
    var made: [Graph.Node] = []
    for (index, specification) in specifications.enumerated() {
      let node = Graph.Node(
        id: graph.nextID + UInt64(index), name: names.next() ?? old.name,
        operation: specification.operation, inputs: [], block: old.block)
      // Counts are checked first: they bound every extent by what lies in memory.
      if let reason = specification.problem(reading: shape) {
        throw invalid(place, "layer \(index) of its replacement \(reason)")
      }
      do throws(GraphError) {
        (shape, layout) = try node.output(from: [shape], layouts: [layout], isFirst: false)
      } catch {
        throw invalid(place, "layer \(index) of its replacement does not fit: \(error.reason)")
      }
      made.append(node)
    }
    guard shape == graph.shapes[place], layout == graph.layouts[place] else {
      throw invalid(
        place,
        "layer \(made.count - 1) of its replacement produces \(shape), and \(graph.shapes[place]) "
          + "is wanted")
    }
    return made
  }
}

extension LayerSpecification {
  /// What is wrong with the layer on an input of this shape, or nil.
  fileprivate func problem(reading input: Shape) -> String? {
    let wanted: (weights: Int, biases: Int)
    switch operation {
    case .dense(let units, let bias):
      guard units > 0 else { return "has \(units) units; at least one is needed" }
      let (weights, overflow) = units.multipliedReportingOverflow(by: input.count)
      guard !overflow else { return "has \(units) units, too many" }
      wanted = (weights, bias ? units : 0)
    case .convolution(let convolution):
      let kernel = convolution.kernel
      let padding = convolution.padding
      guard convolution.channels > 0, kernel.height > 0, kernel.width > 0 else {
        return "needs at least one filter, and a kernel of at least 1×1"
      }
      guard convolution.stride.height > 0, convolution.stride.width > 0 else {
        return "needs a stride of at least 1"
      }
      guard 0...kernel.height ~= padding.height, 0...kernel.width ~= padding.width else {
        return "has a padding that is negative or wider than its kernel"
      }
      var weights = convolution.channels
      for factor in [input.channels, kernel.height, kernel.width] {
        let (product, overflow) = weights.multipliedReportingOverflow(by: factor)
        guard !overflow else { return "has too many weights" }
        weights = product
      }
      wanted = (weights, convolution.bias ? convolution.channels : 0)
    case .relu, .tanh, .sigmoid:
      wanted = (0, 0)
    default:
      return
        "is of kind \(operation.word); dense, convolution, relu, tanh and sigmoid can be put in"
    }
    guard weights.count == wanted.weights, biases.count == wanted.biases else {
      return "has \(weights.count) weights and \(biases.count) biases, and \(wanted.weights) and "
        + "\(wanted.biases) are wanted"
    }
    if let index = weights.firstIndex(where: { !$0.isFinite }) {
      return "has the weight \(weights[index]) at index \(index), not a finite number"
    }
    if let index = biases.firstIndex(where: { !$0.isFinite }) {
      return "has the bias \(biases[index]) at index \(index), not a finite number"
    }
    return nil
  }
}
