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

  /// Refuses a network that cannot be trained any more.
  func check(_ network: Network, against start: Network) throws(CellFailure) {
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

  typealias Scored = (score: Score, wrong: WrongSamples?)

  func score(_ network: Network, on samples: Samples) -> Scored {
    let evaluation = network.evaluate(
      on: samples, loss: benchmark.loss, metric: benchmark.metric)
    let isRegression = benchmark.metric == .normalisedSquaredError
    return (
      Score(loss: evaluation.loss, error: evaluation.error),
      isRegression ? nil : WrongSamples(rows: evaluation.wrong, of: samples.count)
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
