import Comparison
import Networks
import Numerics
import PluginHost

/// A training period whose connections a strategy lays out and moves, as a comparison runs it, with the
/// seconds that its parts took.
final class SparseTraining {
  let period: TrainingPeriod
  /// Where the strategy proposes; nil for not at all.
  let points: UpdatePoints?
  private(set) var network: Network
  private let instance: StrategyInstance
  private let samples: Samples
  private let loss: Loss
  private let decay: Float
  private let goal: Int

  /// - Parameters:
  ///   - strategy: one that trains sparse, by its id.
  ///   - dense: the network before the first mask.
  ///   - density: the share of its weights that is live.
  init(
    _ strategy: String, _ dense: Network, density: Double, on samples: Samples,
    recipe: TrainingRecipe, loss: Loss
  ) throws {
    let entry = try StrategyCatalogue().entry(named: strategy)
    instance = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    self.samples = samples
    self.loss = loss
    decay = recipe.momentum
    goal = Int((density * Double(dense.counts.weights)).rounded())
    let plan = try instance.plan(
      Round(index: 0, total: 1, weightsGoal: goal), network: dense,
      measurements: Measurements(
        network: dense, samples: samples.selecting([0]), loss: loss))
    network = plan.surgery.network
    var random = RandomStream(seed: 1, name: "batches")
    period = try Trainer(loss: loss).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples, recipe: recipe,
      random: &random)
    points = try instance.updatePoints(
      of: PeriodOutline(
        index: 0, total: 1, steps: period.total,
        stepsPerEpoch: (samples.count + recipe.batchSize - 1) / recipe.batchSize,
        weightsGoal: goal), in: network)
  }

  /// The seconds of all steps and update points to the end of the period.
  func run() throws -> Double {
    var seconds = 0.0
    while period.step < period.total {
      try period.advance(to: points?.next(after: period.step) ?? period.total)
      guard period.step < period.total else { break }
      seconds += try update().whole
    }
    return seconds + period.report.seconds
  }

  /// The seconds of an update point, and of what the training period took for itself of them.
  func update() throws -> (whole: Double, period: Double) {
    let start = Clock.seconds()
    network = period.network
    let gathered = GatheredMomentum(period, network, samples, loss, decay: decay)
    let measurements = Measurements(
      network: network, samples: samples.selecting(period.upcoming), loss: loss)
    let plan = try instance.plan(
      Round(index: 0, total: 1, weightsGoal: goal, step: period.nextStep), network: network,
      measurements: measurements, momentum: { gathered.values })
    guard plan.surgery.network.values.allSatisfy(\.isFinite) else {
      throw BenchError("a parameter is not a finite number after an update")
    }
    let proposed = Clock.seconds()
    try period.update(plan.surgery)
    let updated = Clock.seconds()
    network = period.network
    return (Clock.seconds() - start, updated - proposed)
  }
}
