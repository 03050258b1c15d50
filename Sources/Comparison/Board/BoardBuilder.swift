package import Datasets
import Networks
import Numerics

extension ComparisonPlan {
  /// One board a benchmark, from the results there are: a row has the seeds that there are cells of,
  /// and no numbers unless all of them are done; an entrant without any result has no row.
  ///
  /// - Parameters:
  ///   - results: Those there are.
  ///   - published: What papers report, of any task: each board takes what is of its own.
  ///   - runtime: What networks take in onnxruntime.
  package func boards(
    _ results: [CellKey: CellResult], published: [PublishedResult] = [],
    runtime: RuntimeTimes = RuntimeTimes()
  ) -> [Board] {
    contests.map { contest in
      BoardBuilder(
        plan: self, contest: contest, results: results,
        published: published.filter { contest.benchmark.published?.includes($0) ?? false },
        runtime: runtime
      ).board()
    }
  }
}

/// Makes the board of one contest.
struct BoardBuilder {
  let contest: ComparisonPlan.Contest
  let quick: Bool
  let kernels: String
  let published: [PublishedResult]
  let runtime: RuntimeTimes
  /// Those with a cell, without the paths of their libraries, in the order of the plan.
  let entrants: [Entrant]
  let titles: [Entrant: String]
  let reference: (entrant: Entrant?, title: String)
  /// By rising seed.
  let cells: [Entrant: [CellResult]]
  /// By seed, as far as any cell knows.
  let dense: [Int: DenseResult]
  let notes: [Entrant: NoteLines]
  /// The seeds that most strategies have.
  let seeds: [Int]
  let settings: [Board.Measured]

  init(
    plan: ComparisonPlan, contest: ComparisonPlan.Contest, results: [CellKey: CellResult],
    published: [PublishedResult], runtime: RuntimeTimes
  ) {
    self.runtime = runtime
    self.contest = contest
    quick = plan.quick
    kernels = plan.kernels
    self.published = published
    let own = results.values.filter {
      plan.includes($0.key, in: contest)
    }.sorted { $0.key.replicate < $1.key.replicate }
    let cells = Dictionary(grouping: own.filter { !$0.key.isDense }) { Entrant(of: $0.key) }
    let entrants = plan.entrants.map(\.asStored).filter { cells[$0] != nil }
    let titles = Entrant.titles(of: entrants)
    self.cells = cells
    self.entrants = entrants
    self.titles = titles
    // Of several versions the one with the most seeds, of these the last.
    let named = entrants.filter { $0.text == plan.reference }
    let most = named.compactMap { cells[$0]?.count }.max()
    let entrant = named.last { cells[$0]?.count == most }
    reference = (entrant, entrant.flatMap { titles[$0] } ?? plan.reference)
    // The dense network's own cell may be gone: all that started from it know it, too.
    dense = Dictionary(
      (own.filter(\.key.isDense) + entrants.flatMap { cells[$0] ?? [] }).compactMap { cell in
        cell.dense.map { (cell.key.replicate, $0) }
      }, uniquingKeysWith: { first, _ in first })
    notes = cells.mapValues { NoteLines(of: $0) }
    seeds =
      Self.mostCommon(
        entrants.filter { !$0.isUnpruned }.map { (cells[$0] ?? []).map(\.key.replicate) })
      ?? Array(0..<contest.replicates)
    settings = Self.settings(of: entrants.flatMap { cells[$0] ?? [] })
  }

  func board() -> Board {
    var tables = contest.ratios.map(table)
    let differences = Self.correct(&tables)
    Self.correctControls(&tables)
    return Board(
      benchmark: contest.benchmark.name, benchmarkSummary: contest.benchmark.summary,
      metric: contest.benchmark.metric, quick: quick, kernels: kernels,
      prunesBiases: contest.benchmark.prunesBiases,
      validatesOnTraining: contest.benchmark.validatesOnTraining,
      noiseFloor: contest.benchmark.noiseFloor, seeds: seeds, reference: reference.title,
      dense: denseNetworks, unpruned: entrants.filter(\.isUnpruned).compactMap(unpruned),
      tables: tables, smallest: smallest(tables), failures: entrants.flatMap(failures),
      measured: settings, runtimeVersion: runtime.version, unequalStarts: unequalStarts,
      differences: differences,
      published: published, nearestPublished: published.nearest(to: contest.ratios, limit: 6))
  }

  /// All dense networks of a benchmark have as many; nil where none is known, or a file says what no
  /// network has.
  var denseWeights: Int? {
    let weights = dense.min { $0.key < $1.key }?.value.counts.weights
    return weights.flatMap { (1...1 << 50).contains($0) ? $0 : nil }
  }

