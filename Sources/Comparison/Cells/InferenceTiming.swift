import Foundation
import Networks
import Numerics

/// Measures what a pruned network costs beside the dense one it came from.
///
/// The two run in turns, so that whatever else the machine does meets both, and the medians of the
/// turns are reported.
final class InferenceTiming {
  private let dense: Network
  private let denseExecutor: Executor
  private let samples: Samples
  private let rows: [Int32]

  /// - Parameter samples: At least one sample; as many as a batch are used.
  init(dense: Network, samples: Samples) {
    self.dense = dense
    self.samples = samples
    rows = (0..<Int32(TrajectoryPoint.inferenceBatch)).map { $0 % Int32(samples.count) }
    denseExecutor = Executor(graph: dense.graph, capacity: rows.count)
    denseExecutor.load(samples, rows: rows[...])
  }

  /// Microseconds a sample.
  func measure(_ network: Network) -> (dense: Double, pruned: Double) {
    let executor = Executor(graph: network.graph, capacity: rows.count)
    executor.load(samples, rows: rows[...])
    // One batch of a small network is far below what a clock resolves.
    let passes = repetitions(of: dense, denseExecutor)
    var denseTurns: [Double] = []
    var prunedTurns: [Double] = []
    for _ in 0..<Self.turns {
      denseTurns.append(seconds(of: passes, dense, denseExecutor))
      prunedTurns.append(seconds(of: passes, network, executor))
    }
    let scale = 1e6 / Double(passes * rows.count)
    return (
      (Statistics.median(denseTurns) ?? 0) * scale, (Statistics.median(prunedTurns) ?? 0) * scale
    )
  }

  /// The largest difference between the outputs of two networks on a batch, relative to the largest
  /// output.
  func largestDifference(_ first: Network, _ second: Network) -> Double {
    let outputs = [first, second].map { network in
      let executor = Executor(graph: network.graph, capacity: rows.count)
      executor.load(samples, rows: rows[...])
      executor.forward(network, mode: .inference)
      return rows.indices.flatMap { executor.output(sample: $0) }
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

  private static let turns = 9
  private static let secondsATurn = 0.002

  private func repetitions(of network: Network, _ executor: Executor) -> Int {
    let once = max(seconds(of: 3, network, executor) / 3, 1e-7)
    return min(2000, max(1, Int(Self.secondsATurn / once)))
  }

  private func seconds(of passes: Int, _ network: Network, _ executor: Executor) -> Double {
    let start = ContinuousClock.now
    for _ in 0..<passes { executor.forward(network, mode: .inference) }
    return start.duration(to: .now) / .seconds(1)
  }
}
