import Networks
import Numerics

/// Every sample's own gradient in the parameters of convolutions, measured when it is first asked for.
///
/// Sample by sample and in double precision, which takes many times as long as batches do, and kept for
/// the call: so they are few.
final class SampleGradients {
  private static let mostSamples = 256

  /// Operations of measuring them, as ``Measurements/operations`` counts; 0 before.
  private(set) var operations = 0.0
  private let measurements: Measurements

  init(_ measurements: Measurements) { self.measurements = measurements }

  /// Of the convolution at a place: samples × parameters, row-major.
  func values(at place: Int) -> [Float] { all[place] ?? [] }

  private lazy var all: [Int: [Float]] = {
    let network = measurements.network
    let count = min(measurements.samples.count, Self.mostSamples)
    let few = Measurements(
      network: network, samples: measurements.samples.selecting(0..<count),
      loss: measurements.lossKind)
    let slots = network.layout.slots.filter {
      network.graph.nodes[$0.place].operation.convolution != nil
    }
    var all: [Int: [Float]] = [:]
    for slot in slots { all[slot.place] = [Float](repeating: 0, count: count * slot.all.count) }
    few.forEachSampleGradient { sample, gradient in
      for slot in slots {
        let start = sample * slot.all.count
        for (offset, index) in slot.all.enumerated() {
          all[slot.place]?[start + offset] = Float(gradient[index])
        }
      }
    }
    operations =
      Double(count)
      * Double(network.forwardOperations + network.gradientOperations(dense: true))
    return all
  }()
}
