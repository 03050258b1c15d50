package import Networks
package import Numerics

/// What momentum has gathered of the gradient at an update point, at masked places too.
///
/// The optimiser has it for live parameters. For the others it is made up of the mini-batches of the
/// last steps at the parameters as they are: with a momentum of 0.9 those before weigh 1.5 % together,
/// and a dense gradient in every step would cost as much as dense training.
package final class GatheredMomentum {
  private static let steps = 40
  private static let decay: Float = 0.9

  package private(set) lazy var values = gathered()
  /// What it took; 0 unless it was asked for.
  package private(set) var operations = 0.0
  private let period: TrainingPeriod
  private let network: Network
  private let samples: Samples
  private let loss: Loss

  package init(_ period: TrainingPeriod, _ network: Network, _ samples: Samples, _ loss: Loss) {
    self.period = period
    self.network = network
    self.samples = samples
    self.loss = loss
  }

  private func gathered() -> [Float] {
    var sum = [Float](repeating: 0, count: network.layout.count)
    var weight: Float = 1
    for rows in period.past(Self.steps) {
      let measurements = Measurements(
        network: network, samples: samples.selecting(rows), loss: loss)
      for (index, value) in measurements.gradient().enumerated() { sum[index] += weight * value }
      operations += measurements.operations
      weight *= Self.decay
    }
    let optimizers = period.state.first
    for index in sum.indices where network.mask[index] != 0 { sum[index] = optimizers[index] }
    return sum
  }
}
