/// Where each node's parameters lie in a network's flat parameter vector.
///
/// One flat vector carries weights, and the mask, the gradient, the optimiser's state and every
/// parameter-sized curvature lie in the same order: surgery moves them all by one map.
package struct ParameterLayout: Hashable, Sendable {
  /// The parameters of one node: `weights` first, then `biases`.
  ///
  /// Dense: outputs × inputs, convolution: outputs × inputs × kernel height × width, row-major.
  /// Batch normalisation has no weights; its `biases` are the scales, then the shifts.
  package struct Slot: Hashable, Sendable {
    /// The place of the node in the graph.
    package let place: Int
    package let weights: Range<Int>
    package let biases: Range<Int>

    package var all: Range<Int> { weights.lowerBound..<biases.upperBound }
  }

  /// The slots in order of the nodes.
  package let slots: [Slot]
  /// The number of parameters.
  package let count: Int
  /// For each node the place of its running mean and variance in the statistics vector.
  package let statistics: [Int: Range<Int>]
  /// The length of the statistics vector: 2 × channels for each batch normalisation.
  package let statisticsCount: Int
  private let slotOfPlace: [Int?]

  package init(_ graph: Graph) {
    var slots: [Slot] = []
    var statistics: [Int: Range<Int>] = [:]
    var slotOfPlace = [Int?](repeating: nil, count: graph.nodes.count)
    var offset = 0
    var statisticsOffset = 0
    for place in graph.nodes.indices {
      let counts = graph.parameterCounts(at: place)
      guard counts.weights + counts.biases > 0 else { continue }
      slotOfPlace[place] = slots.count
      slots.append(
        Slot(
          place: place, weights: offset..<offset + counts.weights,
          biases: offset + counts.weights..<offset + counts.weights + counts.biases))
      offset += counts.weights + counts.biases
      if graph.nodes[place].operation.kind.keepsStatistics {
        statistics[place] = statisticsOffset..<statisticsOffset + counts.biases
        statisticsOffset += counts.biases
      }
    }
    self.slots = slots
    self.count = offset
    self.statistics = statistics
    self.statisticsCount = statisticsOffset
    self.slotOfPlace = slotOfPlace
  }

  /// The slot of the node at `place`, or nil when it has no parameters.
  package subscript(place: Int) -> Slot? { slotOfPlace[place].map { slots[$0] } }
}

extension Graph {
  /// How many weights and biases the node at `place` has.
  package func parameterCounts(at place: Int) -> (weights: Int, biases: Int) {
    let node = nodes[place]
    guard let input = node.inputs.first else { return (0, 0) }
    return node.operation.kind.parameterCounts(reading: shapes[input])
  }
}
