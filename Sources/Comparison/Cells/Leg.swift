import Networks
import PluginHost

/// A stretch of a cell's way: the network it begins with, and the stages it goes through.
struct Leg {
  let start: Network
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
  /// - Parameter dense: The trained dense network.
  func legs(of course: StrategyEntry.Course, dense: Network) throws -> [Leg] {
    let weights = dense.counts.weights
    let rounds = Trajectory(dense: weights, ratios: key.ratios, grid: benchmark.rounds).rounds
    let recipes = benchmark.recipes(quick: key.quick)
    if course == .prune {
      let stages = rounds.enumerated().map { index, round in
        Leg.Stage(
          weightsGoal: round.weightsGoal, reported: round.reported.map { [$0] } ?? [],
          recipe: recipes.fineTune, stream: "fine-tuning batches of round \(index)")
      }
      return [Leg(start: dense, stages: stages)]
    }
    let untrained = try benchmark.network()
    let start = course == .sparse ? untrained : try untrained.narrowed(to: Benchmark.seedShare)
    func leg(to goal: Int, rounds: Int, _ ratios: [Double]) -> Leg {
      var recipe = recipes.dense
      recipe.epochs += Double(rounds) * recipes.fineTune.epochs
      let stage = Leg.Stage(
        weightsGoal: goal, reported: ratios, recipe: recipe,
        stream: "batches of \(rounds) rounds from the start")
      return Leg(
        start: start.initialized(seed: key.seed, by: benchmark.initialization), stages: [stage])
    }
    if course == .free { return [leg(to: weights, rounds: rounds.count, key.ratios)] }
    return rounds.enumerated().compactMap { index, round in
      round.reported.map { leg(to: round.weightsGoal, rounds: index + 1, [$0]) }
    }
  }
}
