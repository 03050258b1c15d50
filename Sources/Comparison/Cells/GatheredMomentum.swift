import Foundation
package import Networks
package import Numerics

/// What momentum has gathered of the gradient at an update point, at masked places too.
///
/// The optimiser has it for live parameters. For the others it is made up of the mini-batches of the
/// last steps at the parameters as they are, until those before weigh 1.5 % together: forty at a momentum
/// of 0.9. A dense gradient in every step would cost as much as dense training.
package final class GatheredMomentum {
  /// What the gradients before the last ones may weigh together.
  private static let forgotten: Float = 0.015
  /// However slowly momentum forgets.
  private static let mostSteps = 100

  package private(set) lazy var values = gathered()
  /// What it took; 0 unless it was asked for.
  package private(set) var operations = 0.0
  private let period: TrainingPeriod
  private let network: Network
  private let samples: Samples
  private let loss: Loss
  private let decay: Float

  /// - Parameter decay: What a step leaves of the gradients before it.
  package init(
    _ period: TrainingPeriod, _ network: Network, _ samples: Samples, _ loss: Loss, decay: Float
  ) {
    self.period = period
    self.network = network
    self.samples = samples
    self.loss = loss
    self.decay = decay
  }

  private var steps: Int {
    guard decay > 0 else { return 1 }
    guard decay < 1 else { return Self.mostSteps }
    return min(Self.mostSteps, Int((log(Self.forgotten) / log(decay)).rounded(.up)))
  }

  private func gathered() -> [Float] {
    var sum = [Float](repeating: 0, count: network.layout.count)
    var weight: Float = 1
    for rows in period.past(steps) {
      let measurements = Measurements(
        network: network, samples: samples.selecting(rows), loss: loss)
      for (index, value) in measurements.gradient().enumerated() { sum[index] += weight * value }
      operations += measurements.operations
      weight *= decay
    }
    let optimizers = period.state.first
    for index in sum.indices where network.mask[index] != 0 { sum[index] = optimizers[index] }
    return sum
  }
}
