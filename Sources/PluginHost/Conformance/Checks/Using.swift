import CSystem
import Foundation
import Networks
import Numerics

extension ConformanceTest {
  /// What a strategy takes of the machine.
  static let using = [
    ConformanceTest(
      "memory", [.memory, .rounds],
      "A hundred rounds hold little more memory than the first.", .strategy(memoryStays)),
    ConformanceTest(
      "time", [.time], "Rounds and steps on 64,000 weights take their time and no more.",
      .strategy(timeIsBounded)),
    ConformanceTest(
      "threads", [.threads], "No thread is left when a callback has returned.",
      .strategy(threadsEnd)),
  ]

  private static func memoryStays(_ subject: Subject) throws -> String? {
    var note: String?
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let instance = try subject.instance()
      let hooks = instance.hooks(for: small.network)
      let bytes = small.network.layout.count * MemoryLayout<Float>.size
      var held: [Int] = []
      for round in 0..<100 {
        subject.witness.doing("asked for round \(round + 1) of 100 on \(small.words)")
        let goal = subject.goal(of: small.network.counts.weights)
        _ = try instance.plan(
          Round(index: round, total: 100, weightsGoal: goal), network: small.network,
          measurements: small.measurements)
        try hooks?.takeStep(round, on: small.network)
        held.append(system_allocated_bytes())
      }
      subject.witness.doing("measured the memory over 100 rounds on \(small.words)")
      let growth = held[99] - held[49]
      guard growth <= 50 * max(bytes / 4, 512) else {
        throw subject.witness.shortcoming(
          "the last 50 rounds took \(growth) bytes and kept them; the network has \(bytes)")
      }
      note = "\(max(0, growth)) bytes more after 50 rounds"
    }
    return note
  }

  private static func timeIsBounded(_ subject: Subject) throws -> String? {
    let small = try SmallNetwork.large()
    let clock = ContinuousClock()
    let instance = try subject.instance(memoryLimit: 1 << 30)
    subject.witness.doing("asked for a round on \(small.words)")
    var notes: [String] = []
    let start = clock.now
    let acted = try subject.attempt {
      try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: subject.goal(of: small.network.counts.weights)),
        network: small.network, measurements: small.measurements)
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    guard seconds <= 10 else {
      throw subject.witness.shortcoming("it took \(Int(seconds)) s; 10 s are the most")
    }
    if acted != nil { notes.append("a round \(Int((seconds * 1000).rounded(.up))) ms") }
    if let hooks = instance.hooks(for: small.network) {
      subject.witness.doing("took 50 steps on \(small.words)")
      let start = clock.now
      for step in 0..<50 { _ = try subject.attempt { try hooks.takeStep(step, on: small.network) } }
      let each = start.duration(to: clock.now) / .seconds(1) / 50
      guard each <= 0.02 else {
        throw subject.witness.shortcoming(
          "a step took \(Int(each * 1000)) ms more than its training; 20 ms are the most")
      }
      notes.append("a step \(Int((each * 1e6).rounded(.up))) µs")
    }
    guard !notes.isEmpty else { throw NotApplicable(reason: "it refuses \(small.words)") }
    return notes.joined(separator: ", ")
  }

  private static func threadsEnd(_ subject: Subject) throws -> String? {
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      // Whatever the host itself starts has started then.
      let first = try subject.instance()
      _ = try? Play(subject, first).run(on: small)
    }
    let before = threadCount()
    guard before == 1 else {
      subject.witness.doing("counted threads after two rounds with training")
      throw subject.witness.shortcoming("\(before - 1) threads of it are left")
    }
    return nil
  }

  /// Threads of this process that are still there when those about to end have had time to.
  private static func threadCount() -> Int {
    var count = 0
    for _ in 0..<50 {
      count = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 1
      guard count > 1 else { break }
      usleep(4000)
    }
    return count
  }
}

extension TrainingHooks {
  /// A step of training without the training.
  fileprivate func takeStep(_ index: Int, on network: Network) throws {
    let step = TrainingStep(index: index, total: 100, learningRate: 0.01, loss: 1)
    var gates = [Float](repeating: 1, count: network.graph.residualSums.count)
    try beginStep(step, gates: &gates)
    if actsAfterSteps { try endStep(step, parameters: TrainedParameters(network)) }
  }
}
