extension ComparisonPlan {
  /// The comparisons that stored cells are of: one for each benchmark, set of ratios, length of
  /// training and variant of the kernels, in the order of the catalogue.
  ///
  /// Cells of other versions of a benchmark or of the protocol measure something else: they are in
  /// no plan. The controls stand behind the other entrants, as in a comparison.
  package static func stored(
    _ keys: [CellKey], reference: String, catalogue: [Benchmark] = Benchmark.catalogue
  ) throws(PlanError) -> [ComparisonPlan] {
    var plans: [ComparisonPlan] = []
    for benchmark in catalogue {
      let current = keys.filter {
        $0.benchmark == benchmark.name && $0.benchmarkVersion == benchmark.version
          && $0.protocolVersion == CellKey.protocolVersion && !$0.isDense
      }
      let groups = Dictionary(grouping: current) {
        Group(quick: $0.quick, ratios: $0.ratios, kernels: $0.kernels)
      }
      for (group, cells) in groups.sorted(by: { $0.key < $1.key }) {
        plans.append(
          try ComparisonPlan(
            benchmarks: [benchmark.name], entrants: entrants(of: cells), ratios: group.ratios,
            replicates: (cells.map(\.replicate).max() ?? 0) + 1, quick: group.quick,
            controls: false, reference: reference, kernels: group.kernels, catalogue: catalogue))
      }
    }
    return plans
  }

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

  /// By name; a plugin that was built anew between runs is an entrant for each build.
  private static func entrants(of keys: [CellKey]) -> [Entrant] {
    let entrants = Set(keys.map { Entrant(of: $0) })
    let controls = Entrant.controls.filter(entrants.contains)
    let others = entrants.subtracting(controls).sorted {
      ($0.text, $0.pluginSHA256 ?? "", $0.version) < ($1.text, $1.pluginSHA256 ?? "", $1.version)
    }
    return others + controls
  }
}
