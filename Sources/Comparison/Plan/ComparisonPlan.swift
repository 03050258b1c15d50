import PluginHost

/// Everything one comparison consists of, checked before anything starts.
package struct ComparisonPlan: Sendable {
  /// One benchmark of the comparison and the ratios asked for on it.
  package struct Contest: Sendable {
    package var benchmark: Benchmark
    /// Rising, each at least 1.
    package var ratios: [Double]
  }

  package let contests: [Contest]
  /// In the order asked for, the controls that were not asked for last.
  package let entrants: [Entrant]
  package let replicates: Int
  package let quick: Bool
  /// The text of the entrant that differences are taken to.
  package let reference: String

  /// - Parameters:
  ///   - benchmarks: Names from the catalogue.
  ///   - entrants: What `StrategyCatalogue` made of the words of the user.
  ///   - ratios: Compression ratios in any order; nil for each benchmark's own.
  ///   - replicates: How many seeds.
  ///   - trajectory: Whether a benchmark's own ratios are the finer ones of `run`.
  ///   - controls: Whether the controls are added, as every comparison must.
  /// - Throws: ``PlanError`` for an unknown benchmark, a ratio below 1, no
  ///   replicate, nobody to compare or an unknown reference.
  package init(
    benchmarks: [String], entrants: [Entrant], ratios: [Double]? = nil, replicates: Int,
    quick: Bool = false, trajectory: Bool = false, controls: Bool = true,
    reference: String = "magnitude", catalogue: [Benchmark] = Benchmark.catalogue
  ) throws(PlanError) {
    guard !benchmarks.isEmpty else { throw PlanError("no benchmark is named") }
    guard replicates >= 1 else {
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
        Contest(benchmark: benchmark, ratios: Array(Set(ratios ?? own)).sorted()))
    }
    var all: [Entrant] = []
    let wanted = entrants + (controls ? Entrant.controls : [])
    for entrant in wanted where !all.contains(where: { $0.text == entrant.text }) {
      all.append(entrant)
    }
    guard !all.isEmpty else { throw PlanError("no strategy is named") }
    guard !controls || all.contains(where: { $0.text == reference }) else {
      let hint =
        nearest(to: reference, among: all.map(\.text))
        .map { "; did you mean '\($0)'?" } ?? ""
      throw PlanError("the reference '\(reference)' is not among the strategies\(hint)")
    }
    self.contests = contests
    self.entrants = all
    self.replicates = replicates
    self.quick = quick
    self.reference = reference
  }

  /// The plan whose results these are, as far as they are of this program's benchmarks: for a report
  /// on a store.
  package init?(
    stored results: [CellResult], reference: String = "magnitude",
    catalogue: [Benchmark] = Benchmark.catalogue
  ) {
    var contests: [Contest] = []
    var entrants: [Entrant] = []
    let keys = results.map(\.key).filter { key in
      !key.isDense && key.protocolVersion == CellKey.protocolVersion
        && catalogue.contains { $0.name == key.benchmark && $0.version == key.benchmarkVersion }
    }
    // One plan is quick or is not; full results count for more.
    let quick = keys.allSatisfy(\.quick)
    for key in keys where key.quick == quick {
      guard let benchmark = catalogue.first(where: { $0.name == key.benchmark }) else { continue }
      let isKnown = contests.contains {
        $0.benchmark.name == benchmark.name && $0.ratios == key.ratios
      }
      if !isKnown { contests.append(Contest(benchmark: benchmark, ratios: key.ratios)) }
      let entrant = Entrant(
        id: key.strategy, parameters: key.parameters, pluginSHA256: key.pluginSHA256)
      if !entrants.contains(entrant) { entrants.append(entrant) }
    }
    guard let last = keys.filter({ $0.quick == quick }).map(\.replicate).max() else { return nil }
    let order = catalogue.map(\.name)
    self.contests = contests.sorted {
      let places = [$0, $1].map { order.firstIndex(of: $0.benchmark.name) ?? 0 }
      return places[0] == places[1]
        ? $0.ratios.lexicographicallyPrecedes($1.ratios) : places[0] < places[1]
    }
    self.entrants = entrants.sorted { $0.text < $1.text }
    self.replicates = last + 1
    self.quick = quick
    self.reference = reference
  }

  /// The cells of the strategies: by replicate, then benchmark, then entrant, so that a comparison
  /// that is cut short has whole replicates.
  package var cells: [PlannedCell] {
    (0..<replicates).flatMap { replicate in
      contests.flatMap { contest in
        entrants.map { entrant in
          PlannedCell(
            key: key(of: contest, entrant: entrant, replicate: replicate),
            pluginPath: entrant.pluginPath)
        }
      }
    }
  }

  /// The cells that train the dense networks.
  package var denseCells: [PlannedCell] {
    (0..<replicates).flatMap { replicate in
      contests.map { PlannedCell(key: denseKey(of: $0, replicate: replicate), pluginPath: nil) }
    }
  }

  package func key(of contest: Contest, entrant: Entrant, replicate: Int) -> CellKey {
    CellKey(
      benchmark: contest.benchmark.name, benchmarkVersion: contest.benchmark.version,
      strategy: entrant.id, parameters: entrant.parameters, pluginSHA256: entrant.pluginSHA256,
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

  package init(key: CellKey, pluginPath: String?) {
    self.key = key
    self.pluginPath = pluginPath
  }
}
