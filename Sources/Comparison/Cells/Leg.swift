import Datasets
import Networks
import Numerics
import PluginHost

/// A stretch of a cell's way: the network it begins with, and the stages it goes through.
struct Leg {
  let start: Network
  /// What led to it.
  var pretrained = TrainingCost.none
  /// The mean error on the way there; nil where it is not known.
  var pretrainedError: Double? = 0
  let stages: [Stage]

  /// A round in which a strategy proposes, and the training that follows.
  struct Stage {
    /// Live weights to leave, or to grow to.
    let weightsGoal: Int
    /// The ratios whose point is measured behind it; none on the way.
    let reported: [Double]
    let recipe: TrainingRecipe
    /// Names the random stream of the batches, which every strategy on this course shares.
    let stream: String
  }
}

extension CellRunner {
  /// The way of a cell on a course.
  ///
  /// Pruners go once through all sizes, from the trained network. The others begin untrained, once for
  /// each ratio, and are shown in one training period as many samples as a pruner was when it got
  /// there, the dense network's included.
  ///
  /// - Parameters:
  ///   - reached: Those of the ratios that are reported. It passes through the rounds of all of them, up
  ///     to the last that is.
  ///   - dense: The trained dense network.
  ///   - result: What it was worth.
  func legs(
    of course: StrategyEntry.Course, reaching reached: [Double], dense: Network,
    _ result: DenseResult
  ) throws -> [Leg] {
    let weights = dense.counts.weights
    let rounds = rounds(dense: weights, reaching: reached)
    let recipes = benchmark.recipes(quick: key.quick)
    if course == .prune {
      let stages = rounds.enumerated().map { index, round in
        Leg.Stage(
          weightsGoal: round.weightsGoal, reported: round.reported.map { [$0] } ?? [],
          recipe: recipes.fineTune, stream: "fine-tuning batches of round \(index)")
      }
      return [
        Leg(
          start: dense, pretrained: denseCost(dense), pretrainedError: result.averageError,
          stages: stages)
      ]
    }
    let untrained = try benchmark.network()
    let start = course == .sparse ? untrained : try untrained.narrowed(to: Benchmark.seedShare)
    func leg(to goal: Int, rounds: Int, _ ratios: [Double]) -> Leg {
      let stage = Leg.Stage(
        weightsGoal: goal, reported: ratios, recipe: recipe(behind: rounds),
        stream: stream(behind: rounds))
      return Leg(
        start: start.initialized(seed: key.seed, by: benchmark.initialization), stages: [stage])
    }
    if course == .free { return [leg(to: weights, rounds: rounds.count, reached)] }
    return rounds.enumerated().compactMap { index, round in
      round.reported.map { leg(to: round.weightsGoal, rounds: index + 1, [$0]) }
    }
  }

  private func rounds(dense weights: Int, reaching reached: [Double]) -> [Trajectory.Round] {
    var rounds = Trajectory(dense: weights, ratios: key.ratios, grid: benchmark.rounds).rounds
    for index in rounds.indices where !reached.contains(where: { $0 == rounds[index].reported }) {
      rounds[index].reported = nil
    }
    let end = rounds.lastIndex { $0.reported != nil }
    return Array(rounds.prefix((end ?? -1) + 1))
  }

  /// One training period with as many samples as a pruner was shown behind so many rounds, the dense
  /// network's included.
  func recipe(behind rounds: Int) -> TrainingRecipe {
    let recipes = benchmark.recipes(quick: key.quick)
    var recipe = recipes.dense
    recipe.epochs += Double(rounds) * recipes.fineTune.epochs
    return recipe
  }

  /// The random stream of its batches.
  func stream(behind rounds: Int) -> String { "batches of \(rounds) rounds from the start" }

  /// What training the dense network takes.
  func denseCost(_ dense: Network) -> TrainingCost {
    let recipes = benchmark.recipes(quick: key.quick)
    let samples =
      max(1, recipes.starts) * recipes.dense.sampleBudget(of: splits.training.count)
    let operations = Double(samples) * Double(dense.trainingOperations)
    return TrainingCost(samples: samples, operations: operations, denseOperations: operations)
  }
}
