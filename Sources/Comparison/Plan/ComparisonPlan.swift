package import PluginHost

/// Everything one comparison consists of, checked before anything starts.
package struct ComparisonPlan: Sendable {
  /// One benchmark of the comparison and the ratios asked for on it.
  package struct Contest: Sendable {
    package var benchmark: Benchmark
    /// Rising, each at least 1.
    package var ratios: [Double]
    /// How many seeds.
    package var replicates: Int
  }

  package let contests: [Contest]
  /// In the order asked for, the controls that were not asked for last.
  package let entrants: [Entrant]
  package let quick: Bool
  /// The variant of the numeric kernels that its cells are computed by.
  package let kernels: String
  /// The text of the entrant that differences are taken to.
  package let reference: String

  /// - Parameters:
  ///   - benchmarks: Names from the catalogue.
  ///   - entrants: What `StrategyCatalogue` made of the words of the user.
  ///   - ratios: Compression ratios in any order; nil for each benchmark's own.
  ///   - replicates: How many seeds; nil for each benchmark's own number.
  ///   - structureControls: Of every entrant that is asked for the final structures are trained from
  ///     these other starts, too.
  ///   - others: Entrants whose structures are not.
  ///   - trajectory: Whether a benchmark's own ratios are the finer ones of `run`.
  ///   - quick: Whether trained far shorter.
  ///   - controls: Whether the controls are added, as every comparison must.
  ///   - reference: The text of the entrant that differences are taken to.
  ///   - kernels: The variant of the numeric kernels.
  ///   - catalogue: All benchmarks.
  /// - Throws: ``PlanError`` for an unknown benchmark, a ratio below 1, no
  ///   replicate, nobody to compare or an unknown reference.
  package init(
    benchmarks: [String], entrants: [Entrant], structureControls: [Control] = [],
    others: [Entrant] = [], ratios: [Double]? = nil, replicates: Int? = nil, quick: Bool = false,
    trajectory: Bool = false, controls: Bool = true,
    reference: String = "magnitude", kernels: String = Provenance.currentKernels,
    catalogue: [Benchmark] = Benchmark.catalogue
  ) throws(PlanError) {
    guard !benchmarks.isEmpty else { throw PlanError("no benchmark is named") }
    if let replicates, replicates < 1 {
      throw PlanError("\(replicates) seeds compare nothing; ask for 1 or more")
    }
    if let wrong = ratios?.first(where: { !($0 >= 1 && $0 <= 1e6) }) {
      throw PlanError("ratio \(wrong) is not a compression; ratios lie from 1 on, such as 2,4,8")
    }
    if let ratios, ratios.isEmpty { throw PlanError("no ratio is given, such as 2,4,8") }
    var contests: [Contest] = []
    for name in benchmarks where !contests.contains(where: { $0.benchmark.name == name }) {
      guard let benchmark = catalogue.first(where: { $0.name == name }) else {
        throw .unknownBenchmark(name, known: catalogue.map(\.name))
      }
      let own = trajectory ? benchmark.trajectory : benchmark.ratios
      contests.append(
        Contest(
          benchmark: benchmark, ratios: Array(Set(ratios ?? own)).sorted(),
          replicates: replicates ?? benchmark.seeds))
    }
    if let rewinding = structureControls.first(where: \.rewinds),
      let given = contests.first(where: { $0.benchmark.given != nil })
    {
      throw PlanError(
        "'\(rewinding.rawValue)' goes back to an early state of the dense network's training, and that of "
          + "'\(given.benchmark.name)' was trained elsewhere")
    }
    var all: [Entrant] = []
    let missing = Entrant.controls.filter { control in
      !(entrants + others).contains { $0.text == control.text }
    }
    let asked = entrants.flatMap { entrant in
      [entrant]
        + (entrant.isUnpruned ? [] : structureControls.filter { $0.isFor(entrant.course) })
        .map { entrant.under($0) }
    }
    let wanted = asked + others + (controls ? missing : [])
    for entrant in wanted where !all.contains(entrant) { all.append(entrant) }
    guard !all.isEmpty else { throw PlanError("no strategy is named") }
    guard !controls || all.contains(where: { $0.text == reference }) else {
      let hint =
        nearest(to: reference, among: all.map(\.text))
        .map { "; did you mean '\($0)'?" } ?? ""
      throw PlanError("the reference '\(reference)' is not among the strategies\(hint)")
    }
    self.contests = contests
    self.entrants = all
    self.quick = quick
    self.kernels = kernels
    self.reference = reference
  }

  /// The cells of the strategies: by replicate, then benchmark, then entrant, so that a comparison
  /// that is cut short has whole replicates.
  package var cells: [PlannedCell] {
    byReplicate { contest, replicate in
      entrants.map { entrant in
        PlannedCell(
          key: key(of: contest, entrant: entrant, replicate: replicate),
          pluginPath: entrant.pluginPath, course: entrant.course)
      }
    }
  }

  /// The cells that train the dense networks.
  package var denseCells: [PlannedCell] {
    byReplicate { contest, replicate in
      [PlannedCell(key: denseKey(of: contest, replicate: replicate))]
    }
  }

  private func byReplicate(_ cells: (Contest, Int) -> [PlannedCell]) -> [PlannedCell] {
    (0..<(contests.map(\.replicates).max() ?? 0)).flatMap { replicate in
      contests.filter { replicate < $0.replicates }.flatMap { cells($0, replicate) }
    }
  }

  package func key(of contest: Contest, entrant: Entrant, replicate: Int) -> CellKey {
    CellKey(
      benchmark: contest.benchmark.name, benchmarkVersion: contest.benchmark.version,
      benchmarkSHA256: contest.benchmark.digest,
      strategy: entrant.id, strategyVersion: entrant.version, parameters: entrant.parameters,
      defaults: entrant.defaults, control: entrant.control, pluginSHA256: entrant.pluginSHA256,
      libraries: entrant.libraries, memoryLimit: entrant.memoryLimit, kernels: kernels,
      replicate: replicate, ratios: contest.ratios, quick: quick,
      protocolVersion: CellKey.protocolVersion)
  }

  package func denseKey(of contest: Contest, replicate: Int) -> CellKey {
    key(of: contest, entrant: Entrant(id: CellKey.denseName), replicate: replicate).dense
  }
}

/// One cell of a plan.
package struct PlannedCell: Hashable, Sendable {
  package var key: CellKey
  /// The library to load the strategy from; nil for built-ins.
  package var pluginPath: String?
  /// How the strategy moves; nil for dense cells, controls, and where nobody knows.
  package var course: StrategyEntry.Course?

  package init(
    key: CellKey, pluginPath: String? = nil, course: StrategyEntry.Course? = nil
  ) {
    self.key = key
    self.pluginPath = pluginPath
    self.course = course
  }
}
