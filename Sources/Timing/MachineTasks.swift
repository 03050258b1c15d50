import CKernels
import Foundation
import Numerics

/// What the machine can do at most.
enum MachineTasks {
  private static let rounds: Int64 = 200_000
  private static let bytes = 256 << 20

  static func all(threads: Int) -> [BenchTask] {
    (threads > 1 ? [handOver(threads)] : []) + [
      multiplyAdd(isDouble: false), multiplyAdd(isDouble: true),
      BenchTask(
        name: "machine/memory-copy", unit: .gigabytes, items: { Double(2 * bytes) }, threads: 1
      ) {
        let (from, to) = (Bytes(bytes), Bytes(bytes))
        return BenchTask.calls { to.pointer.copyMemory(from: from.pointer, byteCount: bytes) }
      },
    ]
  }

  /// A piece of work of nothing for all threads: what to share work costs at least. It tells where the system has
  /// put them, as cores that share no cache take several times as long.
  private static func handOver(_ threads: Int) -> BenchTask {
    let times = 10_000
    return BenchTask(name: "machine/hand-over", unit: .microseconds) {
      let team = Team.shared
      return {
        let start = Clock.seconds()
        for _ in 0..<times { team.run(threads) { _ in } }
        return (Clock.seconds() - start) / Double(times)
      }
    }
  }

  private static func multiplyAdd(isDouble: Bool) -> BenchTask {
    BenchTask(
      name: isDouble ? "machine/multiply-add-double" : "machine/multiply-add", unit: .gigaflops,
      flops: { operations(isDouble: isDouble) }, isDouble: isDouble, threads: 1
    ) { BenchTask.calls { _ = operations(isDouble: isDouble) } }
  }

  /// Floating-point operations a second of one core, 10⁹: the best of several tries, as anything
  /// else that runs can only lower it.
  static func ceiling(isDouble: Bool) -> Double {
    let tries = (0..<20).map { _ in
      let start = Clock.seconds()
      let flops = operations(isDouble: isDouble)
      return flops / (Clock.seconds() - start) / 1e9
    }
    return tries.max() ?? 0
  }

  /// Does some, and says how many.
  private static func operations(isDouble: Bool) -> Double {
    if isDouble {
      var values = [1.000_000_1, 1e-7, 0]
      return wbk_multiply_add_double(rounds, &values)
    }
    var values: [Float] = [1.000_01, 1e-5, 0]
    return wbk_multiply_add_single(rounds, &values)
  }

  private final class Bytes {
    let pointer: UnsafeMutableRawPointer

    init(_ count: Int) {
      pointer = .allocate(byteCount: count, alignment: 64)
      pointer.initializeMemory(as: UInt8.self, repeating: 1, count: count)
    }

    deinit { pointer.deallocate() }
  }
}
