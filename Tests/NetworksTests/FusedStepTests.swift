import Networks
import Numerics
import TestSupport
import Testing

/// An executor that trains keeps less than one that measures: gradients take turns in few buffers, sums write
/// over their branch, and a convolution makes its normalised input again.
@Suite("What an executor leaves out")
struct FusedStepTests {
  private struct Pass: Equatable {
    var outputs: [[Float]] = []
    var gradients: [[Float]] = []
  }

  /// Batches of several sizes one after the other, so that what one leaves behind is there in the next.
  private func pass(
    _ executor: Executor, _ network: Network, _ samples: Samples, batches: [Range<Int>],
    gates: [[Float]]
  ) -> Pass {
    var result = Pass()
    for (batch, gates) in zip(batches, gates) {
      executor.load(samples, rows: rows(batch))
      executor.noise = UInt64(batch.count)
      executor.forward(network, mode: .training(gates: gates))
      _ = executor.loss(.crossEntropy, gradient: true)
      var gradient = [Float](repeating: 0, count: network.layout.count)
      executor.backward(network, into: &gradient)
      result.outputs.append(executor.outputs())
      result.gradients.append(gradient)
    }
    return result
  }

  static let forms = [
    "post-activation", "pre-activation", "dropout", "longer stages", "without blocks",
  ]

  private func residual(_ form: String) throws -> Graph {
    let isPreActivated = ["pre-activation", "dropout"].contains(form)
    let graph = try Models.residualNetwork(
      blocksPerStage: form == "longer stages" ? 3 : 2,
      form: isPreActivated ? .preActivation : .postActivation,
      dropout: form == "dropout" ? 0.3 : 0, input: Shape(1, 12, 12), classes: 10)
    guard form == "without blocks" else { return graph }
    // A gate of 0 then leaves the branch in place, which nobody asks for.
    return try Graph(
      nodes: graph.nodes.map { node in
        var node = node
        node.block = nil
        return node
      })
  }

  @Test(arguments: forms, [1, 2])
  func changesNoBitOfAResidualNetwork(form: String, threads: Int) throws {
    let graph = try residual(form)
    let network = Network(graph: graph).initialized(seed: 6)
    var random = RandomStream(seed: 7, name: form)
    let inputs = (0..<150 * 144).map { _ in Float(random.uniform(in: -1..<1)) }
    let labels = (0..<150).map { _ in Int32(random.uniform(in: 0..<10)) }
    let samples = try Samples(
      shape: [1, 12, 12], inputs: inputs, targets: .labels(labels, classes: 10))
    let batches = [0..<150, 20..<57, 3..<4, 10..<74]
    // All blocks, some of them, none, and a block scaled.
    let blocks = network.graph.nodes.filter { $0.operation.residualSum != nil }.count
    let gates: [[Float]] = [
      [], (0..<blocks).map { $0 % 2 == 0 ? 1 : 0 }, [Float](repeating: 0, count: blocks),
      (0..<blocks).map { $0 % 3 == 0 ? 0.5 : 1 },
    ]
    let team = Team(threads: threads)
    let measuring = Executor(graph: graph, capacity: 150, team: team)
    let training = Executor(network: network, capacity: 150, for: .training, team: team)
    let expected = pass(measuring, network, samples, batches: batches, gates: gates)
    #expect(expected.gradients.allSatisfy { $0.contains { $0 != 0 } })
    #expect(pass(training, network, samples, batches: batches, gates: gates) == expected)

    let inferring = Executor(network: network, capacity: 150, for: .inference, team: team)
    for batch in batches {
      for executor in [measuring, inferring] {
        executor.load(samples, rows: rows(batch))
        executor.forward(network, mode: .inference)
      }
      #expect(inferring.outputs() == measuring.outputs())
    }
  }

  /// A pool that takes its convolution's output at once has its gradient summed in another order.
  @Test(arguments: try SmallCase.everyOperation())
  func changesNoGradientByMoreThanRounding(example: SmallCase) {
    let (network, samples) = (example.network, example.samples)
    func gradient(_ executor: Executor) -> [Float] {
      executor.load(samples, rows: rows(0..<samples.count))
      executor.forward(network, mode: .training(gates: []))
      _ = executor.loss(example.loss, gradient: true)
      var gradient = [Float](repeating: 0, count: network.layout.count)
      executor.backward(network, into: &gradient)
      return gradient.indices.map { network.mask[$0] == 0 ? 0 : gradient[$0] }
    }
    let expected = gradient(Executor(graph: network.graph, capacity: samples.count))
    let training = gradient(Executor(network: network, capacity: samples.count, for: .training))
    expectClose(training, expected.map { Double($0) }, tolerance: 2e-6)
  }

  /// Whoever asks for the memory of a part must find some, although nothing is multiplied.
  @Test(arguments: [1, 2])
  func aConvolutionWithoutLiveWeightsPassesItsBiasesOn(threads: Int) throws {
    var builder = GraphBuilder(input: Shape(2, 6, 5), layout: .spatial)
    builder.add(.convolution(.init(channels: 4, kernel: Extent(3), padding: Extent(1))))
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 3, bias: true))
    let graph = try builder.graph()
    var network = Network(graph: graph).initialized(seed: 8)
    let slots = network.layout.slots
    for index in slots[0].biases { network.values[index] = 0.5 }
    for index in slots[0].weights { network.mask[index] = 0 }
    for index in slots[1].weights where index % 10 != 0 { network.mask[index] = 0 }
    for index in network.mask.indices where network.mask[index] == 0 { network.values[index] = 0 }
    var random = RandomStream(seed: 9, name: "inputs")
    let inputs = (0..<40 * 60).map { _ in Float(random.normal()) }
    let samples = try Samples(
      shape: [2, 6, 5], inputs: inputs,
      targets: .labels((0..<40).map { Int32($0 % 3) }, classes: 3))
    let team = Team(threads: threads)
    func gradient(_ executor: Executor) -> [Float] {
      let pass = pass(executor, network, samples, batches: [0..<40], gates: [[]])
      return pass.gradients[0].indices.map { network.mask[$0] == 0 ? 0 : pass.gradients[0][$0] }
    }
    let expected = gradient(Executor(graph: graph, capacity: 40, team: team))
    let training = Executor(network: network, capacity: 40, for: .training, team: team)
    #expect(expected[slots[0].biases.lowerBound] != 0)
    expectClose(gradient(training), expected.map { Double($0) }, tolerance: 2e-6)
  }
}
