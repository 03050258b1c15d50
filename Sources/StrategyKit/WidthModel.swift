/// How many weights a network would have at other widths, for strategies that grow it.
///
/// Layers whose units a residual sum adds to each other have one width and make one group.
public struct WidthModel {
  /// Layers of one width.
  public struct Group {
    /// In order from the input on; new units are given to the first, and the others follow.
    public let layers: [Layer]
    /// Units that each has.
    public let units: Int
    /// Whether units may be added.
    public let isGrowable: Bool
  }

  /// In order of their first layers.
  public let groups: [Group]
  private let layers: [Layer]
  /// For each layer its group.
  private let groupOf: [Int]
  /// For each layer the groups that it reads and how many inputs a unit of each is.
  private let reads: [[(group: Int, area: Int)]]

  /// The widths of a network as it is.
  ///
  /// - Parameter network: the network.
  public init(_ network: NetworkView) {
    let layers = network.layers
    let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.id, $0) })
    var root = Array(layers.indices)
    func find(_ index: Int) -> Int { root[index] == index ? index : find(root[index]) }
    // Producers of the same inputs are added to each other.
    var producers: [Inputs: [(layer: Int, area: Int)]] = [:]
    for edge in network.edges {
      guard let from = place[edge.from] else { continue }
      let inputs = Inputs(reader: edge.to, first: edge.first)
      if let other = producers[inputs]?.first {
        let (a, b) = (find(other.layer), find(from))
        root[max(a, b)] = min(a, b)
      }
      producers[inputs, default: []].append((from, edge.area))
    }
    let roots = layers.indices.map { find($0) }
    let order = Set(roots).sorted()
    let groupOf = roots.map { root in order.firstIndex(of: root) ?? 0 }
    var reads: [[(group: Int, area: Int)]] = layers.map { _ in [] }
    for (inputs, list) in producers {
      guard let reader = inputs.reader.flatMap({ place[$0] }), let first = list.first else {
        continue
      }
      reads[reader].append((groupOf[first.layer], first.area))
    }
    self.layers = layers
    self.groupOf = groupOf
    self.reads = reads
    groups = order.indices.map { group in
      let members = layers.indices.filter { groupOf[$0] == group }.map { layers[$0] }
      return Group(
        layers: members, units: members.first?.unitCount ?? 0,
        isGrowable: members.allSatisfy(\.hasGrowableUnits))
    }
  }

  /// Prunable parameters at other widths, masked ones counted.
  ///
  /// - Parameter widths: one a group.
  /// - Returns: what budgets would count.
  public func weights(at widths: [Int]) -> Int {
    layers.indices.reduce(0) { sum, index in
      let layer = layers[index]
      let units = widths[groupOf[index]]
      let inputs = reads[index].reduce(layer.inputs) { inputs, read in
        inputs + (widths[read.group] - groups[read.group].units) * read.area
      }
      let biases = layer.prunableCount > layer.weightCount ? units : 0
      return sum + units * inputs * layer.kernel.height * layer.kernel.width + biases
    }
  }

  /// The widths in proportion to those of `seed` that fit best under a budget.
  ///
  /// - Parameters:
  ///   - seed: one a group; groups that cannot grow keep their width.
  ///   - budget: prunable parameters.
  /// - Returns: none below the present width.
  public func widths(inProportionTo seed: [Int], budget: Int) -> [Int] {
    func scaled(_ factor: Double) -> [Int] {
      groups.indices.map { index in
        guard groups[index].isGrowable else { return groups[index].units }
        return max(groups[index].units, Int((Double(seed[index]) * factor).rounded(.down)))
      }
    }
    var (low, high) = (1.0, 1.0)
    while weights(at: scaled(high)) <= budget, high < 1e6 { high *= 2 }
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if weights(at: scaled(middle)) <= budget { low = middle } else { high = middle }
    }
    return filled(scaled(low), budget: budget)
  }

  /// With single units added, the dearest that fits first, until none does: where layers have few units,
  /// proportions alone leave much of a budget.
  private func filled(_ widths: [Int], budget: Int) -> [Int] {
    var widths = widths
    while true {
      let wider = groups.indices.filter { groups[$0].isGrowable }.map { group in
        var wider = widths
        wider[group] += 1
        return wider
      }
      let fitting = wider.filter { weights(at: $0) <= budget }
      guard let best = fitting.max(by: { weights(at: $0) < weights(at: $1) }) else { return widths }
      widths = best
    }
  }

  private struct Inputs: Hashable {
    let reader: UInt64?
    let first: Int
  }
}
