import Networks
import Numerics
import TestSupport
import Testing

/// One sample takes other kernels than a batch: whole matrices row by row, few weights in slots.
@Suite struct SingleSampleTests {
  @Test(arguments: [1, 0.25, 0.05, 0], [[37, 21, 5], [784, 33, 16, 10], [3, 2], [64, 32]])
  func equalsTheReference(density: Double, widths: [Int]) throws {
    var random = RandomStream(seed: 6, name: "single \(density) \(widths)")
    let network = try network(widths).thinned(to: density, &random)
    let inputs = (0..<widths[0]).map { _ in Float(random.normal()) }
    let expected = ReferenceForward(network).output(inputs)
    for (found, expected) in zip(try outputs(network, inputs), expected) {
      #expect(abs(Double(found) - expected) < 1e-5 * (1 + abs(expected)))
    }
  }

  @Test func whatIsMaskedIsNotLookedAt() throws {
    // One input of a segment is no number; no weight of it is live.
    var random = RandomStream(seed: 7, name: "masked")
    var network = try network([40, 20, 3]).thinned(to: 0.2, &random)
    var inputs = (0..<40).map { _ in Float(random.normal()) }
    for row in 0..<20 {
      network.mask[row * 40] = 0
      network.values[row * 40] = 0
    }
    let expected = try outputs(network, inputs)
    inputs[0] = .nan
    let again = try outputs(network, inputs)
    #expect(again == expected)
    #expect(expected.allSatisfy { $0.isFinite })
  }

  private func network(_ widths: [Int]) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: widths[0], widths: Array(widths.dropFirst().dropLast()),
      outputs: widths[widths.count - 1], activation: .relu)
    return Network(graph: graph).initialized(seed: 3)
  }

  private func outputs(_ network: Network, _ inputs: [Float]) throws -> [Float] {
    let samples = try Samples(
      shape: [inputs.count, 1, 1], inputs: inputs,
      targets: .labels([0], classes: network.graph.outputs))
    let executor = Executor(network: network, capacity: 1, for: .inference)
    executor.load(samples, rows: [0])
    executor.forward(mode: .inference)
    return executor.outputs()
  }
}
