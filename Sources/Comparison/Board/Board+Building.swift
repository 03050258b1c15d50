package import Datasets
import Networks
import Numerics

extension ComparisonPlan {
  /// One board a benchmark, from the results there are: a row whose results are not all there, or
  /// not all done, has no numbers; an entrant without any result has no row.
  ///
  /// - Parameter published: What papers report, of any task: each board takes what is of its own.
  package func boards(
    _ results: [CellKey: CellResult], published: [PublishedResult] = []
  ) -> [Board] {
    contests.map { contest in
      BoardBuilder(
        plan: self, contest: contest, results: results,
        published: published.filter { contest.benchmark.published?.includes($0) ?? false }
      ).board()
    }
  }
}

private struct BoardBuilder {
  let plan: ComparisonPlan
  let contest: ComparisonPlan.Contest
  let results: [CellKey: CellResult]
  let published: [PublishedResult]

  /// A row that leaves more than this share above its budget is not ranked with those that keep it.
  static let budgetTolerance = 0.01

  func board() -> Board {
    let denseResults = (0..<contest.replicates).compactMap {
      results[plan.denseKey(of: contest, replicate: $0)]?.dense
    }
    let unpruned = plan.entrants.first { $0.id == "none" }
    return Board(
      benchmark: contest.benchmark.name, benchmarkSummary: contest.benchmark.summary,
      metric: contest.benchmark.metric, quick: plan.quick,
      prunesBiases: contest.benchmark.prunesBiases, replicates: contest.replicates,
      reference: plan.reference, dense: dense(denseResults),
      unpruned: unpruned.flatMap { entrant in
        // The last ratio that all reached, or the first, which tells why not.
        let rows = contest.ratios.compactMap { row(of: entrant, ratio: $0) }
        var shown = rows.last(where: \.isDone) ?? rows.first
        // A dense network is held against nothing: a reference at some ratio would flatter it.
        shown?.result?.difference = nil
        return shown
      },
      tables: contest.ratios.map { table(ratio: $0, dense: denseResults.first?.counts) },
      published: published, nearestPublished: published.nearest(to: contest.ratios, limit: 6))
  }

  private func dense(_ results: [DenseResult]) -> Board.Dense? {
    guard let counts = results.first?.counts, let test = Board.Estimate(results.map(\.test.error)),
      let validation = Board.Estimate(results.map(\.validation.error)),
      let seconds = Statistics.mean(results.map(\.trainSeconds))
    else { return nil }
    return Board.Dense(counts: counts, test: test, validation: validation, trainSeconds: seconds)
  }

  private func table(ratio: Double, dense: Counts?) -> Board.Table {
    let rows = plan.entrants.filter { $0.id != "none" }.compactMap { row(of: $0, ratio: ratio) }
    // Swift's sort is stable: equals stay in the order of the entrants.
    var ranked = rows.filter { $0.result?.meetsBudget == true }
      .sorted { $0.testMean < $1.testMean }
    for index in ranked.indices {
      let ties = index > 0 && ranked[index].testMean == ranked[index - 1].testMean
      ranked[index].rank = ties ? ranked[index - 1].rank : index + 1
    }
    return Board.Table(
      ratio: ratio,
      weightsGoal: Benchmark.weightsGoal(dense: dense?.weights ?? 0, ratio: ratio),
      rows: ranked + rows.filter { $0.result?.meetsBudget == false }
        + rows.filter { $0.result == nil })
  }

