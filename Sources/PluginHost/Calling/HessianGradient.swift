import Networks
import Numerics

/// The Hessian of the mean loss times its gradient, measured when it is first asked for.
///
/// Both are exact and in double precision, sample by sample, which takes many times as long as the
/// batches of other measurements. So they are over few samples: as many as 25 of each of ten classes,
/// which C. Wang, G. Zhang and R. Grosse (2020, arXiv:2002.07376) measure over.
final class HessianGradient {
  private static let mostSamples = 256

  /// Operations of measuring it, as ``Measurements/operations`` counts; 0 before.
  private(set) var operations = 0.0
  private let measurements: Measurements

  init(_ measurements: Measurements) { self.measurements = measurements }

  /// One value a parameter of the network, in flat order.
  private(set) lazy var values: [Float] = {
    let network = measurements.network
    let count = min(measurements.samples.count, Self.mostSamples)
    let few = Measurements(
      network: network, samples: measurements.samples.selecting(0..<count),
      loss: measurements.lossKind)
    // A masked weight is a constant: no gradient flows into it.
    let direction = zip(few.gradient(), network.mask).map { Double($0) * Double($1) }
    let product = few.hessianProduct(direction)
    // Differentiating the two passes of a gradient along a direction takes twice as many again.
    let pass = Double(network.forwardOperations + network.gradientOperations(dense: true))
    operations = few.operations + 3 * pass * Double(count)
    return product.map { Float($0) }
  }()
}
