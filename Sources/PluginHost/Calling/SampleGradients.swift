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
    var rows = slots.map { slot in
      var values: [Float] = []
      values.reserveCapacity(count * slot.all.count)
      return values
    }
    few.forEachSampleGradient { _, gradient in
      for (index, slot) in slots.enumerated() {
        rows[index].append(contentsOf: gradient[slot.all].lazy.map { Float($0) })
      }
    }
    let all = Dictionary(zip(slots.map(\.place), rows)) { first, _ in first }
    operations =
      Double(count)
      * Double(network.forwardOperations + network.gradientOperations(dense: true))
    return all
  }()
}
