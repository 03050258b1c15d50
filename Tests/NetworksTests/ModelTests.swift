import Networks
import Testing

@Suite("The benchmarks' networks have the published sizes")
struct ModelTests {
  @Test func leNet300() throws {
    let counts = Network(graph: try Models.leNet300()).counts
    #expect(counts.weights == 266_200)
    #expect(counts.parameters == 266_610)
    #expect(counts.operations == 2 * 266_200 + 410)
  }

  @Test func leNet5() throws {
    let counts = Network(graph: try Models.leNet5()).counts
    #expect(counts.weights == 430_500)
    #expect(counts.parameters == 431_080)
    // conv1 24×24 and conv2 8×8 positions.
    let convolutions = 576 * (2 * 500 + 20) + 64 * (2 * 25_000 + 50)
    #expect(counts.operations == convolutions + 2 * 405_000 + 510)
  }

  @Test func residualNetworkHasSixBlocksAndFourteenLayers() throws {
    let graph = try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 28, 28), classes: 10)
    #expect(graph.residualSums.count == 6)
    let skips = graph.nodes.filter { $0.name.hasSuffix(".skip") }.count
    #expect(skips == 2)
    #expect(graph.weightedLayers.count - skips == 14)
    #expect(graph.shapes[graph.residualSums[5]] == Shape(64, 7, 7))
    for sum in graph.residualSums {
      let branch = graph.nodes.filter { $0.block == graph.nodes[sum].id }
      #expect(branch.count == 5, "conv, norm, relu, conv, norm")
    }
  }

  @Test func monksNetworksHaveThePublishedWeights() throws {
    for (hidden, weights) in [(3, 58), (2, 39)] {
      let graph = try Models.multilayerPerceptron(
        inputs: 17, widths: [hidden], outputs: 1, activation: .sigmoid, outputActivation: .sigmoid)
      #expect(Network(graph: graph, prunesBiases: true).counts.weights == weights)
    }
  }

  /// The last layer reads the inputs before the hidden units, of which the seed network has fewer.
  @Test func shortcutsReachTheOutputAtEveryWidth() throws {
    let graph = try Models.shortcutPerceptron(inputs: 2, hidden: 50, outputs: 1, activation: .tanh)
    let network = Network(graph: graph)
    #expect(network.counts.weights == 2 * 50 + 52)
    #expect(network.counts.parameters == 2 * 50 + 52 + 51)
    let edges = graph.unitEdges
    #expect(edges.count == 2)
    #expect(edges[0].offset == 2 && edges[0].units == 50 && edges[0].consumer == 4)
    let seed = try network.narrowed(to: 0.1)
    #expect(seed.counts.weights == 2 * 5 + 7)
    #expect(seed.graph.inputShape == graph.inputShape && seed.graph.outputs == 1)
  }

  @Test func graphsThatDoNotFitAreRefusedByName() {
    var builder = GraphBuilder(input: Shape(1, 4, 4), layout: .spatial)
    builder.add(.convolution(.init(channels: 2, kernel: Extent(5))), name: "too-wide")
    let failed = #expect(throws: GraphError.self) { try builder.graph() }
    #expect(failed?.node == "too-wide")
    #expect(failed?.reason.contains("5×5") == true)

    var spatial = GraphBuilder(input: Shape(1, 4, 4), layout: .spatial)
    spatial.add(.dense(units: 3, bias: true), name: "fc")
    #expect(throws: GraphError.self) { try spatial.graph() }
  }
}
