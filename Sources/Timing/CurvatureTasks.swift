import Comparison
import Networks
import Numerics

/// Seconds that a quantity takes which strategies may read, over as many samples as the peer's
/// scripts take, in the fast engine.
enum CurvatureTasks {
  private static let quantities: [(String, @Sendable (Measurements) -> Void)] = [
    ("gradient", { _ = $0.gradient() }),
    ("fisher-diagonal", { _ = $0.fisherDiagonal() }),
    ("gauss-newton-diagonal", { _ = $0.gaussNewtonDiagonal() }),
    ("lecun-diagonal", { _ = $0.leCunDiagonal() }),
    (
      "input-moment",
      { measurements in
        _ = measurements.inputMoment(at: measurements.network.graph.weightedLayers[0])
      }
    ),
    (
      "activations",
      { measurements in
        _ = measurements.activations(at: measurements.network.graph.weightedLayers[0])
      }
    ),
  ]

  static func all(_ material: Material) -> [BenchTask] {
    [(Material.perceptron, 10_000), (Material.leNet5, 1000)].flatMap { subject, count in
      quantities.map { name, measure in
        BenchTask(
          name: "curvature/\(subject.label)/\(name)", unit: .seconds,
          data: {
            _ = try material.samples(subject, first: count)
            _ = try material.network(subject, density: 1)
          }
        ) {
          let network = try material.network(subject, density: 1)
          let loss = try material.benchmark(subject).loss
          let samples = try material.samples(subject, first: count)
          return BenchTask.calls {
            measure(Measurements(network: network, samples: samples, loss: loss, preciseWork: -1))
          }
        }
      }
    }
  }
}
