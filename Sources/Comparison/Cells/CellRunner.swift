package import Networks
import Numerics
import PluginHost

/// Runs one cell by the protocol that is the same for every strategy: who is called when, on what,
/// with how much training.
package struct CellRunner {
  package let key: CellKey
  package let benchmark: Benchmark
  package let splits: Benchmark.Splits
  /// Called with rising fractions of the work.
  package var progress: (Double) -> Void = { _ in }
  /// Called with each point as soon as it is measured.
  package var report: (TrajectoryPoint) throws -> Void = { _ in }

  package init(key: CellKey, benchmark: Benchmark, splits: Benchmark.Splits) {
    self.key = key
    self.benchmark = benchmark
    self.splits = splits
  }

  /// The smallest difference, relative to the largest output, at which a compacted network counts
  /// as another one.
  static let compactionTolerance = 1e-3

  /// Trains the network that every strategy of this benchmark and replicate starts from.
  ///
  /// - Returns: The result, and the network when it is done.
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func runDense() throws -> (CellResult, Network?) {
    let recipes = benchmark.recipes(quick: key.quick)
    let starts = max(1, recipes.starts)
    var best: (network: Network, loss: Double)?
    var divergence: TrainingError?
    var seconds = 0.0
    do {
      for start in 0..<starts {
        var network = try benchmark.network().initialized(
          seed: key.seed &+ UInt64(start), by: benchmark.initialization)
        var state = OptimizerState(parameters: network.layout.count)
        var random = RandomStream(seed: key.seed, name: "dense batches of start \(start)")
        do {
          seconds += try Trainer(loss: benchmark.loss).train(
            &network, state: &state, on: splits.training, recipe: recipes.dense, random: &random,
            progress: { progress((Double(start) + $0) / Double(starts)) }
          ).seconds
        } catch let error as TrainingError {
          // One start less to choose from.
          divergence = error
          continue
        }
        // One start needs no comparison, and an evaluation is a pass over the training data.
        let loss = starts > 1 ? score(network, on: splits.training).score.loss : 0
        if loss < best?.loss ?? .infinity { best = (network, loss) }
      }
      guard let network = best?.network else {
        throw CellFailure(
          .diverged, divergence?.description ?? "no start has a finite training loss")
      }
      let test = try finite(score(network, on: splits.test))
      let dense = DenseResult(
        counts: network.counts, test: test.score, wrong: test.wrong,
        validation: try finite(score(network, on: splits.validation)).score,
        trainSeconds: seconds)
      return (result(dense: dense, points: [], log: []), network)
    } catch {
      return (try result(of: error, dense: nil, points: [], log: []), nil)
    }
  }

  /// Runs a strategy along its course.
  ///
  /// - Parameters:
  ///   - start: The trained dense network, from which pruners start and which inference is timed
  ///     beside.
  /// - Returns: The result with the points that were reached, and the network after the last one.
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func run(
    _ strategy: any CellStrategy, from start: Network, dense: DenseResult
  ) throws -> (CellResult, Network?) {
    var walk = Walk(strategy, from: start)
    do {
      let legs = try legs(of: strategy.course, dense: start)
      for (index, leg) in legs.enumerated() {
        walk.begin(leg, pretrained: strategy.course == .prune ? denseCost(start) : .none)
        for (place, stage) in leg.stages.enumerated() {
          let share = { (done: Double) in
            (Double(index) + (Double(place) + done) / Double(leg.stages.count))
              / Double(legs.count)
          }
          try pass(stage, place, of: leg.stages.count, &walk) { progress(share($0)) }
        }
      }
      var result = result(dense: dense, points: walk.points, log: strategy.log)
      result.course = strategy.course
      return (result, walk.reached)
    } catch {
      var result = try result(of: error, dense: dense, points: walk.points, log: strategy.log)
      result.course = strategy.course
      return (result, walk.reached)
    }
  }

  /// A strategy on its way.
  private struct Walk {
    let strategy: any CellStrategy
    /// The trained dense network.
    let dense: Network
    var network: Network
    var state: OptimizerState
    var cost = TrainingCost.none
    var scoreSeconds = 0.0
    var trainSeconds = 0.0
    var trainSamples = 0
    var points: [TrajectoryPoint] = []
    var reached: Network?

    init(_ strategy: any CellStrategy, from dense: Network) {
      self.strategy = strategy
      self.dense = dense
      network = dense
      state = OptimizerState(parameters: 0)
    }

    /// Goes to the beginning of a leg; what the strategy has learnt and what was measured stays.
    mutating func begin(_ leg: Leg, pretrained: TrainingCost) {
      network = leg.start
      state = OptimizerState(parameters: network.layout.count)
      cost = pretrained
      (scoreSeconds, trainSeconds, trainSamples) = (0, 0, 0)
    }

    mutating func take(_ outcome: PruningOutcome) {
      scoreSeconds += outcome.scoreSeconds
      cost.operations += outcome.operations
    }
  }

  private func denseCost(_ dense: Network) -> TrainingCost {
    let recipes = benchmark.recipes(quick: key.quick)
    let samples =
      max(1, recipes.starts) * recipes.dense.sampleBudget(of: splits.training.count)
    let operations = Double(samples) * Double(dense.trainingOperations)
    return TrainingCost(samples: samples, operations: operations, denseOperations: operations)
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
    let outcome = try walk.strategy.prune(
      PruningRound(
        index: index, total: total, weightsGoal: stage.weightsGoal, network: walk.network,
        samples: measurementSamples, loss: benchmark.loss, update: nil))
    walk.take(outcome)
    let surgery = outcome.surgery
    try check(surgery.network, against: walk.dense)
    walk.network = surgery.network
    walk.state.follow(surgery.origin)
    walk.state.clear(where: walk.network.mask)
    let before = stage.reported.isEmpty ? nil : score(walk.network, on: splits.test).score
    try train(stage, index, of: total, &walk, progress: progress)
    guard let before else { return }
    let point = try measure(walk, before: before, stage)
    for ratio in stage.reported {
      var point = point
      point.ratioRequested = ratio
      try report(point)
      walk.points.append(point)
    }
    walk.reached = walk.network
  }

  /// The training samples that what strategies read is computed over.
  private var measurementSamples: Samples {
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
    let hooks = walk.strategy.hooks(for: walk.network)
    while period.step < period.total {
      let shown = period.report.samples
      let next = points?.next(after: period.step) ?? period.total
      try period.advance(to: next, hooks: hooks, progress: progress)
      walk.cost.operations +=
        Double(period.report.samples - shown) * Double(walk.network.trainingOperations)
      walk.network = period.network
      guard period.step < period.total else { break }
      try update(period, stage, index, of: total, &walk)
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
    let gathered = GatheredMomentum(period, walk.network, splits.training, benchmark.loss)
    let outcome = try walk.strategy.prune(
      PruningRound(
        index: index, total: total, weightsGoal: stage.weightsGoal, network: walk.network,
        samples: splits.training.selecting(period.upcoming), loss: benchmark.loss,
        update: (period.nextStep, { gathered.values })))
    walk.take(outcome)
    walk.cost.operations += gathered.operations
    try check(outcome.surgery.network, against: walk.dense)
    try period.update(outcome.surgery)
    walk.network = period.network
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
      ratioAchieved: Double(walk.dense.counts.weights) / Double(max(1, counts.weights)),
      test: test.score, wrong: test.wrong, validation: validation,
      beforeFineTuning: before, scoreSeconds: walk.scoreSeconds,
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

  /// Refuses a network that cannot be trained any more.
  private func check(_ network: Network, against start: Network) throws(CellFailure) {
    guard network.values.allSatisfy(\.isFinite) else {
      throw CellFailure(.invalid, "the strategy left a parameter that is not a finite number")
    }
    guard network.graph.inputShape == start.graph.inputShape,
      network.graph.outputs == start.graph.outputs
    else { throw CellFailure(.invalid, "the strategy changed the network's input or output") }
    if let layer = network.collapsedLayer {
      throw CellFailure(.collapsed, "layer '\(layer)' has no live weight left")
    }
  }

  private typealias Scored = (score: Score, wrong: WrongSamples?)

  private func score(_ network: Network, on samples: Samples) -> Scored {
    let evaluation = network.evaluate(
      on: samples, loss: benchmark.loss, metric: benchmark.metric)
    let isRegression = benchmark.metric == .normalisedSquaredError
    return (
      Score(loss: evaluation.loss, error: evaluation.error),
      isRegression ? nil : WrongSamples(rows: evaluation.wrong, of: samples.count)
    )
  }

  private func finite(_ scored: Scored) throws(CellFailure) -> Scored {
    guard scored.score.loss.isFinite, scored.score.error.isFinite else {
      throw CellFailure(.diverged, "the loss after training is \(scored.score.loss)")
    }
    return scored
  }

  private func result(
    dense: DenseResult?, points: [TrajectoryPoint], log: [String]
  ) -> CellResult {
    CellResult(key: key, status: .done, dense: dense, points: points, log: log)
  }

  /// The result of a cell that ended by `error`, or the error itself when it is none of the cell's.
  private func result(
    of error: any Error, dense: DenseResult?, points: [TrajectoryPoint], log: [String]
  ) throws -> CellResult {
    var result = result(dense: dense, points: points, log: log)
    switch error {
    case let failure as CellFailure:
      result.status = failure.status
      result.reason = failure.reason
    case let failure as StrategyFailure:
      // From within training.
      let failure = CellFailure(failure)
      result.status = failure.status
      result.reason = failure.reason
    case let error as TrainingError:
      result.status = .diverged
      result.reason = error.description
    default: throw error
    }
    return result
  }
}
