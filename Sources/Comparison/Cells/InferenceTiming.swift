import Foundation
import Networks
import Numerics

/// Measures what a pruned network costs beside the dense one it came from, and whether it computes
/// the same as another.
final class InferenceTiming {
  private let denseExecutor: Executor
  private let samples: Samples
  private let rows: [Int32]

  /// - Parameter samples: At least one sample; as many as a batch are used.
  init(dense: Network, samples: Samples) {
    self.samples = samples
    rows = (0..<Int32(TrajectoryPoint.inferenceBatch)).map { $0 % Int32(samples.count) }
    denseExecutor = Executor(network: dense, capacity: rows.count, for: .inference)
    denseExecutor.load(samples, rows: rows[...])
  }

  /// Microseconds a sample.
  func measure(_ network: Network) -> (dense: Double, pruned: Double) {
    let executor = Executor(network: network, capacity: rows.count, for: .inference)
    executor.load(samples, rows: rows[...])
    let seconds = PairedTiming().measure(
      { denseExecutor.forward(mode: .inference) },
      { executor.forward(mode: .inference) })
    let scale = 1e6 / Double(rows.count)
    return (seconds.first * scale, seconds.second * scale)
  }

  /// The largest difference between the outputs of two networks on a batch, relative to the largest
  /// output.
  func largestDifference(_ first: Network, _ second: Network) -> Double {
    let outputs = [first, second].map { network in
      let executor = Executor(network: network, capacity: rows.count, for: .inference)
      executor.load(samples, rows: rows[...])
      executor.forward(mode: .inference)
      return executor.outputs()
    }
    var largest = 0.0
    var difference = 0.0
    for (a, b) in zip(outputs[0], outputs[1]) where a != b {
      guard a.isFinite, b.isFinite else { return .infinity }
      largest = max(largest, Double(abs(a)))
      difference = max(difference, Double(abs(a - b)))
    }
    return difference / max(largest, 1)
  }
}
