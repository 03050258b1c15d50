import Comparison
import Networks
import Numerics
import PluginHost

/// A training period in which a strategy lays out a network and changes it, as a comparison runs it, with
/// the seconds that its parts took.
final class GuidedTraining {
  let period: TrainingPeriod
  /// Where the strategy proposes; nil for not at all.
  let points: UpdatePoints?
  private(set) var network: Network
  private let instance: StrategyInstance
  private let samples: Samples
  private let loss: Loss
  /// What signals are measured over at update points; nil for the mini-batch that comes next.
  private let measured: Samples?
  private let knownMoments = KnownMoments()
  private let decay: Float
  private let goal: Int

  /// - Parameters:
  ///   - strategy: by its id.
  ///   - start: the network before the first round.
  ///   - goal: weights to leave, or to grow to.
  init(
    _ strategy: String, _ start: Network, goal: Int, on samples: Samples, measured: Samples? = nil,
    recipe: TrainingRecipe, loss: Loss
  ) throws {
    self.goal = goal
    self.measured = measured
    let entry = try StrategyCatalogue().entry(named: strategy)
    instance = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    self.samples = samples
    self.loss = loss
    decay = recipe.momentum
    let plan = try instance.plan(
      Round(index: 0, total: 1, weightsGoal: goal), network: start,
      measurements: Measurements(
        network: start, samples: samples.selecting([0]), loss: loss))
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
    let (steps, updates) = try parts()
    return updates.reduce(steps, +)
  }

  /// The seconds of all steps, and of each update point.
  func parts() throws -> (steps: Double, updates: [Double]) {
    var updates: [Double] = []
    while period.step < period.total {
      try period.advance(to: points?.next(after: period.step) ?? period.total)
      guard period.step < period.total else { break }
      updates.append(try update().whole)
    }
    return (period.report.seconds, updates)
  }

  /// The seconds of an update point, and of what the training period took for itself of them.
  func update() throws -> (whole: Double, period: Double) {
    let start = Clock.seconds()
    network = period.network
    let gathered = GatheredMomentum(period, network, samples, loss, decay: decay)
    let measurements = Measurements(
      network: network, samples: measured ?? samples.selecting(period.upcoming), loss: loss,
      knownMoments: knownMoments)
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