  private func unpruned(_ entrant: Entrant) -> Board.Row? {
    // The last ratio that all reached, or the first, which tells why not.
    let rows = contest.ratios.compactMap { row(of: entrant, ratio: $0) }
    var shown = rows.last(where: \.isDone) ?? rows.first
    // A dense network is held against nothing: a reference at some ratio would flatter it.
    shown?.result?.difference = nil
    return shown
  }

  private func table(ratio: Double) -> Board.Table {
    let pruning = entrants.filter { !$0.isUnpruned }
    let rows = pruning.compactMap { entrant -> Board.Row? in
      if lacksStructure(entrant, at: ratio) { return nil }
      return row(of: entrant, ratio: ratio)
        .map { explained($0, of: entrant, ratio: ratio) }
        .map { held($0, of: entrant, ratio: ratio) }
    }
    let canBeRanked = { (row: Board.Row) in
      row.result?.meetsBudget == true && row.seeds == seeds
    }
    return Board.Table(
      ratio: ratio,
      weightsGoal: denseWeights.map { Benchmark.weightsGoal(dense: $0, ratio: ratio) },
      rows: ranked(rows.filter(canBeRanked))
        + rows.filter { $0.isDone && !canBeRanked($0) } + rows.filter { !$0.isDone })
  }

  /// By the number of wrong samples, where all tell it: means of equal totals may differ in their
  /// last bit. Else by the mean error.
  private func ranked(_ rows: [Board.Row]) -> [Board.Row] {
    let results = rows.compactMap(\.result)
    let totals = results.compactMap(\.wrong)
    let keys =
      totals.count == rows.count ? totals.map { Double($0) } : results.map(\.test.mean)
    // Swift's sort is stable: equals stay in the order of the entrants.
    let order = rows.indices.sorted { keys[$0] < keys[$1] }
    var ranked = order.map { rows[$0] }
    for place in ranked.indices {
      let ties = place > 0 && keys[order[place]] == keys[order[place - 1]]
      ranked[place].rank = ties ? ranked[place - 1].rank : place + 1
    }
    return ranked
  }

  /// Adjusts the p-values of all rows for their number, and returns it.
  private static func correct(_ tables: inout [Board.Table]) -> Int {
    let places = tables.indices.flatMap { table in
      tables[table].rows.indices.map { (table, $0) }
    }
    let tested = places.compactMap { table, row in
      tables[table].rows[row].result?.difference?.p.map { (table, row, $0) }
    }
    for ((table, row, _), adjusted) in zip(tested, Statistics.holm(tested.map(\.2))) {
      tables[table].rows[row].result?.difference?.adjustedP = adjusted
    }
    return tested.count
  }

  /// Of lists the one that occurs most often, of these the longest, then the first.
  private static func mostCommon(_ lists: [[Int]]) -> [Int]? {
    Dictionary(grouping: lists) { $0 }.max { first, second in
      if first.value.count != second.value.count { return first.value.count < second.value.count }
      if first.key.count != second.key.count { return first.key.count < second.key.count }
      return second.key.lexicographicallyPrecedes(first.key)
    }?.key
  }

  private static func settings(of cells: [CellResult]) -> [Board.Measured] {
    var measured: [Board.Measured] = []
    var places: [Board.Measured.Setting?: Int] = [:]
    for setting in cells.filter({ !$0.points.isEmpty }).map(\.setting) {
      if let place = places[setting] {
        measured[place].cells += 1
      } else {
        places[setting] = measured.count
        measured.append(Board.Measured(setting: setting, cells: 1))
      }
    }
    return measured
  }
}

extension ComparisonPlan {
  /// Whether a cell is of a contest, whoever ran it.
  func includes(_ key: CellKey, in contest: Contest) -> Bool {
    contest.benchmark.has(key)
      && key.protocolVersion == CellKey.protocolVersion && key.quick == quick
      && key.kernels == kernels && (0..<contest.replicates).contains(key.replicate)
      && (key.isDense || key.ratios == contest.ratios)
  }
}

extension Entrant {
  /// Whether it is the control that prunes nothing.
  var isUnpruned: Bool { id == "none" && pluginSHA256 == nil && control == nil }

  /// Whether it is the control that prunes by chance.
  var isChance: Bool {
    id == "random" && parameters.isEmpty && pluginSHA256 == nil && control == nil
  }
}

extension CellResult {
  var setting: Board.Measured.Setting? {
    provenance.map {
      .init(
        machine: $0.machine, kernels: $0.kernels, algebra: $0.algebra, threads: $0.threads)
    }
  }
}
