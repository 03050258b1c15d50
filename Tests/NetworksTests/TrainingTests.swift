import Networks
import Numerics
import Testing

@Suite("Training")
struct TrainingTests {
  let samples: Samples
  let graph: Graph

  init() throws {
    var random = RandomStream(seed: 7, name: "xor-like samples")
    let count = 150
    let inputs = (0..<count * 4).map { _ in Float(random.uniform(in: -1..<1)) }
    let labels = (0..<count).map { Int32(inputs[$0 * 4] * inputs[$0 * 4 + 1] > 0 ? 1 : 0) }
    samples = try Samples(
      shape: [4, 1, 1], inputs: inputs, targets: .labels(labels, classes: 2))
    graph = try Models.multilayerPerceptron(
      inputs: 4, widths: [16, 8], outputs: 2, activation: .relu)
  }

  private func recipe(_ optimizer: OptimizerKind, rate: Double) -> TrainingRecipe {
    TrainingRecipe(
      optimizer: optimizer, learningRate: rate, schedule: .cosine, batchSize: 32, epochs: 40,
      decay: 0)
  }

  private func trained(
    _ recipe: TrainingRecipe, seed: UInt64 = 1, hooks: (any TrainingHooks)? = nil,
    prepare: (inout Network) -> Void = { _ in }
  ) throws -> Network {
    var network = Network(graph: graph).initialized(seed: seed)
    prepare(&network)
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: seed, name: "batches")
    try Trainer(loss: .crossEntropy).train(
      &network, state: &state, on: samples, recipe: recipe, random: &random, hooks: hooks)
    return network
  }

  @Test(arguments: [
    (OptimizerKind.sgd(momentum: 0.9, nesterov: false), 0.1),
    (OptimizerKind.sgd(momentum: 0.9, nesterov: true), 0.1), (OptimizerKind.adam, 0.02),
  ])
  func everyOptimizerLearnsWhatALineCannotSeparate(kind: OptimizerKind, rate: Double) throws {
    let network = try trained(recipe(kind, rate: rate))
    let evaluation = network.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent)
    #expect(evaluation.score.error < 6)
  }

  @Test func sameSeedSameBits() throws {
    let recipe = recipe(.sgd(momentum: 0.9, nesterov: false), rate: 0.1)
    #expect(try trained(recipe).values == trained(recipe).values)
    #expect(try trained(recipe).values != trained(recipe, seed: 2).values)
  }

  @Test func aMaskedWeightStaysZeroUnderMomentumAndDecay() throws {
    var recipe = recipe(.sgd(momentum: 0.9, nesterov: false), rate: 0.1)
    recipe.decay = 5e-4
    let network = try trained(recipe) { network in
      for index in stride(from: 0, to: 60, by: 2) { network.mask[index] = 0 }
      network.zeroMasked()
    }
    #expect(network.live(in: 0..<network.layout.count) == network.layout.count - 30)
    for index in stride(from: 0, to: 60, by: 2) { #expect(network.values[index] == 0) }
    #expect(network.values[1] != 0)
  }

  @Test func aLongGradientIsShortenedToItsLimit() throws {
    func moved(limit: Double?, masked: Int = 0) throws -> (distance: Double, network: Network) {
      var recipe = recipe(.sgd(momentum: 0, nesterov: false), rate: 0.5)
      recipe.epochs = 32.0 / 150  // one step
      recipe.longestGradient = limit
      var start = Network(graph: graph)
      let end = try trained(recipe) { network in
        for index in 0..<masked { network.mask[index] = 0 }
        network.zeroMasked()
        start = network
      }
      let squares = zip(start.values, end.values).map { Double($1 - $0) * Double($1 - $0) }
      return (squares.reduce(0, +).squareRoot() / 0.5, end)
    }
    let free = try moved(limit: nil).distance
    #expect(abs(try moved(limit: free / 3).distance - free / 3) < 1e-5 * free)
    #expect(try moved(limit: 2 * free).network.values == moved(limit: nil).network.values)
    // A masked weight has no part in the length.
    let sparse = try moved(limit: nil, masked: 40).distance
    #expect(
      try moved(limit: 1.001 * sparse, masked: 40).network.values
        == moved(limit: nil, masked: 40).network.values)
  }

  @Test func divergenceIsSaid() {
    #expect {
      try trained(recipe(.sgd(momentum: 0.9, nesterov: false), rate: 1e12))
    } throws: { error in
      "\(error)".contains("diverged")
    }
  }

  @Test func samplesThatDoNotFitAreRefused() throws {
    let other = try Samples(
      shape: [3, 1, 1], inputs: [1, 2, 3], targets: .values([1], width: 1))
    var network = Network(graph: graph).initialized(seed: 1)
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: 1, name: "batches")
    #expect(throws: TrainingError.self) {
      try Trainer(loss: .crossEntropy).train(
        &network, state: &state, on: other, recipe: recipe(.adam, rate: 0.1), random: &random)
    }
  }

  @Test func hooksSeeEveryStepAndMayChangeParameters() throws {
    final class Recorder: TrainingHooks {
      var begun: [TrainingStep] = []
      let actsAfterSteps = true
      func beginStep(_ step: TrainingStep, gates: inout [Float]) { begun.append(step) }
      func endStep(_ step: TrainingStep, parameters: TrainedParameters) {
        parameters.network.values[3] = 0.25
      }
    }
    let recorder = Recorder()
    let network = try trained(
      recipe(.sgd(momentum: 0, nesterov: false), rate: 0.1), hooks: recorder)
    // 150 samples in batches of 32: 5 a pass, 40 passes.
    #expect(recorder.begun.count == 200)
    #expect(recorder.begun[0].loss == 0 && recorder.begun[1].loss > 0)
    #expect(recorder.begun[100].learningRate < recorder.begun[0].learningRate)
    #expect(network.values[3] == 0.25)
  }

  @Test func schedulesFollowTheirFormulas() {
    #expect(Schedule.constant.factor(at: 0.7) == 1)
    #expect(abs(Schedule.cosine.factor(at: 0.5) - 0.5) < 1e-12)
    #expect(Schedule.step(every: 0.25, factor: 0.1).factor(at: 0.24) == 1)
    #expect(abs(Schedule.step(every: 0.25, factor: 0.1).factor(at: 0.5) - 0.01) < 1e-12)
  }

  @Test func theSampleBudgetIsMetExactly() throws {
    var recipe = recipe(.adam, rate: 0.01)
    recipe.epochs = 1.3
    var network = Network(graph: graph).initialized(seed: 1)
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: 1, name: "batches")
    let report = try Trainer(loss: .crossEntropy).train(
      &network, state: &state, on: samples, recipe: recipe, random: &random)
    #expect(report.samples == 195)
  }

  @Test func optimizerStateFollowsSurgeryByIndex() throws {
    var network = Network(graph: graph).initialized(seed: 1)
    var state = OptimizerState(parameters: network.layout.count)
    var random = RandomStream(seed: 1, name: "batches")
    try Trainer(loss: .crossEntropy).train(
      &network, state: &state, on: samples, recipe: recipe(.adam, rate: 0.01), random: &random)
    let before = state
    state.follow([5, -1, 0])
    #expect(state.first == [before.first[5], 0, before.first[0]])
    #expect(state.second == [before.second[5], 0, before.second[0]])
    #expect(state.step == before.step)
  }
}
