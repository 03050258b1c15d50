import StrategyKit
import Synchronization
import Testing

private let liveInstances = Atomic<Int>(0)

/// Counts its instances, and misbehaves as its option says.
private final class Fickle: ScoringStrategy, ProposingStrategy, StepBeginningStrategy,
  StepEndingStrategy
{
  enum Mode: String, CaseIterable {
    case fine, throwing, skipping, short, infinite, undeclared, late
  }

  static let info = StrategyInfo(
    id: "fickle", name: "Fickle", summary: "Misbehaves as told.", reads: [.parameters, .mask],
    emits: [.maskOff, .dropBlock], granularity: .units, localScores: true, needs: [.blocks],
    options: [
      .choice("mode", "how", initial: Mode.fine),
      .number("share", "a share", initial: 0.5, in: 0...1),
      .text("words", "some words", initial: "as given"),
    ])

  private let mode: Mode
  private var kept: NetworkView?

  init(options: Options) throws {
    mode = try options.choice("mode")
    guard try options.text("words") != "unwelcome" else { throw StrategyError("unwelcome words") }
    liveInstances.add(1, ordering: .relaxed)
  }

  deinit { liveInstances.subtract(1, ordering: .relaxed) }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    switch mode {
    case .fine: break
    case .throwing: throw StrategyError("it threw")
    case .skipping: throw SkipStrategy("not for me")
    case .short: return [1]
    case .infinite: return [Float](repeating: .infinity, count: layer.unitCount)
    case .undeclared: _ = try network.values(of: Signal(rawValue: 9999), for: layer)
    case .late:
      if let kept { _ = try kept.values(of: .parameters, for: layer) }
      kept = network
    }
    return try network.withValues(of: .parameters, for: layer) { values in
      (0..<layer.unitCount).map { values[$0] }
    }
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    try plan.maskOff([round.weightsGoal], of: network.layers[0])
  }

  func beginStep(_ step: Step, in network: NetworkView, gates: inout MutableSpan<Float>) {
    for index in gates.indices { gates[index] = Float(index) }
  }

  func endStep(_ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>) {
    for index in parameters.indices { parameters[index] *= Float(step.learningRate) }
  }
}

private struct Idle: Strategy {
  static let info = StrategyInfo(id: "idle", name: "Idle", summary: "Does nothing.")
  init(options: Options) {}
}

private struct Blocks: BlockScoringStrategy {
  static let info = StrategyInfo(id: "blocks", name: "Blocks", summary: "Scores blocks.")
  init(options: Options) {}
  func blockScores(in network: NetworkView) -> [Float] { network.blocks.map(\.scale) }
}

private func plugin() -> UnsafePointer<wb_plugin> {
  exportStrategies("test", Fickle.self, Idle.self, Blocks.self)
}

@Suite(.serialized) struct ExportTests {
  private func entrant(
    _ mode: String, _ host: FakeHost = FakeHost([layer()])
  ) throws -> Entrant {
    let names = ["fine", "throwing", "skipping", "short", "infinite", "undeclared", "late"]
    let number = Double(try #require(names.firstIndex(of: mode)))
    return try #require(
      Entrant(plugin(), "fickle", options: ["mode": .number(number)], host: host))
  }

  private static func layer() -> FakeLayer {
    var layer = FakeLayer(id: 7, name: "fc", outputs: 2, inputs: 3)
    layer.parameters = [1, 2, 3, 4, 5, 6, 7, 8]
    return layer
  }

  /// What create gives for a number of values that are nowhere.
  private func created(
    _ id: String, count: UInt32, _ host: FakeHost
  ) -> UnsafePointer<wb_strategy>? {
    var values = wb_option_values(
      struct_size: UInt32(MemoryLayout<wb_option_values>.size), count: count, numbers: nil,
      texts: nil)
    return plugin().pointee.create(plugin(), host.table, id, &values)
  }

  @Test func tableIsTheSameEachTime() {
    #expect(plugin() == plugin())
    #expect(plugin().pointee.abi_major == 1)
    #expect(plugin().pointee.min_host_minor == 0)
    #expect(plugin().pointee.struct_size == MemoryLayout<wb_plugin>.size)
  }

  @Test func descriptorSaysWhatInfoSays() throws {
    #expect(plugin().pointee.describe(plugin(), 3) == nil)
    #expect(plugin().pointee.describe(plugin(), .max) == nil)
    let fickle = try #require(plugin().pointee.describe(plugin(), 0)).pointee
    #expect(String(cString: fickle.id) == "fickle")
    #expect(fickle.signals == 3)
    #expect(fickle.edits == 1 | 1 << 9)
    #expect(fickle.granularity == WB_UNITS)
    #expect(fickle.flags == WB_SCORES_LOCAL | WB_NEEDS_BLOCKS)
    #expect(fickle.option_count == 3)
    let options = try #require(fickle.options)
    #expect(options[0]?.pointee.kind == WB_OPTION_CHOICE)
    #expect(options[0]?.pointee.choice_count == 7)
    #expect(options[0]?.pointee.choices?[1].map { String(cString: $0) } == "throwing")
    #expect(options[1]?.pointee.maximum == 1)
    #expect(options[2]?.pointee.initial_text.map { String(cString: $0) } == "as given")
    #expect(try #require(plugin().pointee.describe(plugin(), 2)).pointee.granularity == WB_BLOCKS)
  }

