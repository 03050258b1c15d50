import Networks
import Numerics
import PluginHost

/// A round of a strategy and the training period behind it, as a cell has them.
struct ActingPeriod {
  struct Update {
    /// Nil of the round before the period.
    var step: Int?
    var before: Network
    var plan: AppliedPlan
    var after: Network { plan.surgery.network }
  }

  private(set) var updates: [Update] = []
  /// After the last step.
  private(set) var network: Network

  /// - Parameter watch: is shown the network behind each step.
  init(
    _ instance: StrategyInstance, on start: Network, goal: Int, samples: Samples,
    epochs: Double = 20,
    recipe adapted: (inout TrainingRecipe) -> Void = { _ in },
    watch: (_ step: Int, _ network: Network) -> Void = { _, _ in }
  ) throws {
    var recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.02, schedule: .constant,
      batchSize: 8, epochs: epochs, decay: 0)
    adapted(&recipe)
    network = start
    let round = Round(index: 0, total: 1, weightsGoal: goal)
    try change(instance, round, samples)
    var random = RandomStream(seed: 4, name: "batches")
    let period = try Trainer(loss: .crossEntropy).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples, recipe: recipe,
      random: &random)
    let outline = PeriodOutline(
      index: 0, total: 1, steps: period.total,
      stepsPerEpoch: (samples.count + recipe.batchSize - 1) / recipe.batchSize, weightsGoal: goal)
    let points = try instance.updatePoints(of: outline, in: network)
    var hooks = instance.hooks(for: network)
    while period.step < period.total {
      let next = points?.next(after: period.step) ?? period.total
      while period.step < next {
        try period.advance(to: period.step + 1, hooks: hooks)
        watch(period.step - 1, period.network)
      }
      network = period.network
      guard period.step < period.total else { break }
      try change(
        instance, Round(index: 0, total: 1, weightsGoal: goal, step: period.nextStep),
        samples.selecting(period.upcoming))
      try period.update(updates[updates.count - 1].plan.surgery)
      hooks = instance.hooks(for: network)
    }
  }

  private mutating func change(
    _ instance: StrategyInstance, _ round: Round, _ samples: Samples
  ) throws {
    let plan = try instance.plan(
      round, network: network,
      measurements: Measurements(network: network, samples: samples, loss: .crossEntropy))
    updates.append(Update(step: round.step?.index, before: network, plan: plan))
    network = plan.surgery.network
  }
}
