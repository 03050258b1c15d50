import Networks
import Numerics
import PluginHost
import Strategies
import StrategyKit

/// Seconds of Optimal Brain Surgeon's parts, on problems as large as those of the peer's script. Their
/// time does not depend on the data, so the data is random.
enum SurgeonTasks {
  static var all: [BenchTask] {
    [
      BenchTask(name: "obs/inverse-4810x1437", unit: .seconds) {
        let rows = vectors(1437, of: 4810)
        return BenchTask.calls { _ = try inverse(of: rows, side: 4810) }
      },
      BenchTask(
        name: "obs/sweep-4810-to-481", unit: .seconds
      ) {
        let rows = vectors(1437, of: 4810)
        let inverse = try Self.inverse(of: rows, side: 4810)
        let weights = normals(4810, "weights")
        return BenchTask.calls {
          var elimination = SurgicalElimination(
            inverse: try StrategyKit.Matrix(rows: 4810, columns: 4810, values: inverse),
            weights: weights,
            isCandidate: [Bool](repeating: true, count: 4810), algebra: .host)
          for _ in 481..<4810 { _ = try elimination.removeCheapest() }
        }
      },
      BenchTask(name: "obs/rows-784x300-full-trace", unit: .seconds) {
        // Of MNIST's 784 pixels 717 are ever lit; the others cost nothing.
        let live = 717
        let inverse = try StrategyKit.Matrix(
          rows: live, columns: live,
          values: try Self.inverse(of: vectors(2 * live, of: live), side: live))
        let weights = (0..<300).map { normals(live, "row \($0)") }
        return BenchTask.calls {
          for row in weights {
            var elimination = SurgicalElimination(
              inverse: inverse, weights: row,
              isCandidate: [Bool](repeating: true, count: live), algebra: .host)
            while try elimination.removeCheapest() != nil {}
          }
        }
      },
    ]
  }

  private static func normals(_ count: Int, _ name: String) -> [Double] {
    var random = RandomStream(seed: 1, name: name)
    return (0..<count).map { _ in random.normal() }
  }

  private static func vectors(_ count: Int, of length: Int) -> [[Double]] {
    (0..<count).map { normals(length, "vector \($0)") }
  }

  private static func inverse(of rows: [[Double]], side: Int) throws -> [Double] {
    var builder = DampedInverse(side: side, ridge: 1e-4, weight: Double(rows.count))
    for row in rows { builder.add(row) }
    guard let inverse = builder.result() else { throw BenchError("the inverse is not finite") }
    return inverse
  }
}
