package import Networks

/// What a strategy made of a network at one ratio, without its weights.
package struct Structure: Codable, Hashable, Sendable {
  package let ratio: Double
  package let graph: Graph
  /// Of the parameters in the order of `ParameterLayout`, which are live.
  package let live: Flags
  /// Where they are in the dense network, in runs: the place of the first, or -1, and how many.
  private let ancestry: [Int]

  /// - Parameters:
  ///   - ancestry: For each parameter its place in the dense network's vector, or -1.
  package init(_ network: Network, ancestry: [Int32], ratio: Double) {
    self.ratio = ratio
    graph = network.graph
    live = Flags(
      rows: network.mask.indices.filter { network.mask[$0] != 0 }, of: network.mask.count)
    self.ancestry = Self.runs(of: ancestry)
  }

  /// The network with its live parameters 0.
  ///
  /// - Throws: `GraphError` when there are not as many flags as parameters.
  package func network(prunesBiases: Bool) throws(GraphError) -> Network {
    var mask = [Float](repeating: 0, count: live.count)
    for index in live.rows { mask[index] = 1 }
    let fresh = Network(graph: graph)
    return try Network(
      graph: graph, values: [Float](repeating: 0, count: fresh.values.count), mask: mask,
      statistics: fresh.statistics, prunesBiases: prunesBiases)
  }

  /// For each parameter its place in the dense network's vector; nil where it has none.
  ///
  /// - Parameter limit: The length of that vector: what lies outside has no place.
  package func places(in limit: Int) -> [Int?] {
    var places: [Int?] = []
    for run in stride(from: 0, to: ancestry.count - 1, by: 2) {
      let (start, count) = (ancestry[run], ancestry[run + 1])
      guard count >= 0, count <= live.count - places.count else { break }
      let isInside = start >= 0 && start <= limit - count
      places += (0..<count).map { isInside ? start + $0 : nil }
    }
    return places + [Int?](repeating: nil, count: live.count - places.count)
  }

  private static func runs(of ancestry: [Int32]) -> [Int] {
    var runs: [Int] = []
    for place in ancestry.map({ Int($0) }) {
      if let start = runs.dropLast().last, let count = runs.last,
        place == (start < 0 ? -1 : start + count)
      {
        runs[runs.count - 1] = count + 1
      } else {
        runs += [place, 1]
      }
    }
    return runs
  }
}
