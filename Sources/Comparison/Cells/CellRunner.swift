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

  /// Prunes a dense network round by round.
  ///
  /// - Returns: The result with the points that were reached, and the network after the last one.
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func run(
    _ strategy: any CellStrategy, from start: Network, dense: DenseResult
  ) throws -> (CellResult, Network?) {
    let trajectory = Trajectory(
      dense: start.counts.weights, ratios: key.ratios, grid: benchmark.rounds)
    var order = RandomStream(seed: key.seed, name: "measurement samples")
    let rows = order.permutation(splits.training.count).prefix(benchmark.measurementSamples)
    let measured = splits.training.selecting(rows.map { Int($0) })
    let timing = InferenceTiming(dense: start, samples: splits.validation)
    let recipe = benchmark.recipes(quick: key.quick).fineTune

    var network = start
    var state = OptimizerState(parameters: network.layout.count)
    var points: [TrajectoryPoint] = []
    var reached: Network?
    var scoreSeconds = 0.0
    var trainSeconds = 0.0
    var trainSamples = 0
    do {
      for (index, round) in trajectory.rounds.enumerated() {
        // What has no effect any more counts as pruned, whoever pruned what made it so.
        network = network.withoutIneffectiveWeights(leaving: round.weightsGoal)
        let outcome = try strategy.prune(
          PruningRound(
            index: index, total: trajectory.rounds.count, weightsGoal: round.weightsGoal,
            network: network, samples: measured, loss: benchmark.loss))
        scoreSeconds += outcome.scoreSeconds
        let surgery = outcome.surgery
        try check(surgery.network, against: start)
        network = surgery.network
        state.follow(surgery.origin)
        state.clear(where: network.mask)
        let before = round.reported.map { _ in score(network, on: splits.test).score }

        // Of the round alone: every strategy sees the same batches.
        var random = RandomStream(seed: key.seed, name: "fine-tuning batches of round \(index)")
        let training = try Trainer(loss: benchmark.loss).train(
          &network, state: &state, on: splits.training, recipe: recipe, random: &random,
          hooks: strategy.hooks(for: network),
          progress: { progress((Double(index) + $0) / Double(trajectory.rounds.count)) })
        trainSeconds += training.seconds
        trainSamples += training.samples
        guard let ratio = round.reported, let before else { continue }

        // A network that diverged is told so before it is held against its compacted form.
        let test = try finite(score(network, on: splits.test))
        let validation = try finite(score(network, on: splits.validation)).score
        let compacted = network.compacted().network
        let difference = timing.largestDifference(network, compacted)
        guard difference <= Self.compactionTolerance else {
          throw CellFailure(
            .invalid, "the compacted network differs from the masked one by \(difference)")
        }
        let cost = timing.measure(compacted)
        let counts = network.counts
        let point = TrajectoryPoint(
          ratioRequested: ratio, weightsGoal: round.weightsGoal, counts: counts,
          effectiveCounts: compacted.counts, compactedCounts: compacted.unmaskedCounts,
          ratioAchieved: Double(start.counts.weights) / Double(max(1, counts.weights)),
          test: test.score, wrong: test.wrong, validation: validation,
          beforeFineTuning: before, scoreSeconds: scoreSeconds, trainSeconds: trainSeconds,
          trainSamples: trainSamples, denseMicroseconds: cost.dense,
          prunedMicroseconds: cost.pruned,
          planted: benchmark.planted.map { compacted.recall(of: $0, denseWidths: start.widths) },
          widths: compacted.widths)
        try report(point)
        points.append(point)
        reached = network
      }
      return (result(dense: dense, points: points, log: strategy.log), reached)
    } catch {
      let result = try result(of: error, dense: dense, points: points, log: strategy.log)
      return (result, reached)
    }
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
