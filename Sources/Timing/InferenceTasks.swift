import Networks
import Numerics

/// Microseconds from samples to outputs.
enum InferenceTasks {
  private static let batches = [1, 64, 1000]

  static func all(_ material: Material) -> [BenchTask] {
    Material.subjects.flatMap { subject in
      batches.flatMap { batch in
        [task("infer/\(subject.label)/dense/batch-\(batch)", subject, 1, batch, material)]
          + Material.sparsities.flatMap { label, density in
            [false, true].map { compacts in
              task(
                "infer/\(subject.label)/\(label)/batch-\(batch)/"
                  + (compacts ? "compacted" : "masked"),
                subject, density, batch, compacts: compacts, material)
            }
          }
      }
    }
  }

  private static func task(
    _ name: String, _ subject: Material.Subject, _ density: Double, _ batch: Int,
    compacts: Bool = false, _ material: Material
  ) -> BenchTask {
    final class Work { var products = 0.0 }
    let counted = Work()
    return BenchTask(
      name: name, unit: .microseconds, flops: { 2 * counted.products * Double(batch) },
      data: {
        _ = try material.samples(subject)
        _ = try material.network(subject, density: density)
      }
    ) {
      let samples = try material.samples(subject)
      var network = try material.network(subject, density: density)
      if compacts { network = network.compacted().network }
      counted.products = network.multiplyAdds.forward
      let executor = Executor(network: network, capacity: batch, for: .inference)
      let rows = (0..<Int32(batch)).map { $0 }
      return BenchTask.calls {
        executor.load(samples, rows: rows[...])
        executor.forward(mode: .inference)
        _ = executor.outputs()
      }
    }
  }
}
