import Comparison
import Networks
import Numerics
import PluginHost

/// Networks whose connections move while they train: what moving them takes in steps, what a strategy's
/// hook takes of a step, and images a second beside a network that was pruned before.
enum MovingTasks {
  private static let subject = Material.perceptron
  private static let sparsity = (label: "95%", density: 0.05)

  static func all(_ material: Material) -> [BenchTask] {
    let name = "\(subject.label)/\(sparsity.label)"
    return [
      TrainingTasks.task("train/\(name)", subject, sparsity.density, material),
      training("train/\(name)/pruned", material) { try pruned($0, material) },
      training("train/\(name)/static", material) {
        try start("static", steps: $0, material).run()
      },
      training("train/\(name)/rigl", material) { try start("rigl", steps: $0, material).run() },
      update("update/\(name)/mask", material) { $0.period },
      update("update/\(name)/rigl", material) { $0.whole },
      hook("step-hook/\(subject.label)/dense", density: 1, material),
      hook("step-hook/\(name)", density: sparsity.density, material),
    ]
  }

  /// The recipe of the comparison for a number of steps, at a rate so small that nothing diverges.
  private static func recipe(steps: Int, _ material: Material) throws -> TrainingRecipe {
    var recipe = try material.benchmark(subject).recipes(quick: false).dense
    recipe.learningRate = 1e-3
    let count = try material.samples(subject).count
    recipe.epochs = Double(steps * recipe.batchSize) / Double(count)
    return recipe
  }

  private static func start(
    _ strategy: String, steps: Int, _ material: Material
  ) throws -> GuidedTraining {
    let dense = try material.network(subject, density: 1)
    return try GuidedTraining(
      strategy, dense, goal: Int((sparsity.density * Double(dense.counts.weights)).rounded()),
      on: material.samples(subject), recipe: recipe(steps: steps, material),
      loss: material.benchmark(subject).loss)
  }

  private static func prepare(_ material: Material) throws {
    _ = try material.samples(subject)
    _ = try material.network(subject, density: 1)
    _ = try material.network(subject, density: sparsity.density)
  }

  /// Images a second, update points included.
  private static func training(
    _ name: String, _ material: Material, _ run: @escaping (_ steps: Int) throws -> Double
  ) -> BenchTask {
    final class Work { var images = 0.0 }
    let counted = Work()
    return BenchTask(
      name: name, unit: .imagesPerSecond, items: { counted.images },
      data: { try prepare(material) }
    ) {
      let steps = 2400
      counted.images = try Double(steps * recipe(steps: steps, material).batchSize)
      return { try run(steps) }
    }
  }

  /// The seconds of a network that was masked before, at the places where `static` has its masks.
  private static func pruned(_ steps: Int, _ material: Material) throws -> Double {
    var network = try start("static", steps: 1, material).network
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: 1, name: "batches")
    return try Trainer(loss: material.benchmark(subject).loss).train(
      &network, state: &state, on: material.samples(subject),
      recipe: recipe(steps: steps, material), random: &random
    ).seconds
  }

  // MARK: - In steps

  /// The time of an update point, or of a part of it, over that of a step.
  private static func update(
    _ name: String, _ material: Material,
    _ part: @escaping ((whole: Double, period: Double)) -> Double
  ) -> BenchTask {
    BenchTask(name: name, unit: .ratio, data: { try prepare(material) }) {
      {
        let (rounds, between) = (60, 20)
        let training = try start("rigl", steps: 2 * rounds * between, material)
        let clock = StepClock()
        var updates: [Double] = []
        var steps: [Double] = []
        for _ in 0..<rounds {
          try training.period.advance(to: training.period.step + between, hooks: clock)
          steps += clock.takeSeconds()
          updates.append(part(try training.update()))
        }
        return try AlternatingSteps.ratio(of: updates, to: steps)
      }
    }
  }

  /// The time of a step with an idle hook over that of one without, each among its like.
  private static func hook(
    _ name: String, density: Double, _ material: Material
  ) -> BenchTask {
    BenchTask(name: name, unit: .ratio, data: { try prepare(material) }) {
      let network = try material.network(subject, density: density)
      let instance = try StrategyInstance(
        IdleHook.entry(), random: RandomStream(seed: 1, name: "strategy"))
      return {
        try AlternatingSteps(network, subject, material).ratio(
          StepClock(around: instance.hooks(for: network)), StepClock())
      }
    }
  }
}
