import Comparison
import Networks
import Numerics

/// Networks that grow from the benchmark's seed to the dense network's size while they train: what growing
/// takes of the time, and images a second beside dense training.
enum GrowthTasks {
  private static let subject = Material.perceptron
  private static let strategies = ["gradmax", "tiny"]
  /// Long enough to tell the speed at each size.
  private static let epochs = 5.0

  static func all(_ material: Material) -> [BenchTask] {
    strategies.flatMap { strategy in
      [whole(strategy, material), growth(strategy, material)]
    }
  }

  private static func start(
    _ strategy: String, _ material: Material
  ) throws -> (training: GuidedTraining, images: Int) {
    let benchmark = try material.benchmark(subject)
    let seed = try benchmark.network().narrowed(to: Benchmark.seedShare)
      .initialized(seed: 1, by: benchmark.initialization)
    var recipe = benchmark.recipes(quick: false).dense
    recipe.epochs = epochs
    let samples = try material.samples(subject)
    let training = try GuidedTraining(
      strategy, seed, goal: material.network(subject, density: 1).counts.weights, on: samples,
      measured: material.samples(subject, first: benchmark.measurementSamples), recipe: recipe,
      loss: benchmark.loss)
    return (training, recipe.sampleBudget(of: samples.count))
  }

  /// Images a second of a run of the benchmark's length, growth included.
  private static func whole(_ strategy: String, _ material: Material) -> BenchTask {
    final class Work { var images = 0.0 }
    let counted = Work()
    return BenchTask(
      name: "train/\(subject.label)/\(strategy)", unit: .imagesPerSecond,
      items: { counted.images }, data: { try prepare(material) }
    ) {
      {
        let (training, images) = try start(strategy, material)
        let (steps, updates) = try training.parts()
        let scale = try scale(material)
        counted.images = scale * Double(images)
        return updates.reduce(scale * steps, +)
      }
    }
  }

  /// The time of the dearest growth over that of a run of the benchmark's length.
  private static func growth(_ strategy: String, _ material: Material) -> BenchTask {
    BenchTask(
      name: "growth/\(subject.label)/\(strategy)", unit: .ratio, data: { try prepare(material) }
    ) {
      {
        let (steps, updates) = try start(strategy, material).training.parts()
        let run = try updates.reduce(scale(material) * steps, +)
        guard let dearest = updates.max(), run > 0 else {
          throw BenchError("'\(strategy)' did not grow")
        }
        return dearest / run
      }
    }
  }

  /// How many times as long the benchmark trains; it grows as often.
  private static func scale(_ material: Material) throws -> Double {
    try material.benchmark(subject).recipes(quick: false).dense.epochs / epochs
  }

  private static func prepare(_ material: Material) throws {
    _ = try material.samples(subject)
    _ = try material.network(subject, density: 1)
  }
}
