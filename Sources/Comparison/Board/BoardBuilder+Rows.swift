import Foundation
import Networks
import Numerics

extension BoardBuilder {
  /// A row may leave at most this share more than its budget…
  private static let budgetExcess = 0.01
  /// …and this share less.
  private static let budgetShortfall = 0.1

  /// Nil where the entrant has no result at all.
  func row(of entrant: Entrant, ratio: Double) -> Board.Row? {
    guard let cells = cells[entrant], !cells.isEmpty else { return nil }
    let points = cells.map { $0.point(at: ratio) }
    var statuses: [CellStatus: Int] = [:]
    var later: [CellStatus: Int] = [:]
    var reasons: [String] = []
    for (cell, point) in zip(cells, points) {
      // What happened after this ratio does not undo it.
      statuses[point == nil ? cell.status : .done, default: 0] += 1
      guard cell.status != .done else { continue }
      if point != nil {
        later[cell.status, default: 0] += 1
      } else if let reason = cell.reason {
        reasons.append(NoteLines.shortened(reason))
      }
    }
    let reached = points.compactMap { $0 }
    let notes = notes[entrant]
    let measuredOn = Set(cells.map(\.setting)).compactMap { setting in
      settings.firstIndex { $0.setting == setting }
    }
    return Board.Row(
      rank: nil, strategy: titles[entrant] ?? entrant.text, id: entrant.id,
      parameters: entrant.parameters, control: entrant.control,
      origin: entrant.pluginSHA256.map { .plugin(sha256: $0) } ?? .builtIn,
      course: cells.compactMap(\.course).first,
      isReference: entrant == reference.entrant, seeds: cells.map(\.key.replicate),
      result: reached.count == cells.count ? result(of: entrant, ratio: ratio, reached) : nil,
      statuses: statuses, laterStatuses: later, reasons: NoteLines(reasons).lines,
      notes: notes?.lines ?? [], notesLeftOut: notes?.leftOut ?? 0, measuredOn: measuredOn.sorted())
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
    let wrong = points.compactMap(\.wrong?.total)
    let averages = points.compactMap(\.averageError)
    let bits = points.compactMap(\.bits)
    return Board.Result(
      test: test, validation: validation, beforeFineTuning: before,
      wrong: wrong.count == points.count ? wrong.reduce(0, +) : nil,
      averageError: averages.count == points.count ? Statistics.mean(averages) : nil,
      difference: difference(of: entrant, ratio: ratio),
      ratioAchieved: mean(\.ratioAchieved), weights: mean { Double($0.counts.weights) },
      parameters: mean { Double($0.counts.parameters) },
      operations: mean { Double($0.counts.operations) },
      effectiveWeights: mean { Double($0.effectiveCounts.weights) },
      compactedWeights: mean { Double($0.compactedCounts.weights) },
      bits: bits.count == points.count ? Statistics.mean(bits.map { Double($0) }) : nil,
      compactedOperations: mean { Double($0.compactedCounts.operations) },
      scoreSeconds: mean(\.scoreSeconds), trainSeconds: mean(\.trainSeconds),
      trainSamples: mean { Double($0.trainSamples) }, trainingCost: trainingCost(points),
      denseMicroseconds: mean(\.denseMicroseconds), prunedMicroseconds: mean(\.prunedMicroseconds),
      speedUp: speedUp(points), budget: budget(points), removal: removal(points),
      planted: PlantedRecall(sumOf: points.compactMap(\.planted)), behindRandom: nil,
      runtime: runtime.time(of: cells[entrant] ?? [], at: ratio))
  }

  private func trainingCost(_ points: [TrajectoryPoint]) -> Double? {
    let costs = points.compactMap(\.cost).filter { $0.denseOperations > 0 }
    guard costs.count == points.count else { return nil }
    return Statistics.mean(costs.map { $0.operations / $0.denseOperations })
  }

  /// Ratios of times that were measured in turns; what disturbed one disturbed the other.
  private func speedUp(_ points: [TrajectoryPoint]) -> Double? {
    let logarithms = points.map { log($0.denseMicroseconds / $0.prunedMicroseconds) }
    guard let mean = Statistics.mean(logarithms), mean.isFinite else { return nil }
    return exp(mean)
  }

