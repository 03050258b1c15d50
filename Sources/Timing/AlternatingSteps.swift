import Comparison
import Networks
import Numerics

/// A training period whose steps are taken in turns with the one and the other hooks, ten at a time.
struct AlternatingSteps {
  private static let together = 10
  private let rounds: Int
  private let period: TrainingPeriod

  /// A period by the recipe of the comparison, at a rate so small that nothing diverges.
  ///
  /// - Parameter rounds: Turns of each.
  init(
    _ network: Network, _ subject: Material.Subject, rounds: Int = 50, _ material: Material
  ) throws {
    self.rounds = rounds
    let benchmark = try material.benchmark(subject)
    let samples = try material.samples(subject)
    var recipe = benchmark.recipes(quick: false).dense
    recipe.learningRate = 1e-3
    recipe.epochs =
      Double(2 * rounds * Self.together * recipe.batchSize) / Double(samples.count)
    var random = RandomStream(seed: 1, name: "batches")
    period = try Trainer(loss: benchmark.loss).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples,
      recipe: recipe, random: &random)
  }

  /// The time of a step with the one over that of a step with the other, each among its like.
  func ratio(_ one: StepClock, _ other: StepClock) throws -> Double {
    var seconds: (one: [Double], other: [Double]) = ([], [])
    for _ in 0..<rounds {
      try period.advance(to: period.step + Self.together, hooks: one)
      seconds.one += one.takeSeconds()
      try period.advance(to: period.step + Self.together, hooks: other)
      seconds.other += other.takeSeconds()
    }
    return try Self.ratio(of: seconds.one, to: seconds.other)
  }

  /// A lower quartile over another, as other work only ever lengthens a turn (``PairedTiming``).
  static func ratio(of seconds: [Double], to others: [Double]) throws -> Double {
    guard let first = Statistics.lowerQuartile(seconds),
      let second = Statistics.lowerQuartile(others)
    else { throw BenchError("there was nothing to time") }
    return first / second
  }
}
