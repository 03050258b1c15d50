import Comparison
import Glibc
import PluginHost
import Testing

/// `FamilyMemory`: what a worker and its strategies hold, without a walk through every page at each look.
struct FamilyMemoryTests {
  @Test func sharedPagesAreToldApartWhereTheSumRises() {
    var memory = FamilyMemory(limit: nil)
    var asked = 0
    let looks: [(sum: Int, exact: Int)] = [(100, 80), (90, 75), (100, 80), (120, 95), (110, 94)]
    for look in looks {
      memory.take(look.sum) {
        asked += 1
        return look.exact
      }
    }
    #expect(asked == 2)
    #expect(memory.peak == 95)
  }

  @Test func overTheLimitEveryLookTells() {
    var memory = FamilyMemory(limit: 100)
    memory.take(130) { 90 }
    #expect(!memory.isOverLimit)
    // Less by the sum, and more in truth: less of it is shared.
    memory.take(120) { 101 }
    #expect(memory.isOverLimit)
  }

  @Test func underTheLimitNothingIsOver() {
    var memory = FamilyMemory(limit: 100)
    memory.take(100) { 100 }
    #expect(!memory.isOverLimit)
  }

  /// The process that runs the tests holds what its own account says, and one that is gone nothing.
  @Test func aProcessIsLookedAt() {
    var memory = FamilyMemory(limit: 1)
    memory.look(at: getpid())
    #expect(memory.peak > 1 << 20)
    #expect(memory.isOverLimit)
    var nothing = FamilyMemory(limit: 1)
    nothing.look(at: pid_t.max)
    #expect(nothing.peak == 0)
  }

  @Test func theKernelsAccountIsRead() throws {
    let text = "Name:\tVmRSS: 9 kB\nVmHWM:\t    300 kB\nVmRSS:\t    200 kB\nThreads:\t3\n"
    let memory = try #require(ProcessMemory(status: text))
    #expect(memory.resident == 200 << 10)
    #expect(memory.peak == 300 << 10)
    #expect(memory.threads == 3)
    #expect(memory.swapped == 0)
    #expect(ProcessMemory(status: "VmRSS:\t200 kB\n") == nil)
    #expect(ProcessMemory(status: "VmHWM: many\nVmRSS:\t\n") == nil)
  }
}