  @Test func hooksAreThereForWhatATypeConformsTo() throws {
    let host = FakeHost([Self.layer()])
    let fickle = try entrant("fine", host).table.pointee
    #expect(fickle.score != nil)
    #expect(fickle.propose != nil)
    #expect(fickle.begin_step != nil)
    #expect(fickle.end_step != nil)
    let idle = try #require(Entrant(plugin(), "idle", host: host)).table.pointee
    #expect(idle.score == nil)
    #expect(idle.propose == nil)
    #expect(idle.begin_step == nil)
    #expect(idle.end_step == nil)
    let blocks = try #require(Entrant(plugin(), "blocks", host: host)).table.pointee
    #expect(blocks.score != nil)
    #expect(blocks.propose == nil)
  }

  @Test(arguments: ["", "fickl", "fickle ", "fickle\n", "fickle.x", "Fickle", "obd"])
  func unknownIdGivesNullAndAText(id: String) {
    let host = FakeHost()
    #expect(Entrant(plugin(), id, host: host) == nil)
    #expect(host.failures.count == 1)
    #expect(host.failures.first?.contains("'\(id)'") == true)
  }

  @Test func optionsOutsideTheirBoundsAreRefused() {
    for (name, value) in [
      ("share", 1.5), ("share", -0.1), ("share", .nan), ("mode", 7), ("mode", -1), ("mode", 0.5),
      ("mode", .infinity),
    ] {
      let host = FakeHost()
      #expect(Entrant(plugin(), "fickle", options: [name: .number(value)], host: host) == nil)
      #expect(host.failures.first?.contains("'\(name)'") == true, "\(name) \(value)")
    }
    let host = FakeHost()
    let words = Entrant(
      plugin(), "fickle", options: ["words": .text("unwelcome")], host: host)
    #expect(words == nil)
    #expect(host.failures == ["unwelcome words"])
    #expect(created("fickle", count: 3, host) == nil)
    #expect(created("fickle", count: 0, host) == nil)
    #expect(host.failures.count == 3)
  }

  @Test func aHostThatIsTooSmallGetsNothing() {
    let host = FakeHost()
    host.table.pointee.struct_size = MemoryLayout<wb_host>.size - 1
    #expect(created("idle", count: 0, host) == nil)
  }

  @Test func createAndDestroyAreBalanced() throws {
    let before = liveInstances.load(ordering: .relaxed)
    do {
      let entrants = try (0..<100).map { _ in try entrant("fine") }
      #expect(liveInstances.load(ordering: .relaxed) == before + entrants.count)
    }
    #expect(liveInstances.load(ordering: .relaxed) == before)
  }

  @Test func scoresReachTheHost() throws {
    let (status, scores) = try entrant("fine").score(7, count: 2)
    #expect(status == WB_OK)
    #expect(scores == [1, 2])
  }

  @Test(arguments: [
    ("throwing", WB_FAILED, "it threw"), ("skipping", WB_SKIPPED, "not for me"),
    ("short", WB_FAILED, "2 scores are needed, not 1"), ("infinite", WB_FAILED, "score 0 is inf"),
    ("undeclared", WB_UNSUPPORTED, "signal 9999"),
  ])
  func whatIsThrownBecomesAStatusAndAText(mode: String, status: wb_status, text: String) throws {
    let host = FakeHost([Self.layer()])
    let answer = try entrant(mode, host).score(7, count: 2)
    #expect(answer.status == status)
    #expect(host.failures.count == 1)
    #expect(host.failures.first?.contains(text) == true, "\(host.failures)")
    #expect(answer.scores == [-1, -1])
  }

  @Test func aLayerThatIsNotThereIsNamed() throws {
    let host = FakeHost([Self.layer()])
    #expect(try entrant("fine", host).score(8, count: 2).status == WB_FAILED)
    #expect(host.failures.first?.contains("id 8") == true)
  }

  @Test func aViewEndsWithItsCall() throws {
    let host = FakeHost([Self.layer()])
    let late = try entrant("late", host)
    #expect(late.score(7, count: 2).status == WB_OK)
    #expect(late.score(7, count: 2).status == WB_FAILED)
    #expect(host.failures.first?.contains("after the call") == true)
  }

  @Test func stepsWriteWhereTheyMay() throws {
    let fickle = try entrant("fine")
    #expect(fickle.beginStep(blocks: 3).gates == [0, 1, 2])
    #expect(fickle.beginStep(blocks: 0).status == WB_OK)
    var parameters: [Float] = [2, 4]
    #expect(fickle.endStep(&parameters) == WB_OK)
    #expect(parameters == [1, 2])
  }

  @Test func aPlanReachesTheHostAndItsRefusalTheStrategy() throws {
    let host = FakeHost([Self.layer()])
    let fickle = try entrant("fine", host)
    #expect(fickle.propose(goal: 4) == WB_OK)
    #expect(host.edits.map(\.indices) == [[4]])
    host.emitStatus = WB_CANCELLED
    #expect(fickle.propose(goal: 4) == WB_CANCELLED)
    #expect(host.failures.first?.contains("mask off on 'fc'") == true)
  }

  @Test func blocksAreScored() throws {
    let host = FakeHost(
      blocks: [FakeBlock(id: 1, name: "a", scale: 0.5), FakeBlock(id: 2, name: "b", scale: 2)])
    let blocks = try #require(Entrant(plugin(), "blocks", host: host))
    #expect(blocks.score(0, count: 2).scores == [0.5, 2])
  }
}
