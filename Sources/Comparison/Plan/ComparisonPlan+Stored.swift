extension ComparisonPlan {
  /// The comparisons that stored cells are of: one for each benchmark, set of ratios, length of
  /// training and variant of the kernels, in the order of the catalogue.
  ///
  /// Every cell that measures what this program would is in one of them, with as many seeds as its
  /// strategy has. The controls stand behind the other entrants, as in a comparison.
  package static func stored(
    _ keys: [CellKey], reference: String, catalogue: [Benchmark] = Benchmark.catalogue
  ) throws(PlanError) -> [ComparisonPlan] {
    var plans: [ComparisonPlan] = []
    let shown = Dictionary(
      grouping: keys.filter { !$0.isDense && exclusion(of: $0, catalogue: catalogue) == nil },
      by: \.benchmark)
    for benchmark in catalogue {
      let own = (shown[benchmark.name] ?? []).filter { benchmark.has($0) }
      let groups = Dictionary(grouping: own) {
        Group(quick: $0.quick, ratios: $0.ratios, kernels: $0.kernels)
      }
      for (group, cells) in groups.sorted(by: { $0.key < $1.key }) {
        plans.append(
          try ComparisonPlan(
            benchmarks: [benchmark.name], entrants: entrants(of: cells), ratios: group.ratios,
            replicates: (cells.map(\.replicate).max() ?? 0) + 1, quick: group.quick,
            controls: false, reference: reference, kernels: group.kernels, catalogue: [benchmark]))
      }
    }
    return plans
  }

  /// Why a stored cell is on no board.
  package enum Exclusion: Hashable, Sendable {
    case unknownBenchmark(String)
    /// Of data, a network or a recipe that the benchmark does not have, or has no longer.
    case otherBenchmarkVersion
    /// Of another way of training, counting or cutting into rounds.
    case otherProtocol
    /// No program would have run it.
    case impossible
  }

  /// Nil for a cell that has a place on a board, and for dense networks.
  package static func exclusion(
    of key: CellKey, catalogue: [Benchmark] = Benchmark.catalogue
  ) -> Exclusion? {
    let named = catalogue.filter { $0.name == key.benchmark }
    guard !named.isEmpty else { return .unknownBenchmark(key.benchmark) }
    guard named.contains(where: { $0.has(key) }) else { return .otherBenchmarkVersion }
    guard key.protocolVersion == CellKey.protocolVersion else { return .otherProtocol }
    guard !key.isDense else { return nil }
    let isRising = zip(key.ratios, key.ratios.dropFirst()).allSatisfy { $0 < $1 }
    guard !key.ratios.isEmpty, isRising, key.ratios.allSatisfy({ $0 >= 1 && $0 <= 1e6 }),
      (0..<mostReplicates).contains(key.replicate)
    else { return .impossible }
    return nil
  }

  /// Far more than anybody would wait for.
  private static let mostReplicates = 1_000_000

  /// What the cells of a board have in common.
  private struct Group: Hashable, Comparable {
    var quick: Bool
    var ratios: [Double]
    var kernels: String

    static func < (first: Group, second: Group) -> Bool {
      if first.quick != second.quick { return second.quick }
      if first.ratios != second.ratios {
        return first.ratios.lexicographicallyPrecedes(second.ratios)
      }
      return first.kernels < second.kernels
    }
  }

  /// By name; of one that was built anew, changed or given other limits between runs each form is an
  /// entrant.
  private static func entrants(of keys: [CellKey]) -> [Entrant] {
    let entrants = Set(keys.map { Entrant(of: $0) })
    let controls = Entrant.controls.map(\.asStored).filter(entrants.contains)
    let others = entrants.subtracting(controls).sorted {
      ($0.order, $0.memoryLimit ?? .max) < ($1.order, $1.memoryLimit ?? .max)
    }
    return others + controls
  }
}

extension Entrant {
  /// By which entrants are sorted before their memory limits are looked at.
  fileprivate var order: String {
    func list(_ values: [String: String]) -> String {
      values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
    let place = control.map { control in Control.allCases.firstIndex(of: control) ?? 0 } ?? -1
    return [
      strategyText(id: id, parameters: parameters), version, "\(place)", pluginSHA256 ?? "",
      list(defaults), list(libraries),
    ]
    .joined(separator: "\u{0}")
  }
}
