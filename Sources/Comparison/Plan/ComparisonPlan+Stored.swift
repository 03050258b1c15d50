extension ComparisonPlan {
  /// The comparisons that stored cells are of: one for each benchmark, set of ratios and length of
  /// training, in the order of the catalogue.
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
      for quick in [false, true] {
        let ofLength = current.filter { $0.quick == quick }
        let ratioSets = Set(ofLength.map(\.ratios)).sorted { $0.lexicographicallyPrecedes($1) }
        for ratios in ratioSets {
          let cells = ofLength.filter { $0.ratios == ratios }
          plans.append(
            try ComparisonPlan(
              benchmarks: [benchmark.name], entrants: entrants(of: cells), ratios: ratios,
              replicates: (cells.map(\.replicate).max() ?? 0) + 1, quick: quick, controls: false,
              reference: reference, catalogue: catalogue))
        }
      }
    }
    return plans
  }

  /// By name; a plugin that was built anew between runs is an entrant for each build.
  private static func entrants(of keys: [CellKey]) -> [Entrant] {
    let entrants = Set(
      keys.map {
        Entrant(id: $0.strategy, parameters: $0.parameters, pluginSHA256: $0.pluginSHA256)
      })
    let controls = Entrant.controls.filter(entrants.contains)
    let others = entrants.subtracting(controls).sorted {
      ($0.text, $0.pluginSHA256 ?? "") < ($1.text, $1.pluginSHA256 ?? "")
    }
    return others + controls
  }
}
