/// Sequences of layers put into the graph.
extension OperatingTable {
  /// What a sequence of new layers stands between.
  struct Seam {
    /// The place of the node that the first one reads.
    let input: Int
    /// The place of the node whose shape the last one has to make.
    let output: Int
    /// The block in whose branch they lie.
    let block: UInt64?
    /// What their names begin with.
    let name: String
    /// What the sequence is, for messages: "its replacement".
    let word: String
  }

  /// The nodes of a sequence that fits, from the smallest id on that is free; the first reads the
  /// seam's input, each other the place behind the one before it, counted from `start`.
  ///
  /// - Parameter layer: the place of the layer that an error names.
  func nodes(
    of specifications: [LayerSpecification], at seam: Seam, from start: Int, naming layer: Int
  ) throws(SurgeryError) -> [Graph.Node] {
    let graph = network.graph
    var names = FreeNames(of: graph)
    var shape = graph.shapes[seam.input]
    var layout = graph.layouts[seam.input]
    var made: [Graph.Node] = []
    for (index, specification) in specifications.enumerated() {
      let node = Graph.Node(
        id: graph.nextID + UInt64(index), name: names.next(seam.name + "."),
        operation: specification.operation,
        inputs: [index == 0 ? seam.input : start + index - 1], block: seam.block)
      // Counts are checked first: they bound every extent by what lies in memory.
      if let reason = specification.problem(reading: shape) {
        throw invalid(layer, "layer \(index) of \(seam.word) \(reason)")
      }
      do throws(GraphError) {
        (shape, layout) = try node.operation.kind.output(
          of: NodeInputs(name: node.name, shapes: [shape], layouts: [layout], isFirst: false))
      } catch {
        throw invalid(layer, "layer \(index) of \(seam.word) does not fit: \(error.reason)")
      }
      made.append(node)
    }
    guard shape == graph.shapes[seam.output], layout == graph.layouts[seam.output] else {
      throw invalid(
        layer,
        "layer \(made.count - 1) of \(seam.word) produces \(shape), and "
          + "\(graph.shapes[seam.output]) is wanted")
    }
    return made
  }

  /// Puts nodes, the first of them with these parameters, in the place of those at `gap`, which may
  /// be empty. What read the node before the gap's end reads the last of the new ones.
  ///
  /// - Precondition: the gap does not begin at the input.
  mutating func splice(
    _ made: [Graph.Node], with specifications: [LayerSpecification], at gap: Range<Int>
  ) throws(SurgeryError) {
    let graph = network.graph
    let shift = made.count - gap.count
    var nodes = graph.nodes[..<gap.lowerBound] + made
    for var node in graph.nodes[gap.upperBound...] {
      node.inputs = node.inputs.map { $0 >= gap.upperBound - 1 ? $0 + shift : $0 }
      nodes.append(node)
    }
    var parameters = Gathering()
    var statistics = Gathering()
    func keep(_ slots: [ParameterLayout.Slot]) {
      for slot in slots {
        parameters.keep(slot.all)
        statistics.keep(network.layout.statistics[slot.place] ?? 0..<0)
      }
    }
    keep(network.layout.slots.filter { $0.place < gap.lowerBound })
    for specification in specifications {
      parameters.make(specification.weights)
      parameters.make(specification.biases)
      statistics.make(specification.initialStatistics)
    }
    keep(network.layout.slots.filter { $0.place >= gap.upperBound })
    try rebuild(
      nodes: Array(nodes), nextID: graph.nextID + UInt64(made.count), parameters: parameters,
      statistics: statistics)
  }
}

/// Names that no node of a graph has.
struct FreeNames {
  private var taken: Set<String>

  init(of graph: Graph) { taken = Set(graph.nodes.map(\.name)) }

  /// The stem with the smallest number from 1 on that is free; it is taken from then on.
  mutating func next(_ stem: String) -> String {
    var number = 1
    while !taken.insert("\(stem)\(number)").inserted { number += 1 }
    return "\(stem)\(number)"
  }
}