  /// Nil where the entrant has no result at all.
  private func row(of entrant: Entrant, ratio: Double) -> Board.Row? {
    let cells = cells(of: entrant)
    guard !cells.isEmpty else { return nil }
    let points = cells.map { cell in cell.points.first { $0.ratioRequested == ratio } }
    var statuses: [CellStatus: Int] = [:]
    var reasons: [String] = []
    for (cell, point) in zip(cells, points) {
      // What happened after this ratio does not undo it.
      let status = point == nil ? cell.status : .done
      statuses[status, default: 0] += 1
      if status != .done, let reason = cell.reason, !reasons.contains(reason) {
        reasons.append(reason)
      }
    }
    let reached = points.compactMap { $0 }
    let isWhole = reached.count == contest.replicates
    var notes: [String] = []
    for line in cells.flatMap(\.log) where !notes.contains(line) { notes.append(line) }
    let result = isWhole ? result(of: entrant, ratio: ratio, reached) : nil
    // Who pruned nothing has no mask to speak of.
    if let result, let dense = cells.first?.dense?.counts, result.weights < Double(dense.weights),
      result.compactedWeights > 0.99 * Double(dense.weights)
    {
      notes.append(
        "mask only, no speed-up outside this program: no unit can be removed, a dense network of "
          + "the same shapes has all \(dense.weights) weights")
    }
    return Board.Row(
      rank: nil, strategy: entrant.text, id: entrant.id, parameters: entrant.parameters,
      origin: entrant.pluginSHA256.map { .plugin(sha256: $0) } ?? .builtIn,
      isReference: entrant.text == plan.reference, result: result, statuses: statuses,
      reasons: reasons, notes: notes)
  }

  private func cells(of entrant: Entrant) -> [CellResult] {
    (0..<contest.replicates).compactMap {
      results[plan.key(of: contest, entrant: entrant, replicate: $0)]
    }
  }

  private func result(
    of entrant: Entrant, ratio: Double, _ points: [TrajectoryPoint]
  ) -> Board.Result? {
    guard let test = Board.Estimate(points.map(\.test.error)),
      let validation = Board.Estimate(points.map(\.validation.error)),
      let before = Board.Estimate(points.map(\.beforeFineTuning.error))
    else { return nil }
    func mean(_ value: (TrajectoryPoint) -> Double) -> Double {
      Statistics.mean(points.map(value)) ?? 0
    }
    return Board.Result(
      test: test, validation: validation, beforeFineTuning: before,
      difference: entrant.text == plan.reference
        ? nil : difference(to: plan.reference, ratio: ratio, test.values),
      ratioAchieved: mean(\.ratioAchieved), weights: mean { Double($0.counts.weights) },
      parameters: mean { Double($0.counts.parameters) },
      operations: mean { Double($0.counts.operations) },
      compactedWeights: mean { Double($0.compactedCounts.weights) },
      compactedOperations: mean { Double($0.compactedCounts.operations) },
      scoreSeconds: mean(\.scoreSeconds), trainSeconds: mean(\.trainSeconds),
      trainSamples: mean { Double($0.trainSamples) },
      denseMicroseconds: mean(\.denseMicroseconds), prunedMicroseconds: mean(\.prunedMicroseconds),
      meetsBudget: points.allSatisfy { point in
        Double(point.counts.weights) <= (1 + Self.budgetTolerance) * Double(point.weightsGoal)
      },
      planted: PlantedRecall(sumOf: points.compactMap(\.planted)))
  }

  /// Replicate by replicate, as far as the reference has all of them.
  private func difference(
    to reference: String, ratio: Double, _ errors: [Double]
  ) -> Statistics.Interval? {
    guard let entrant = plan.entrants.first(where: { $0.text == reference }) else { return nil }
    let points = cells(of: entrant).compactMap { cell in
      cell.points.first { $0.ratioRequested == ratio }
    }
    guard points.count == errors.count else { return nil }
    return Statistics.pairedDifference95(errors, points.map(\.test.error))
  }
}

extension Board.Row {
  fileprivate var testMean: Double { result?.test.mean ?? .infinity }
}

extension PlantedRecall {
  fileprivate init?(sumOf recalls: [PlantedRecall]) {
    guard !recalls.isEmpty else { return nil }
    self.init(
      deadInputsRemoved: recalls.map(\.deadInputsRemoved).reduce(0, +),
      deadInputs: recalls.map(\.deadInputs).reduce(0, +),
      surplusUnitsRemoved: recalls.map(\.surplusUnitsRemoved).reduce(0, +),
      surplusUnits: recalls.map(\.surplusUnits).reduce(0, +))
  }
}
