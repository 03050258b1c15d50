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

  /// Why they cannot be had within a limit of bytes; nil where they can.
  ///
  /// Of each value there are up to three: what is kept, what a strategy is lent and its own copy.
  func obstacle(within limit: Int) -> String? {
    let parameters = slots.reduce(0) { $0 + $1.all.count }
    let bytes = 3 * MemoryLayout<Float>.size * count * parameters
    guard bytes > limit else { return nil }
    let mebibyte = 1_048_576
    return
      "the gradients of \(count) samples in the \(parameters) parameters of all convolutions take "
      + "\(bytes / mebibyte) MiB where \(limit / mebibyte) MiB are allowed, half of a limit by --memory: "
      + "it has to be --memory \(2 * bytes / mebibyte + 1)M at least"
  }

  private var count: Int { min(measurements.samples.count, Self.mostSamples) }

  private var slots: [ParameterLayout.Slot] {
    let network = measurements.network
    return network.layout.slots.filter {
      network.graph.nodes[$0.place].operation.convolution != nil
    }
  }

  private lazy var all: [Int: [Float]] = {
    let network = measurements.network
    let (count, slots) = (count, slots)
    let few = Measurements(
      network: network, samples: measurements.samples.selecting(0..<count),
      loss: measurements.lossKind)
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
