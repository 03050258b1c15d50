import Networks
import Numerics
import PluginHost
import Testing

/// What a strategy does around training steps is checked, and masks hold.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct TrainingHookTests {
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
    try hooks.endStep(step, network: &network)
    #expect(network.values[0] == 0)
    #expect(network.values.dropFirst() == before.dropFirst().map { $0 + 1 }[...])
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

  @Test func parametersThatAreNoNumbersAreRefused() throws {
    var network = try Fixtures.perceptron()
    let hooks = try #require(instance("nan-parameters").hooks(for: network))
    let text = message { try hooks.endStep(step, network: &network) }
    #expect(text.contains("parameter 17 of layer 'fc3' to"), "\(text)")
  }

  @Test func aStrategyWithoutHooksHasNone() throws {
    #expect(try instance("good").hooks(for: Fixtures.perceptron()) == nil)
  }

  @Test func hooksFollowTheNetworkThroughSurgery() throws {
    let network = try Fixtures.perceptron()
    let hooks = try #require(instance("acting-in-training").hooks(for: network))
    let layer = network.graph.nodes[network.graph.weightedLayers[0]].id
    var smaller = try network.applying([.removeUnits(layer: layer, units: [0, 2])]).network
    let before = smaller.values
    try hooks.endStep(step, network: &smaller)
    #expect(smaller.values == before.map { $0 + 1 })
  }
}
