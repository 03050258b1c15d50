import Datasets
package import Networks
import Numerics
import PluginHost

extension CellRunner {
  /// Runs a strategy along its course.
  ///
  /// - Parameters:
  ///   - start: The trained dense network, from which pruners start and which inference is timed
  ///     beside.
  /// - Returns: The result with the points that were reached, and the network after the last one.
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func run(
    _ strategy: any CellStrategy, from start: Network, dense: DenseResult
  ) throws -> CellOutcome {
    let obstacles = key.ratios.map { ratio in
      let goal = Benchmark.weightsGoal(dense: start.counts.weights, ratio: ratio)
      return strategy.obstacle(to: goal, from: start)
    }
    let reached = zip(key.ratios, obstacles).filter { $1 == nil }.map(\.0)
    var outcome = try run(strategy, from: start, dense: dense) {
      try legs(of: strategy.course, reaching: reached, dense: start, dense)
    }
    if let obstacle = obstacles.lazy.compactMap(\.self).first, outcome.result.status == .done {
      let others = zip(key.ratios, obstacles).filter { $1 != nil }
        .map { "\(ratioText($0.0))×" }
      outcome.result.status = .skipped
      outcome.result.reason =
        "\(obstacle): it has no result at \(others.joined(separator: ", "))"
    }
    return outcome
  }

  /// Runs a strategy along legs that are made when it is about to begin.
  func run(
    _ strategy: any CellStrategy, from start: Network, dense: DenseResult,
    legs: () throws -> [Leg]
  ) throws -> CellOutcome {
    var walk = Walk(strategy, from: start, measured: measurementSamples)
    var failure: (any Error)?
    do {
      let legs = try legs()
      for (index, leg) in legs.enumerated() {
        walk.begin(leg)
        for (place, stage) in leg.stages.enumerated() {
          let share = { (done: Double) in
            (Double(index) + (Double(place) + done) / Double(leg.stages.count))
              / Double(legs.count)
          }
          try pass(stage, place, of: leg.stages.count, &walk) { progress(share($0)) }
        }
      }
    } catch {
      failure = error
    }
    var result =
      try failure.map {
        try self.result(of: $0, dense: dense, points: walk.points, log: strategy.log)
      } ?? self.result(dense: dense, points: walk.points, log: strategy.log)
    result.course = strategy.course
    return CellOutcome(
      result: result, network: walk.reached, structures: walk.structures, rounds: walk.rounds)
  }

  /// One round and the training behind it.
  private func pass(
    _ stage: Leg.Stage, _ index: Int, of total: Int, _ walk: inout Walk,
    progress: @escaping (Double) -> Void
  ) throws {
    // What has no effect any more counts as pruned, whoever pruned what made it so.
    if walk.strategy.course == .prune {
      walk.network = walk.network.withoutIneffectiveWeights(leaving: stage.weightsGoal)
    }
    let outcome = try walk.strategy.change(
      RoundTask(
        round: Round(index: index, total: total, weightsGoal: stage.weightsGoal),
        network: walk.network, samples: walk.measured, loss: benchmark.loss))
    let surgery = outcome.surgery
    walk.take(outcome, stage, loss: loss(after: outcome, on: walk.measured))
    try check(surgery.network, against: walk.dense)
    walk.network = surgery.network
    walk.state.follow(surgery.origin)
    walk.state.clear(where: walk.network.mask)
    let before = stage.reported.isEmpty ? nil : score(walk.network, on: splits.test).score
    try train(stage, index, of: total, &walk, progress: progress)
    guard let before else { return }
    var point = try measure(walk, before: before, stage)
    point.curve = walk.curve.takeMarks()
    for ratio in stage.reported {
      var point = point
      point.ratioRequested = ratio
      try report(point)
      walk.add(point)
    }
  }

  /// The training samples that what strategies read is computed over.
  var measurementSamples: Samples {
    var order = RandomStream(seed: key.seed, name: "measurement samples")
    let rows = order.permutation(splits.training.count).prefix(benchmark.measurementSamples)
    return splits.training.selecting(rows.map { Int($0) })
  }

