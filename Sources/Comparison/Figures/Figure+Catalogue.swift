import PluginHost

extension Figure {
  /// All figures, in the order in which they are told.
  package static let catalogue: [Figure] =
    han + [obdDeletion, obsMonks, obsExclusiveOr, networkTrimming, factorization, stochasticDepth]
    + [binaryNet, groupBrainDamage, autoSizing, channelSparse, rigl] + sparseMomentum
    + snip + sparseVariationalDropout + [gradMax, cascadeCorrelation]

  /// The figures with these names, each once, in the order asked for.
  ///
  /// - Throws: ``PlanError`` that quotes the name that there is not, and names the nearest.
  package static func named(_ names: [String]) throws(PlanError) -> [Figure] {
    var figures: [Figure] = []
    for name in names where !figures.contains(where: { $0.name == name }) {
      guard let figure = catalogue.first(where: { $0.name == name }) else {
        let hint =
          nearest(to: name, among: catalogue.map(\.name)).map { "did you mean '\($0)'?" }
          ?? "'workbench reproduce --list' shows all of them"
        throw PlanError("there is no figure '\(name)'; \(hint)")
      }
      figures.append(figure)
    }
    return figures
  }
}

extension Figure.PlannedPart {
  /// What runs the same strategies on the same cells, as a user would type it: a line a run.
  package var commands: [String] {
    let names = entrants.map(\.text).joined(separator: ",")
    return plans.map { plan in
      let contest = plan.contests.first
      let ratios = contest?.ratios.map { "\($0)" }.joined(separator: ",") ?? ""
      let start =
        ratios.isEmpty
        ? "sensitivity --strategy '\(names)' --benchmark \(part.benchmark)"
        : "compare --strategies '\(names)' --benchmarks \(part.benchmark) --ratios \(ratios)"
      return "workbench \(start) --seeds \(seeds)" + (plan.quick ? " --quick" : "")
    }
  }
}
