import Networks
import Numerics
import Testing
import TestSupport

@Suite("Threads that share the work of an executor")
struct TeamTests {
  private static let cases = ["lenet-300-100", "lenet-5", "residual"]

  private func graph(_ name: String) throws -> Graph {
    switch name {
    case "lenet-300-100": try Models.leNet300()
    case "lenet-5": try Models.leNet5()
    default: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 28, 28), classes: 10)
    }
  }

  private func trained(_ name: String, density: Double, threads: Int) throws -> [Float] {
    let graph = try graph(name)
    var random = RandomStream(seed: 4, name: "samples and masks")
    let inputs = (0..<150 * 784).map { _ in Float(random.uniform(in: -1..<1)) }
    let labels = (0..<150).map { _ in Int32(random.uniform(in: 0..<10)) }
    let shape = name == "lenet-300-100" ? [784, 1, 1] : [1, 28, 28]
    let samples = try Samples(shape: shape, inputs: inputs, targets: .labels(labels, classes: 10))
    let network = Network(graph: graph).initialized(seed: 2).thinned(to: density, &random)
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.05, schedule: .constant,
      batchSize: 64, epochs: 1, decay: 1e-4, longestGradient: 0.5)
    var result = network
    var state = OptimizerState(parameters: network.layout.count)
    let team = Team(threads: threads)
    try Trainer(loss: .crossEntropy, team: team).train(
      &result, state: &state, on: samples, recipe: recipe, random: &random)
    return result.values
  }

  @Test(arguments: cases, [1, 0.1])
  func theirNumberDoesNotChangeABit(name: String, density: Double) throws {
    let alone = try trained(name, density: density, threads: 1)
    #expect(alone.contains { $0 != 0 })
    #expect(try trained(name, density: density, threads: 2) == alone)
    #expect(try trained(name, density: density, threads: 3) == alone)
  }

  @Test func aSparseStepIsTheDenseOne() throws {
    // 0.1 runs sparse; the same masks with every weight in place run dense.
    for name in Self.cases {
      let graph = try graph(name)
      var random = RandomStream(seed: 9, name: name)
      let network = Network(graph: graph).initialized(seed: 5).thinned(to: 0.1, &random)
      let inputs = (0..<40 * 784).map { _ in Float(random.uniform(in: -1..<1)) }
      let labels = (0..<40).map { _ in Int32(random.uniform(in: 0..<10)) }
      let shape = name == "lenet-300-100" ? [784, 1, 1] : [1, 28, 28]
      let samples = try Samples(shape: shape, inputs: inputs, targets: .labels(labels, classes: 10))
      let rows = (0..<Int32(40)).map { $0 }[...]

      let dense = Executor(graph: graph, capacity: 40)
      dense.load(samples, rows: rows)
      dense.forward(network, mode: .training(gates: []))
      _ = dense.loss(.crossEntropy, gradient: true)
      var expected = [Float](repeating: 0, count: network.layout.count)
      dense.backward(network, into: &expected)
      for index in expected.indices where network.mask[index] == 0 { expected[index] = 0 }

      let sparse = Executor(network: network, capacity: 40, for: .training)
      sparse.load(samples, rows: rows)
      sparse.forward(mode: .training(gates: []))
      _ = sparse.loss(.crossEntropy, gradient: true)
      var gradient = [Float](repeating: 0, count: network.layout.count)
      sparse.backward(network, into: &gradient)
      for sample in 0..<40 {
        for (one, other) in zip(sparse.output(sample: sample), dense.output(sample: sample)) {
          #expect(abs(one - other) < 1e-5 * (1 + abs(other)))
        }
      }
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 0)
      for index in expected.indices where network.mask[index] != 0 {
        #expect(abs(gradient[index] - expected[index]) < 1e-5 * scale)
      }
    }
  }
}
