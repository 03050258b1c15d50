import Networks
import Numerics
import Testing

/// Inputs of a layer and gradients of its outputs, sample by sample.
struct SamplePairTests {
  @Test(arguments: [1, 3, 64])
  func theirMeanProductIsTheGradient(batch: Int) throws {
    let graph = try Models.multilayerPerceptron(
      inputs: 5, widths: [7, 4], outputs: 3, activation: .tanh)
    let network = Network(graph: graph).initialized(seed: 3)
    var random = RandomStream(seed: 1, name: "pairs")
    let count = 37
    let samples = try Samples(
      shape: [5, 1, 1], inputs: (0..<count * 5).map { _ in Float(random.normal()) },
      targets: .labels((0..<count).map { Int32($0 % 3) }, classes: 3))
    let measurements = Measurements(
      network: network, samples: samples, loss: .crossEntropy, batchSize: batch, preciseWork: -1)
    let gradient = measurements.gradient()
    for place in graph.weightedLayers {
      let slot = try #require(network.layout[place])
      let units = try #require(graph.nodes[place].operation.units)
      let width = slot.weights.count / units
      let inputs = measurements.inputs(at: place)
      let outputs = measurements.outputGradients(at: place)
      #expect(inputs.count == count * width && outputs.count == count * units)
      for unit in 0..<units {
        for input in 0..<width {
          let mean =
            (0..<count).reduce(0) {
              $0 + Double(outputs[$1 * units + unit]) * Double(inputs[$1 * width + input])
            } / Double(count)
          let expected = Double(gradient[slot.weights.lowerBound + unit * width + input])
          #expect(abs(mean - expected) < 1e-5)
        }
      }
    }
  }
}
