/// A figure that a paper reports, and the cells that show whether the program reaches it.
///
/// A recipe is data: a new figure is one more value in ``catalogue``. Its cells are those of `compare`, so
/// what has run is stored and not run again.
package struct Figure: Sendable {
  /// What a user types.
  package var name: String
  /// Where it was published, and by whom it is told otherwise.
  package var source: String
  /// What the paper says, in a sentence.
  package var claim: String
  /// In what its conditions are not ours.
  package var conditions: String
  /// Whether the figure was read at its source, or is told from memory.
  package var isVerified = true
  /// At least one; the first is the one by which the figure is known.
  package var parts: [Part]

  /// One number of a figure.
  package struct Part: Sendable {
    /// What is measured, in a few words.
    package var label: String
    package var benchmark: String
    /// With its parameters in brackets.
    package var strategy: String
    /// What the strategy is held against, where the measure takes two; trained along with it.
    package var rival: String?
    /// The ratios of each run; an empty list is every size on the benchmark's way. None where the measure
    /// takes the trained network alone.
    package var runs: [[Double]] = []
    package var seeds: Int
    package var measure: Measure
    package var unit: Unit
    package var published: Double
    /// How much worse than that still counts as reproduced, in its unit.
    package var tolerance: Double
    package var better = Better.lower
    /// Nil where a small budget shows nothing.
    package var quick: Quick?
  }

  /// A part on a small budget: what a wrong implementation would not reach.
  package struct Quick: Sendable {
    package var seeds: Int
    /// Whether it takes the benchmark's short recipe; where that shows nothing and the whole one is cheap, it
    /// is fewer seeds alone.
    package var isShort: Bool
    /// The worst mean that counts as reproduced.
    package var bound: Double
    /// Nil for those of the part.
    package var runs: [[Double]]?

    package init(
      seeds: Int = 1, isShort: Bool = true, bound: Double, runs: [[Double]]? = nil
    ) {
      self.seeds = seeds
      self.isShort = isShort
      self.bound = bound
      self.runs = runs
    }
  }

  package enum Better: String, Sendable {
    case lower, higher

    /// Whether `value` is at least as good as `other`.
    func isReached(_ value: Double, _ other: Double) -> Bool {
      // Sums of decimal fractions are off in their last bit.
      let slack = 1e-9 * max(1, abs(other))
      return self == .lower ? value <= other + slack : value >= other - slack
    }
  }

  /// What the numbers of a part are.
  package enum Unit: String, Sendable {
    case percent = "%"
    case weights
    /// Of one.
    case share
    case ratio = "×"
  }
}

extension Figure {
  /// Whether there is anything to be run on a small budget.
  package var hasQuickForm: Bool { parts.contains { $0.quick != nil } }

  /// How a figure was met.
  package enum Verdict: String, Sendable, Comparable, CaseIterable {
    case notReached = "not reached"
    case reproduced
    case better

    package static func < (one: Verdict, other: Verdict) -> Bool {
      let all = allCases
      return all.firstIndex(of: one) ?? 0 < all.firstIndex(of: other) ?? 0
    }
  }

  /// All cells that the parts take: a plan for each run.
  ///
  /// - Parameters:
  ///   - quick: Whether those of the quick forms, as far as there are any.
  ///   - seeds: How many; nil for each part's own number.
  ///   - kernels: The variant of the numeric kernels.
  ///   - catalogue: All benchmarks.
  ///   - entrant: Makes a strategy of its name and parameters.
  /// - Throws: ``PlanError``, and what `entrant` throws.
  package func plans(
    quick: Bool, seeds: Int? = nil, kernels: String = Provenance.currentKernels,
    catalogue: [Benchmark] = Benchmark.catalogue, entrant: (String) throws -> Entrant
  ) throws -> [PlannedPart] {
    try parts.filter { !quick || $0.quick != nil }.map { part in
      let form = quick ? part.quick : nil
      let entrants = try ([part.strategy] + (part.rival.map { [$0] } ?? [])).map(entrant)
      let seeds = seeds ?? form?.seeds ?? part.seeds
      let isShort = form?.isShort ?? false
      guard part.measure.deletedAtOnce.isEmpty else {
        let plan = try ComparisonPlan(
          denseNetworksOf: part.benchmark, replicates: seeds, quick: isShort, kernels: kernels,
          catalogue: catalogue)
        return PlannedPart(part: part, quick: form, entrants: entrants, plans: [plan])
      }
      let plans = try (form?.runs ?? part.runs).map { ratios in
        try ComparisonPlan(
          benchmarks: [part.benchmark], entrants: entrants, ratios: ratios.isEmpty ? nil : ratios,
          replicates: seeds, quick: isShort, trajectory: ratios.isEmpty, controls: false,
          kernels: kernels, catalogue: catalogue)
      }
      return PlannedPart(part: part, quick: form, entrants: entrants, plans: plans)
    }
  }

  /// A part with its cells.
  package struct PlannedPart: Sendable {
    package let part: Part
    /// Nil where its full form is planned.
    package let quick: Quick?
    /// The strategy, and its rival where it has one.
    package let entrants: [Entrant]
    /// One a run; of dense networks where the measure takes these alone.
    package let plans: [ComparisonPlan]

    package var seeds: Int { plans.first?.contests.first?.replicates ?? 0 }
  }
}
