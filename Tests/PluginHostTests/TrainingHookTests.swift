import CAllocations
import Networks
import Numerics
import PluginHost
import Testing

/// What a strategy does around training steps is checked, and masks hold.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct TrainingHookTests {
  /// The plugins of these tests.
  static let names = [
    "acting-in-training", "idle-after-steps", "keeping-parameters", "nan-parameters",
    "outside-gates", "outside-parameters", "reading-after-steps", "wild-gates",
  ]

  private let step = TrainingStep(index: 4, total: 10, learningRate: 0.1, loss: 1)

  private func instance(_ name: String) throws -> StrategyInstance {
    try StrategyInstance(
      PluginCompiler.entry(name), random: RandomStream(seed: 1, name: "strategy"))
  }

  @Test func gatesAndParametersAreTakenOver() throws {
    var network = try Fixtures.residual()
    network.mask[0] = 0
    network.values[0] = 0
    let before = network.values
    let hooks = try #require(instance("acting-in-training").hooks(for: network))
    var gates: [Float] = [1, 1, 1]
    try hooks.beginStep(step, gates: &gates)
    #expect(gates == [0.5, 0.5, 0.5])
    #expect(hooks.actsAfterSteps)
    let parameters = TrainedParameters(network)
    try hooks.endStep(step, parameters: parameters)
    #expect(parameters.network.values[0] == 0)
    #expect(parameters.network.values.dropFirst() == before.dropFirst().map { $0 + 1 }[...])
  }

  @Test(arguments: [
    ("wild-gates", "set the gate of block 0 to 2.0"),
    ("outside-gates", "wrote outside its buffer of 3 values"),
  ])
  func badGatesAreRefused(name: String, reason: String) throws {
    let hooks = try #require(instance(name).hooks(for: Fixtures.residual()))
    var gates: [Float] = [1, 1, 1]
    let text = message { try hooks.beginStep(step, gates: &gates) }
    #expect(text.contains(reason), "\(text)")
    #expect(gates == [1, 1, 1])
  }

  @Test(arguments: [1, 0.2])
  func masksHoldAtEveryDensity(density: Double) throws {
    var random = RandomStream(seed: 1, name: "masks")
    let network = try Fixtures.perceptron(inputs: 20).thinned(to: density, &random)
    let hooks = try #require(instance("acting-in-training").hooks(for: network))
    let parameters = TrainedParameters(network)
    // What it writes at masked places after one step it does not find after the next.
    for _ in 0..<2 { try hooks.endStep(step, parameters: parameters) }
    let expected = zip(network.values, network.mask).map { $1 == 0 ? 0 : ($0 + 1) + 1 }
    #expect(parameters.network.values == expected)
    #expect(parameters.network.mask == network.mask)
  }

  @Test(arguments: [1, 0.2])
  func parametersAreReadAsTheyAreAfterTheStep(density: Double) throws {
    var random = RandomStream(seed: 1, name: "masks")
    let network = try Fixtures.perceptron(inputs: 20).thinned(to: density, &random)
    let hooks = try #require(instance("reading-after-steps").hooks(for: network))
    let parameters = TrainedParameters(network)
    for _ in 0..<2 { try hooks.endStep(step, parameters: parameters) }
    let first = network.layout.slots[0].all
    for index in network.values.indices {
      let value = network.values[index]
      let raised = network.mask[index] == 0 ? 0 : 2 * (2 * value + 1) + 1
      let expected = first.contains(index) ? raised : value
      #expect(abs(parameters.network.values[index] - expected) < 1e-5)
    }
  }

  @Test func whatIsWrittenAtOtherTimesHasNoEffect() throws {
    let network = try Fixtures.perceptron()
    let hooks = try #require(instance("keeping-parameters").hooks(for: network))
    let parameters = TrainedParameters(network)
    var gates: [Float] = []
    for _ in 0..<3 {
      try hooks.beginStep(step, gates: &gates)
      #expect(parameters.network == network)
      try hooks.endStep(step, parameters: parameters)
    }
    #expect(parameters.network == network)
  }

  @Test func aWriteBesideTheParametersIsFound() throws {
    let network = try Fixtures.perceptron()
    let hooks = try #require(instance("outside-parameters").hooks(for: network))
    let text = message {
      try hooks.endStep(step, parameters: TrainedParameters(network))
    }
    #expect(text.contains("wrote outside its buffer of \(network.layout.count) values"), "\(text)")
  }

  @Test(
    .enabled(if: allocations_are_counted() == 1, "not under the address sanitizer"),
    arguments: [1, 0.1])
  func aCallAfterAStepAllocatesNothing(density: Double) throws {
    var random = RandomStream(seed: 1, name: "masks")
    let network = try Fixtures.perceptron(inputs: 20).thinned(to: density, &random)
    let hooks = try #require(instance("idle-after-steps").hooks(for: network))
    let parameters = TrainedParameters(network)
    try hooks.endStep(step, parameters: parameters)
    let before = allocation_count()
    for _ in 0..<3 { try hooks.endStep(step, parameters: parameters) }
    #expect(allocation_count() == before)
  }

  @Test func parametersThatAreNoNumbersAreRefused() throws {
    let network = try Fixtures.perceptron()
    let hooks = try #require(instance("nan-parameters").hooks(for: network))
    let text = message {
      try hooks.endStep(step, parameters: TrainedParameters(network))
    }
    #expect(text.contains("parameter 17 of layer 'fc3' to"), "\(text)")
  }

  @Test func aStrategyWithoutHooksHasNone() throws {
    #expect(try instance("good").hooks(for: Fixtures.perceptron()) == nil)
  }

  @Test func hooksFollowTheNetworkThroughSurgery() throws {
    let network = try Fixtures.perceptron()
    let hooks = try #require(instance("acting-in-training").hooks(for: network))
    let layer = network.graph.nodes[network.graph.weightedLayers[0]].id
    let smaller = try network.applying([.removeUnits(layer: layer, units: [0, 2])]).network
    let before = smaller.values
    let parameters = TrainedParameters(smaller)
    try hooks.endStep(step, parameters: parameters)
    #expect(parameters.network.values == before.map { $0 + 1 })
  }
}
