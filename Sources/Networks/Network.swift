/// A network: its structure, its parameters and which of them are masked. A plain value.
package struct Network: Sendable, Equatable {
  package let graph: Graph
  package let layout: ParameterLayout
  /// All parameters, as ``ParameterLayout`` orders them. A masked one is exactly 0.
  package var values: [Float]
  /// 1 where a parameter is live, 0 where it is masked.
  package var mask: [Float]
  /// Running means and variances of the batch normalisations.
  package var statistics: [Float]
  /// Whether training leaves a parameter as it is: one for each, or empty where nothing is frozen.
  package var frozen: [Bool]
  /// Whether budgets count and strategies prune biases too, as the papers on small networks do.
  package let prunesBiases: Bool

  /// A network with all parameters live and 0; see ``initialized(seed:by:)``.
  package init(graph: Graph, prunesBiases: Bool = false) {
    let layout = ParameterLayout(graph)
    self.init(
      graph: graph, layout: layout, values: [Float](repeating: 0, count: layout.count),
      mask: [Float](repeating: 1, count: layout.count),
      statistics: Self.freshStatistics(layout), frozen: [], prunesBiases: prunesBiases)
  }

  /// A network of given parts.
  ///
  /// - Throws: ``GraphError`` when a vector's length is not what the graph asks for.
  package init(
    graph: Graph, values: [Float], mask: [Float], statistics: [Float], prunesBiases: Bool,
    frozen: [Bool] = []
  ) throws(GraphError) {
    let layout = ParameterLayout(graph)
    guard values.count == layout.count, mask.count == layout.count,
      statistics.count == layout.statisticsCount
    else {
      throw GraphError(
        node: "(all)",
        reason: "\(values.count) values, \(mask.count) mask entries and \(statistics.count) "
          + "statistics where \(layout.count) and \(layout.statisticsCount) belong")
    }
    guard frozen.isEmpty || frozen.count == layout.count else {
      throw GraphError(
        node: "(all)",
        reason: "\(frozen.count) entries say what is frozen of \(layout.count) parameters")
    }
    self.init(
      graph: graph, layout: layout, values: values, mask: mask, statistics: statistics,
      frozen: frozen.contains(true) ? frozen : [], prunesBiases: prunesBiases)
  }

  private init(
    graph: Graph, layout: ParameterLayout, values: [Float], mask: [Float], statistics: [Float],
    frozen: [Bool], prunesBiases: Bool
  ) {
    self.graph = graph
    self.layout = layout
    self.values = values
    self.mask = mask
    self.statistics = statistics
    self.frozen = frozen
    self.prunesBiases = prunesBiases
  }

  private static func freshStatistics(_ layout: ParameterLayout) -> [Float] {
    var statistics = [Float](repeating: 0, count: layout.statisticsCount)
    for range in layout.statistics.values {
      for index in range.lowerBound + range.count / 2..<range.upperBound { statistics[index] = 1 }
    }
    return statistics
  }

  /// The positions of a weighted layer's parameters that may be masked, in the flat vector.
  package func prunable(at place: Int) -> Range<Int> {
    guard graph.nodes[place].operation.isWeighted, let slot = layout[place] else { return 0..<0 }
    return prunesBiases ? slot.all : slot.weights
  }

  /// The same structure and parameters with another graph of the same parameter layout: only what
  /// a graph states beside its shapes, such as the scale of a block, may differ.
  package func with(graph: Graph) throws(GraphError) -> Network {
    try Network(
      graph: graph, values: values, mask: mask, statistics: statistics, prunesBiases: prunesBiases,
      frozen: frozen)
  }
}
