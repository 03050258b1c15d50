import Networks
import Testing

/// The bits that a network takes, counted by hand.
@Suite struct BitsTests {
  /// 3 inputs, 2 hidden units and 2 outputs: 6 and 4 weights, 4 biases.
  private func network(_ first: [Float], _ second: [Float]) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: 3, widths: [2], outputs: 2, activation: .relu)
    var network = Network(graph: graph).initialized(seed: 1)
    for (slot, values) in zip(network.layout.slots, [first, second]) {
      network.values.replaceSubrange(slot.weights, with: values)
    }
    return network
  }

  private let numbers: [Float] = [0.1, -0.2, 0.3, 0.4]

  @Test("Numbers take 32 bits, and masked ones none")
  func realWeights() throws {
    var network = try network([1, 2, 3, 4, 5, 6], numbers)
    #expect(network.bits == 32 * 14)
    network.mask[1] = 0
    network.values[1] = 0
    #expect(network.bits == 32 * 13)
  }

  @Test("A unit of one magnitude takes a bit a weight and its magnitude")
  func unit() throws {
    #expect(try network([2, -2, 2, 4, 5, 6], numbers).bits == 3 + 32 + 32 * 11)
    #expect(try network([2, -2, 2, -3, 3, 3], numbers).bits == 2 * (3 + 32) + 32 * 8)
    // All but one.
    #expect(try network([2, -2, 2.0000002, 4, 5, 6], numbers).bits == 32 * 14)
  }

  @Test("A layer of one magnitude pays for it once")
  func layer() throws {
    #expect(try network([2, -2, 2, -2, -2, 2], numbers).bits == 6 + 32 + 32 * 8)
    #expect(
      try network([2, -2, 2, -2, -2, 2], [-1, 1, 1, -1]).bits == 6 + 32 + 4 + 32 + 32 * 4)
  }

  @Test("What is masked has no magnitude: a ternary unit is one of signs")
  func maskedWeights() throws {
    var network = try network([2, 0, -2, 4, 5, 6], numbers)
    #expect(network.bits == 32 * 14)
    network.mask[1] = 0
    #expect(network.bits == 2 + 32 + 32 * 11)
  }

  @Test("One weight is no less for being a sign, and one of a layer neither")
  func singleWeights() throws {
    var network = try network([2, 0, 0, 0, 3, 0], numbers)
    for index in [1, 2, 3, 5] { network.mask[index] = 0 }
    #expect(network.bits == 32 * 10)
    network.mask[0] = 0
    network.values[0] = 0
    #expect(network.bits == 32 * 9)
    // Two of one magnitude in two units: the layer has it once.
    network.mask[0] = 1
    network.values[0] = -3
    #expect(network.bits == 2 + 32 + 32 * 8)
  }

  @Test("Weights of 0 have no sign")
  func zeros() throws {
    #expect(try network([0, 0, 0, 4, 5, 6], numbers).bits == 32 * 14)
    #expect(try network([2, -2, 0, 4, 5, 6], numbers).bits == 32 * 14)
  }

  @Test("A channel's kernels are one unit")
  func convolution() throws {
    var builder = GraphBuilder(input: Shape(2, 4, 4), layout: .spatial)
    builder.add(.convolution(.init(channels: 3, kernel: Extent(3), bias: false)))
    builder.add(.batchNorm)
    builder.add(.flatten)
    builder.add(.dense(units: 2, bias: true))
    var network = Network(graph: try builder.graph()).initialized(seed: 1)
    // 3 × 2 × 3 × 3 and 2 × 12 weights, scales and shifts of 3 channels, 2 biases. Scales begin alike.
    #expect(network.bits == 32 * (54 + 6 + 24 + 2))
    for index in 18..<36 { network.values[index] = index % 5 == 0 ? 0.25 : -0.25 }
    #expect(network.bits == 32 * (36 + 6 + 24 + 2) + 18 + 32)
  }

  @Test("Latent weights of binary layers are signs without a magnitude")
  func binaryLayers() throws {
    let graph = try Models.binaryPerceptron(inputs: 5, widths: [4], outputs: 3)
    var network = Network(graph: graph).initialized(seed: 1)
    #expect(network.bits == 20 + 12 + 32 * (8 + 6))
    for slot in network.layout.slots {
      for index in slot.weights { network.values[index] = 0.5 }
    }
    #expect(network.bits == 20 + 12 + 32 * (8 + 6))
  }
}