  private func budget(_ points: [TrajectoryPoint]) -> Board.Budget {
    func meets(_ isMet: (_ weights: Double, _ goal: Double) -> Bool) -> Bool {
      points.allSatisfy { isMet(Double($0.counts.weights), Double($0.weightsGoal)) }
    }
    guard meets({ $0 <= (1 + Self.budgetExcess) * $1 }) else { return .exceeded }
    return meets { $0 >= (1 - Self.budgetShortfall) * $1 } ? .met : .undercut
  }

  private func removal(_ points: [TrajectoryPoint]) -> Board.Removal {
    guard let weights = denseWeights,
      points.contains(where: { $0.counts.weights < weights })
    else { return .nothing }
    let compacted = points.map(\.compactedCounts.weights)
    if compacted.allSatisfy({ $0 >= weights }) { return .masksOnly }
    let mean = Statistics.mean(compacted.map { Double($0) }) ?? 0
    return mean > 0.99 * Double(weights) ? .hardlyAnyUnit : .units
  }

  private func difference(of entrant: Entrant, ratio: Double) -> Board.Difference? {
    reference.entrant.flatMap { difference(of: entrant, to: $0, ratio: ratio) }
  }

  /// Seed by seed, in those that the entrant and the other one have.
  func difference(
    of entrant: Entrant, to reference: Entrant, ratio: Double
  ) -> Board.Difference? {
    guard entrant != reference, let others = cells[reference], let own = cells[entrant]
    else { return nil }
    let points = Dictionary(
      others.compactMap { cell in cell.point(at: ratio).map { (cell.key.replicate, $0) } },
      uniquingKeysWith: { first, _ in first })
    // A reference that failed has no numbers, and nothing is held against what it did before.
    guard points.count == others.count else { return nil }
    var seeds: [Int] = []
    var pairs: [(own: TrajectoryPoint, other: TrajectoryPoint)] = []
    for cell in own {
      guard let other = points[cell.key.replicate], let point = cell.point(at: ratio) else {
        continue
      }
      seeds.append(cell.key.replicate)
      pairs.append((point, other))
    }
    guard let difference = difference(pairs) else { return nil }
    return Board.Difference(interval: difference.interval, p: difference.p, seeds: seeds)
  }

  /// Regression draws test samples anew for each seed, so that the spread over seeds has theirs in
  /// it. Classifiers meet the same test samples in every seed: their errors are crossed with them.
  private func difference(
    _ pairs: [(own: TrajectoryPoint, other: TrajectoryPoint)]
  ) -> Statistics.Difference? {
    guard contest.benchmark.metric != .normalisedSquaredError else {
      return Statistics.pairedDifference(pairs.map(\.own.test.error), pairs.map(\.other.test.error))
    }
    let own = pairs.compactMap(\.own.wrong)
    let other = pairs.compactMap(\.other.wrong)
    guard own.count == pairs.count, other.count == pairs.count, let samples = own.first?.count,
      (own + other).allSatisfy({ $0.count == samples })
    else { return nil }
    return CrossedErrors(
      samples: samples, first: own.map(\.rows), second: other.map(\.rows))?.difference
  }
}

extension CellResult {
  func point(at ratio: Double) -> TrajectoryPoint? {
    points.first { $0.ratioRequested == ratio }
  }
}

extension PlantedRecall {
  fileprivate init?(sumOf recalls: [PlantedRecall]) {
    guard !recalls.isEmpty else { return nil }
    // Without a trap, whatever a file says.
    func sum(_ count: (PlantedRecall) -> Int) -> Int { recalls.map(count).reduce(0, &+) }
    self.init(
      deadInputsRemoved: sum(\.deadInputsRemoved), deadInputs: sum(\.deadInputs),
      surplusUnitsRemoved: sum(\.surplusUnitsRemoved), surplusUnits: sum(\.surplusUnits))
  }
}
