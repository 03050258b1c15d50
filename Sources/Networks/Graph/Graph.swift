/// A network's structure: nodes in topological order, the first the input, the last the output.
///
/// Building one checks every shape, so a graph that exists can be run.
package struct Graph: Hashable, Sendable {
  /// One operation and where its inputs come from.
  package struct Node: Hashable, Codable, Sendable {
    /// Stable across edits and never reused within a network's life; 0 is no node.
    package let id: UInt64
    package var name: String
    package var operation: Operation
    /// Places of earlier nodes.
    package var inputs: [Int]
    /// The id of the residual sum in whose branch the node lies.
    package var block: UInt64?

    package init(
      id: UInt64, name: String, operation: Operation, inputs: [Int], block: UInt64? = nil
    ) {
      self.id = id
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.block = block
    }
  }

  package let nodes: [Node]
  /// The shape each node produces.
  package let shapes: [Shape]
  /// The layout each node produces.
  package let layouts: [Layout]
  /// For each node the places of the nodes that read it.
  package let consumers: [[Int]]
  /// The smallest id that no node of this network's life has had.
  package let nextID: UInt64

  /// - Throws: ``GraphError`` that names the node that does not fit.
  package init(nodes: [Node], nextID: UInt64? = nil) throws(GraphError) {
    guard let first = nodes.first, first.operation.kind.role == .input else {
      throw GraphError(node: nodes.first?.name ?? "(none)", reason: "the first node is no input")
    }
    guard nodes.count <= Self.mostNodes else {
      throw GraphError(node: first.name, reason: "\(nodes.count) nodes are too many")
    }
    guard (nextID ?? 1) < UInt64.max >> 1 else {
      throw GraphError(node: first.name, reason: "its next id is absurd")
    }
    var shapes: [Shape] = []
    var layouts: [Layout] = []
    var consumers = [[Int]](repeating: [], count: nodes.count)
    var seen: Set<UInt64> = []
    for (place, node) in nodes.enumerated() {
      guard node.id != 0, node.id < UInt64.max >> 1, seen.insert(node.id).inserted else {
        throw GraphError(node: node.name, reason: "its id \(node.id) is 0, absurd or not unique")
      }
      guard node.inputs.allSatisfy({ $0 >= 0 && $0 < place }) else {
        throw GraphError(node: node.name, reason: "it reads a node that does not come before it")
      }
      try node.checkLimits()
      let (shape, layout) = try node.operation.kind.output(
        of: NodeInputs(
          name: node.name, shapes: node.inputs.map { shapes[$0] },
          layouts: node.inputs.map { layouts[$0] }, isFirst: place == 0))
      try node.checkLimits(of: shape)
      shapes.append(shape)
      layouts.append(layout)
      for input in node.inputs { consumers[input].append(place) }
    }
    for (place, node) in nodes.enumerated().dropLast() where consumers[place].isEmpty {
      throw GraphError(node: node.name, reason: "nothing reads its output")
    }
    guard layouts.last == .flat else {
      throw GraphError(
        node: nodes.last?.name ?? "", reason: "the last node is spatial; end with flatten")
    }
    self.nodes = nodes
    self.shapes = shapes
    self.layouts = layouts
    self.consumers = consumers
    self.nextID = max(nextID ?? 1, (seen.max() ?? 0) + 1)
  }

  /// The place of the node with this id.
  package func place(of id: UInt64) -> Int? { nodes.firstIndex { $0.id == id } }

  /// The width of the network's output.
  package var outputs: Int { shapes[shapes.count - 1].count }

  /// The shape of one input sample.
  package var inputShape: Shape { shapes[0] }

  /// Places of the dense and convolution layers, from the input on.
  package var weightedLayers: [Int] {
    nodes.indices.filter { nodes[$0].operation.isWeighted }
  }

  /// Whether training makes random choices within the network.
  var isNoisy: Bool { nodes.contains { $0.operation.kind.role == .noise } }

  /// Places of the residual sums, from the input on: one for each block.
  package var residualSums: [Int] {
    nodes.indices.filter { nodes[$0].operation.kind.blockScale != nil }
  }
}

/// A structure that cannot be run.
package struct GraphError: Error, Equatable, CustomStringConvertible {
  package let node: String
  package let reason: String
  package var description: String { "layer '\(node)': \(reason)" }
}

extension Graph: Codable {
  private enum CodingKeys: String, CodingKey { case nodes, nextID }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      nodes: container.decode([Node].self, forKey: .nodes),
      nextID: container.decode(UInt64.self, forKey: .nextID))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(nextID, forKey: .nextID)
  }
}