  /// A training period, with the update points that the strategy asks for.
  private func train(
    _ stage: Leg.Stage, _ index: Int, of total: Int, _ walk: inout Walk,
    progress: @escaping (Double) -> Void
  ) throws {
    // Of the round alone: every strategy sees the same batches.
    var random = RandomStream(seed: key.seed, name: stage.stream)
    let period = try Trainer(loss: benchmark.loss).begin(
      walk.network, state: walk.state, on: splits.training, recipe: stage.recipe,
      random: &random)
    let samples = splits.training.count
    let points = try walk.strategy.updatePoints(
      of: PeriodOutline(
        index: index, total: total, steps: period.total,
        stepsPerEpoch: (samples + stage.recipe.batchSize - 1) / stage.recipe.batchSize,
        weightsGoal: stage.weightsGoal), in: walk.network)
    var hooks = walk.strategy.hooks(for: walk.network)
    while period.step < period.total {
      let shown = period.report.samples
      let next = points?.next(after: period.step) ?? period.total
      try advance(
        period, to: next, &walk.curve, shown: walk.cost.samples, hooks: hooks, progress: progress)
      walk.cost.operations +=
        Double(period.report.samples - shown) * Double(walk.network.trainingOperations)
      walk.network = period.network
      guard period.step < period.total else { break }
      let graph = walk.network.graph
      try update(period, stage, index, of: total, &walk)
      // Hooks know the layers of the network they were made for.
      if walk.network.graph != graph { hooks = walk.strategy.hooks(for: walk.network) }
    }
    walk.state = period.state
    walk.trainSeconds += period.report.seconds
    walk.trainSamples += period.report.samples
    walk.cost.samples += period.report.samples
  }

  /// Lets the strategy change the network inside a training period.
  private func update(
    _ period: TrainingPeriod, _ stage: Leg.Stage, _ index: Int, of total: Int, _ walk: inout Walk
  ) throws {
    let gathered = GatheredMomentum(
      period, walk.network, splits.training, benchmark.loss, decay: stage.recipe.momentum)
    // What new units are worth shows over many samples, which connections move over a mini-batch, as
    // their papers have it.
    let samples =
      walk.strategy.course.growsFromSeed
      ? walk.measured : splits.training.selecting(period.upcoming)
    let outcome = try walk.strategy.change(
      RoundTask(
        round: Round(
          index: index, total: total, weightsGoal: stage.weightsGoal, step: period.nextStep),
        network: walk.network, samples: samples, loss: benchmark.loss,
        momentum: { gathered.values }))
    // It would cost a pass for a change that nobody predicted.
    let isPredicted = outcome.proposal.predictedLossChange != nil
    walk.take(
      outcome, stage, step: period.step, samples: period.report.samples,
      loss: isPredicted ? loss(after: outcome, on: samples) : nil)
    walk.cost.operations += gathered.operations
    try check(outcome.surgery.network, against: walk.dense)
    try period.update(outcome.surgery)
    walk.network = period.network
  }

  /// The loss that surgery left; nil where there is none before it to hold it against.
  private func loss(after outcome: RoundOutcome, on samples: Samples) -> Double? {
    guard let before = outcome.loss else { return nil }
    guard !outcome.proposal.edits.isEmpty else { return before }
    return score(outcome.surgery.network, on: samples).score.loss
  }

  private func measure(
    _ walk: Walk, before: Score, _ stage: Leg.Stage
  ) throws -> TrajectoryPoint {
    let network = walk.network
    let timing = InferenceTiming(dense: walk.dense, samples: splits.validation)
    // A network that diverged is told so before it is held against its compacted form.
    let test = try finite(score(network, on: splits.test))
    let validation = try finite(score(network, on: splits.validation)).score
    let compacted = network.compacted().network
    let difference = timing.largestDifference(network, compacted)
    guard difference <= Self.compactionTolerance else {
      throw CellFailure(
        .invalid, "the compacted network differs from the masked one by \(difference)")
    }
    let time = timing.measure(compacted)
    let counts = network.counts
    return TrajectoryPoint(
      ratioRequested: 1, weightsGoal: stage.weightsGoal, counts: counts,
      effectiveCounts: compacted.counts, compactedCounts: compacted.unmaskedCounts,
      bits: network.bits,
      ratioAchieved: Double(walk.dense.counts.weights) / Double(max(1, counts.weights)),
      test: test.score, wrong: test.wrong, validation: validation,
      averageError: walk.curve.mean, beforeFineTuning: before, scoreSeconds: walk.scoreSeconds,
      trainSeconds: walk.trainSeconds, trainSamples: walk.trainSamples,
      cost: cost(of: walk), denseMicroseconds: time.dense, prunedMicroseconds: time.pruned,
      planted: benchmark.planted.map { compacted.recall(of: $0, denseWidths: walk.dense.widths) },
      widths: compacted.widths)
  }

  private func cost(of walk: Walk) -> TrainingCost {
    var cost = walk.cost
    cost.denseOperations = denseCost(walk.dense).operations
    return cost
  }
}
