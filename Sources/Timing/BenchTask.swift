/// A piece of work that can be timed over and over.
struct BenchTask {
  let name: String
  let unit: BenchRow.Unit
  /// What a call of the work counts: images for a rate, otherwise 1.
  var items: (() -> Double) = { 1 }
  /// Useful floating-point operations of a call, where they are known.
  var flops: (() -> Double)?
  var isDouble = false
  /// Threads that the work takes, where it does not follow the option.
  var threads: Int?
  /// Makes the data and the network: what is there before memory is looked at.
  var data: () throws -> Void = {}
  /// Makes what else the work needs, and returns the work: it gives the seconds of one call.
  let prepare: () throws -> (() throws -> Double)
}

extension BenchTask {
  /// Work that is timed from outside, often enough to fill about a fifth of a second; the median call
  /// counts.
  static func calls(_ work: @escaping () throws -> Void) -> () throws -> Double {
    {
      var times: [Double] = []
      let end = Clock.seconds() + 0.2
      repeat {
        let start = Clock.seconds()
        try work()
        times.append(Clock.seconds() - start)
      } while Clock.seconds() < end
      return times.sorted()[times.count / 2]
    }
  }
}

enum Clock {
  private static let start = ContinuousClock.now
  static func seconds() -> Double { start.duration(to: .now) / .seconds(1) }
}
