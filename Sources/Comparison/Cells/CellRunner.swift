package import Datasets
import Networks
import Numerics
import PluginHost

/// Runs one cell by the protocol that is the same for every strategy: who is called when, on what,
/// with how much training.
package struct CellRunner {
  package let key: CellKey
  package let benchmark: Benchmark
  package let splits: Splits
  /// What ``ErrorCurve`` is measured on: the first validation samples.
  let curveSamples: Samples
  /// Called with rising fractions of the work.
  package var progress: (Double) -> Void = { _ in }
  /// Called with each point as soon as it is measured.
  package var report: (TrajectoryPoint) throws -> Void = { _ in }

  package init(key: CellKey, benchmark: Benchmark, splits: Splits) {
    self.key = key
    self.benchmark = benchmark
    self.splits = splits
    curveSamples = splits.validation.selecting(
      0..<min(Self.curveSamples, splits.validation.count))
  }

  /// The smallest difference, relative to the largest output, at which a compacted network counts
  /// as another one.
  static let compactionTolerance = 1e-3

  /// Trains the network that every strategy of this benchmark and replicate starts from.
  ///
  /// - Throws: What is neither divergence nor a strategy's doing.
  package func runDense() throws -> CellOutcome {
    if let given = benchmark.given { return try run(given) }
    let starts = max(1, benchmark.recipes(quick: key.quick).starts)
    var best: (dense: TrainedDense, loss: Double)?
    var divergence: TrainingError?
    var seconds = 0.0
    do {
      for start in 0..<starts {
        let dense: TrainedDense
        do {
          dense = try train(start) { progress((Double(start) + $0) / Double(starts)) }
        } catch let error as TrainingError {
          // One start less to choose from.
          divergence = error
          continue
        }
        seconds += dense.seconds
        // One start needs no comparison, and an evaluation is a pass over the training data.
        let loss = starts > 1 ? score(dense.network, on: splits.training).score.loss : 0
        if loss < best?.loss ?? .infinity { best = (dense, loss) }
      }
      guard let (network, early, curve, _) = best?.dense else {
        throw CellFailure(
          .diverged, divergence?.description ?? "no start has a finite training loss")
      }
      let test = try finite(score(network, on: splits.test))
      let dense = DenseResult(
        counts: network.counts, test: test.score, wrong: test.wrong,
        validation: try finite(score(network, on: splits.validation)).score,
        averageError: curve.mean, trainSeconds: seconds)
      return CellOutcome(
        result: result(dense: dense, points: [], log: []), network: network, early: early)
    } catch {
      return CellOutcome(result: try result(of: error, dense: nil, points: [], log: []))
    }
  }

  /// Takes the network that was trained elsewhere as it is. What its training cost is not known, and how its error
  /// fell neither.
  private func run(_ given: GivenNetwork) throws -> CellOutcome {
    do {
      let network = try benchmark.network(from: given)
      let test = try finite(score(network, on: splits.test))
      let dense = DenseResult(
        counts: network.counts, test: test.score, wrong: test.wrong,
        validation: try finite(score(network, on: splits.validation)).score, trainSeconds: 0)
      return CellOutcome(result: result(dense: dense, points: [], log: []), network: network)
    } catch let error as PlanError {
      return CellOutcome(
        result: try result(
          of: CellFailure(.stopped, error.description), dense: nil, points: [], log: []))
    } catch {
      return CellOutcome(result: try result(of: error, dense: nil, points: [], log: []))
    }
  }

  private typealias TrainedDense = (
    network: Network, early: Network, curve: ErrorCurve, seconds: Double
  )

  /// Trains the dense network from one start.
  private func train(_ start: Int, progress: @escaping (Double) -> Void) throws -> TrainedDense {
    let network = try benchmark.network().initialized(
      seed: key.seed &+ UInt64(start), by: benchmark.initialization)
    var random = RandomStream(seed: key.seed, name: "dense batches of start \(start)")
    let period = try Trainer(loss: benchmark.loss).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: splits.training,
      recipe: benchmark.recipes(quick: key.quick).dense, random: &random)
    var curve = ErrorCurve()
    try advance(
      period, to: Benchmark.earlySteps(of: period.total), &curve, progress: progress)
    let early = period.network
    try advance(period, to: period.total, &curve, progress: progress)
    return (period.network, early, curve, period.report.seconds)
  }

  /// Refuses a network that cannot be trained any more.
  func check(_ network: Network, against start: Network) throws(CellFailure) {
    guard network.values.allSatisfy(\.isFinite) else {
      throw CellFailure(.invalid, "the strategy left a parameter that is not a finite number")
    }
    guard network.graph.inputShape == start.graph.inputShape,
      network.graph.outputs == start.graph.outputs
    else { throw CellFailure(.invalid, "the strategy changed the network's input or output") }
  }

  typealias Scored = (score: Score, wrong: Flags?)

  func score(_ network: Network, on samples: Samples) -> Scored {
    let evaluation = network.evaluate(
      on: samples, loss: benchmark.loss, metric: benchmark.metric)
    let isRegression = benchmark.metric == .normalisedSquaredError
    return (
      evaluation.score,
      isRegression ? nil : Flags(rows: evaluation.wrong, of: samples.count)
    )
  }

  func finite(_ scored: Scored) throws(CellFailure) -> Scored {
    guard scored.score.loss.isFinite, scored.score.error.isFinite else {
      throw CellFailure(.diverged, "the loss after training is \(scored.score.loss)")
    }
    return scored
  }

  func result(
    dense: DenseResult?, points: [TrajectoryPoint], log: [String]
  ) -> CellResult {
    CellResult(key: key, status: .done, dense: dense, points: points, log: log)
  }

  /// The result of a cell that ended by `error`, or the error itself when it is none of the cell's.
  func result(
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
