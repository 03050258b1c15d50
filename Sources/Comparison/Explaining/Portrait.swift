package import Networks

/// What a network is, and where it comes from as far as that is known.
package struct Portrait: Sendable {
  package let network: Network
  package let nodes: [Node]
  /// The cell that it ended; nil for a file alone.
  package let result: CellResult?
  /// What its file says of where it comes from.
  package let lineage: [String: String]

  /// One operation of a network.
  package struct Node: Sendable {
    package var name: String
    /// The kind of operation.
    package var kind: String
    package var shape: Shape
    /// Names of what it reads.
    package var inputs: [String]
    /// Of what has parameters.
    package var parameters: Parameters?
  }

  package struct Parameters: Sendable, Hashable {
    /// Nil for what is no layer of units.
    package var units: Int?
    package var weights: Int
    package var liveWeights: Int
    package var biases: Int
    package var liveBiases: Int
  }

  package init(
    _ network: Network, result: CellResult? = nil, lineage: [String: String] = [:]
  ) {
    self.network = network
    self.result = result
    self.lineage = lineage
    let graph = network.graph
    nodes = graph.nodes.indices.map { place in
      let node = graph.nodes[place]
      return Node(
        name: node.name, kind: node.operation.word, shape: graph.shapes[place],
        inputs: node.inputs.map { graph.nodes[$0].name },
        parameters: network.layout[place].map { slot in
          Parameters(
            units: node.operation.units, weights: slot.weights.count,
            liveWeights: network.live(in: slot.weights), biases: slot.biases.count,
            liveBiases: network.live(in: slot.biases))
        })
    }
  }

  /// Weights that the network would count with nothing masked.
  package var allWeights: Int { network.unmaskedCounts.weights }

  /// Counts of what has an effect.
  package var effective: Counts { network.effectiveCounts }
}
