import Networks
import Numerics
import PluginHost
import Testing

/// What a strategy does wrong ends its cell with a reason, and changes nothing.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct CallingTests {
  private static let failures: [(String, StrategyFailure.Status, String)] = [
    ("nan-scores", .invalid, "score 3 of layer 'fc1' is "),
    ("unwritten-scores", .invalid, "score 47 of layer 'fc1' is nan"),
    ("outside-scores", .invalid, "wrote outside its buffer of 48 values"),
    ("before-scores", .invalid, "wrote outside its buffer of 48 values"),
    ("undeclared-signal", .invalid, "read gradient, which its descriptor does not declare"),
    ("unknown-layer", .invalid, "the network has none"),
    ("silent-failure", .invalid, "it gave no reason, which is itself a defect"),
    ("told-failure", .invalid, "scoring layer 'fc1', it failed: the moon is in the wrong house"),
    ("skipping", .skipped, "it prunes recurrent layers only"),
    ("unknown-status", .invalid, "answered 77, which is no status"),
    ("emitting-score", .invalid, "emitted an edit while it scores"),
    ("stale-model", .invalid, "with a model it was not given there"),
    ("out-of-range", .invalid, "position 1000000 is not in 0..<56"),
    ("half-a-plan", .invalid, "position 999 is not in 0..<56"),
    ("undeclared-edit", .invalid, "emitted the edit remove-units, which its descriptor does not"),
    ("null-indices", .invalid, "mask-off with 5 indices at a null address"),
    ("short-edit", .invalid, "struct_size 0"),
    ("short-counts", .invalid, "wb_counts whose struct_size is 0"),
    ("null-arguments", .invalid, "every null was refused"),
    ("everything-masked", .collapsed, "layer 'fc1' with none of its 48 weights"),
    ("no-units-left", .collapsed, "layer 'fc1'"),
    ("taking-too-much-back", .invalid, "took back 1 edits of 0 while it proposes"),
    ("wrong-room", .invalid, "room for 1 values, and 103 live parameters need"),
    ("null-destroy", .invalid, "no function destroy"),
    ("short-strategy", .invalid, "wb_strategy says struct_size 24"),
    ("silent-create", .invalid, "it could not be created: it gave no reason"),
    ("told-create", .invalid, "it could not be created: no licence was found"),
    (
      "much-memory", .memory,
      "it failed: there was no room (the host had refused: the inverse Hessian"
    ),
  ]
  static let names =
    failures.map(\.0) + ["unknown-values", "counting", "growing", "bypassing", "trying", "beside"]

  @Test(arguments: failures)
  func fails(name: String, status: StrategyFailure.Status, reason: String) throws {
    let network = try Fixtures.perceptron()
    let entry = try PluginCompiler.entry(name)
    do {
      _ = try Fixtures.plan(entry, network, goal: 60, memoryLimit: 100_000)
      Issue.record("\(name) did not fail")
    } catch let failure as StrategyFailure {
      #expect(failure.status == status, "\(failure)")
      #expect(failure.reason.contains(reason), "\(failure)")
    }
  }

  @Test("What a plan would leave can be looked at and taken back")
  func plansAreTried() throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(PluginCompiler.entry("trying"), network, goal: 60)
    #expect(plan.edits.count == 1)
    #expect(plan.surgery.network.counts.weights == network.counts.weights - 1)
    // Of three networks: as it was, and with either plan.
    let pass = Double(network.forwardOperations) * 12
    #expect(plan.operations > 2.9 * pass && plan.operations <= 3 * pass)
  }

  @Test func unknownValuesAreAnsweredUnsupported() throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(PluginCompiler.entry("unknown-values"), network, goal: 60)
    #expect(plan.edits.isEmpty)
    #expect(plan.surgery.network == network)
  }

  /// Counts, what feeds what, and masks before new values, as the rules for the host have them.
  @Test func theHostKeepsItsWordOfANetwork() throws {
    let entry = try PluginCompiler.entry("counting")
    for network in [
      try Fixtures.perceptron(),
      Network(graph: try Models.leNet5()).initialized(seed: 1), try Fixtures.residual(blocks: 2),
    ] {
      let plan = try Fixtures.plan(entry, network, goal: 1)
      #expect(plan.edits.count == 3)
      #expect(plan.surgery.network.values.contains(0.5))
    }
  }

  @Test func theGoodOneReachesTheGoal() throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(PluginCompiler.entry("good"), network, goal: 60)
    #expect(plan.surgery.network.counts.weights == 60)
    #expect(plan.scoreSeconds >= 0)
  }

  @Test func theRoomForTheInverseIsEnoughWithoutALimit() throws {
    let network = try Fixtures.perceptron()
    #expect(throws: Never.self) {
      try Fixtures.plan(PluginCompiler.entry("much-memory"), network, goal: 60)
    }
  }

  @Test func unknownParametersAreRefused() throws {
    let entry = try PluginCompiler.entry("good")
    #expect(throws: ReferenceError.self) {
      try StrategyInstance(
        entry, parameters: ["rate": "1"], random: RandomStream(seed: 1, name: "strategy"))
    }
  }

  @Test func manyInstancesComeAndGo() throws {
    let entry = try PluginCompiler.entry("good")
    for _ in 0..<1000 {
      _ = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
    }
  }
}
