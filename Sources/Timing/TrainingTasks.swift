import Comparison
import Networks
import Numerics

/// Images a second in training, by the recipes of the comparison: stochastic gradient descent with
/// momentum and weight decay on mini-batches, from loading the samples to the update.
enum TrainingTasks {
  static func all(_ material: Material) -> [BenchTask] {
    Material.subjects.flatMap { subject in
      ([("dense", 1)] + Material.sparsities).map { label, density in
        task("train/\(subject.label)/\(label)", subject, density, material)
      }
    }
  }

  static func task(
    _ name: String, _ subject: Material.Subject, _ density: Double, _ material: Material
  ) -> BenchTask {
    final class Work { var images = 1280; var products = 0.0 }
    let counted = Work()
    return BenchTask(
      name: name, unit: .imagesPerSecond, items: { Double(counted.images) },
      flops: { 2 * counted.products * Double(counted.images) },
      data: {
        _ = try material.samples(subject)
        _ = try material.network(subject, density: density)
      }
    ) {
      let benchmark = try material.benchmark(subject)
      let samples = try material.samples(subject)
      let start = try material.network(subject, density: density)
      counted.products = start.multiplyAdds.training
      func train() throws -> Double {
        var network = start
        var state = OptimizerState(parameters: network.layout.count)
        var random = RandomStream(seed: 1, name: "batches")
        var recipe = benchmark.recipes(quick: false).dense
        recipe.epochs = Double(counted.images) / Double(samples.count)
        return try Trainer(loss: benchmark.loss).train(
          &network, state: &state, on: samples, recipe: recipe, random: &random
        ).seconds
      }
      // About half a second, in whole batches.
      let seconds = try train()
      counted.images = max(1280, min(300_000, Int(0.5 / seconds * 1280))) / 128 * 128
      return train
    }
  }
}
