import Comparison
import Testing

/// A machine on which time passes as a test says.
private final class Machine {
  private(set) var time = 0.0
  private var calls = 0
  /// How much longer the given call takes than undisturbed.
  var disturbance: (Int) -> Double = { _ in 1 }

  func work(_ seconds: Double) {
    time += seconds * disturbance(calls)
    calls += 1
  }
}

struct PairedTimingTests {
  private func measure(
    _ machine: Machine, _ first: Double, _ second: Double
  ) -> (first: Double, second: Double) {
    PairedTiming(now: { machine.time }).measure(
      { machine.work(first) }, { machine.work(second) })
  }

  @Test func anIdleMachineGivesTheTimesThemselves() {
    let times = measure(Machine(), 4e-5, 3e-6)
    #expect(abs(times.first - 4e-5) < 1e-12)
    #expect(abs(times.second - 3e-6) < 1e-12)
  }

  @Test("Of work that takes a turn of its own, two of three turns may be ten times too long")
  func disturbed() {
    let machine = Machine()
    machine.disturbance = { $0 % 3 == 0 ? 1 : 10 }
    let times = measure(machine, 1e-3, 4e-4)
    #expect(abs(times.first - 1e-3) < 1e-12)
    #expect(abs(times.second - 4e-4) < 1e-12)
  }

  @Test("Turns are short, so that an interruption spoils few of them")
  func interrupted() {
    let machine = Machine()
    var due = 0.0
    // Every 3 ms of the process's own time another one takes the core for 6.
    var own = 0.0
    let times = PairedTiming(now: { machine.time }).measure(
      {
        machine.work(1e-5)
        own += 1e-5
        if own > due {
          machine.work(6e-3)
          due += 3e-3
        }
      }, { machine.work(1e-5) })
    #expect(abs(times.first - 1e-5) < 1e-12)
    #expect(abs(times.second - 1e-5) < 1e-12)
  }

  @Test("One lucky turn is not what is reported")
  func lucky() {
    let machine = Machine()
    machine.disturbance = { $0 == 40 ? 0.5 : 1 }
    #expect(abs(measure(machine, 1e-3, 1e-3).first - 1e-3) < 1e-12)
  }

  @Test("The whole is bounded, whatever the work takes", arguments: [1e-9, 1e-6, 1e-4, 1e-3, 5e-3])
  func bounded(seconds: Double) {
    let machine = Machine()
    _ = measure(machine, seconds, seconds / 2)
    #expect(machine.time < 0.16)
  }

  @Test("A clock too coarse for the work, and one that stands, do no harm")
  func coarseClock() {
    let machine = Machine()
    let times = PairedTiming(now: { 0 }).measure({ machine.work(1) }, {})
    #expect(times.first == 0 && times.second == 0)
  }
}
