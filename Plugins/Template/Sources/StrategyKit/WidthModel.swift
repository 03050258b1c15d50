/// How many weights a network would have at other widths, for strategies that change them.
///
/// Layers whose units a residual sum adds to each other have one width and make one group.
public struct WidthModel {
  /// Layers of one width.
  public struct Group {
    /// In order from the input on; the first is given new units or loses some, and the others follow.
    public let layers: [Layer]
    /// Units that each has.
    public let units: Int
    /// Whether units may be added.
    public let isGrowable: Bool
    /// Whether units may be removed, all but one.
    public let isShrinkable: Bool
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
        isGrowable: members.allSatisfy(\.hasGrowableUnits),
        isShrinkable: members.allSatisfy(\.hasRemovableUnits))
    }
  }

  /// Prunable parameters at other widths, masked ones counted.
  ///
  /// - Parameter widths: one a group.
  /// - Returns: what budgets would count.
  public func weights(at widths: [Int]) -> Int {
    let fans = fans(at: widths)
    return layers.indices.reduce(0) { sum, index in
      let layer = layers[index]
      let units = widths[groupOf[index]]
      let biases = layer.prunableCount > layer.weightCount ? units : 0
      return sum + units * fans[index].in + biases
    }
  }

  /// How many weights lead into each unit of a layer at other widths, and how many out of each of its
  /// inputs: what rules of initialisation go by.
  ///
  /// - Parameter widths: one a group.
  /// - Returns: a pair for each layer, in the network's order.
  public func fans(at widths: [Int]) -> [(in: Int, out: Int)] {
    layers.indices.map { index in
      let layer = layers[index]
      let inputs = reads[index].reduce(layer.inputs) { inputs, read in
        inputs + (widths[read.group] - groups[read.group].units) * read.area
      }
      let area = layer.kernel.height * layer.kernel.width
      return (inputs * area, widths[groupOf[index]] * area)
    }
  }

  /// The widths in proportion to those of `seed` that fit best under a budget.
  ///
  /// - Parameters:
  ///   - seed: one a group.
  ///   - budget: prunable parameters.
  ///   - limits: the widths that each group may have; nil for the present one and, where units may be
  ///     added, all above it.
  /// - Returns: widths within the limits. Where the least of them do not fit, those.
  public func widths(
    inProportionTo seed: [Int], budget: Int, within limits: [ClosedRange<Int>]? = nil
  ) -> [Int] {
    let limits = limits ?? groups.map { $0.units...($0.isGrowable ? .max : $0.units) }
    func scaled(_ factor: Double) -> [Int] {
      groups.indices.map { index in
        let width = Int((Double(seed[index]) * factor).rounded(.down))
        return min(limits[index].upperBound, max(limits[index].lowerBound, width))
      }
    }
    var (low, high) = (weights(at: scaled(1)) <= budget ? 1.0 : 0, 1.0)
    while weights(at: scaled(high)) <= budget, high < 1e6 { high *= 2 }
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if weights(at: scaled(middle)) <= budget { low = middle } else { high = middle }
    }
    return filled(scaled(low), budget: budget, within: limits)
  }

  /// With single units added, the dearest that fits first, until none does: where layers have few units,
  /// proportions alone leave much of a budget.
  private func filled(
    _ widths: [Int], budget: Int, within limits: [ClosedRange<Int>]
  ) -> [Int] {
    var widths = widths
    while true {
      let wider = groups.indices.filter { widths[$0] < limits[$0].upperBound }.map { group in
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
