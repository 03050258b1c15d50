import Networks
import Numerics
import TestSupport
import Testing

@Suite("Operations of training")
struct OperationsTests {
  /// The figures of the paper that the counting rule is from: arXiv:1911.11134, table 2.
  @Test func denseLeNet300IsAsPublished() throws {
    let network = Network(graph: try Models.leNet300())
    #expect(network.forwardOperations == 532_400)
    #expect(network.gradientOperations(dense: false) == 532_400 + 62_000)
    #expect(network.gradientOperations(dense: true) == network.gradientOperations(dense: false))
    #expect(network.trainingOperations == 1_126_800)
    #expect(network.trainingOperations * 200 * 60_000 == 13_521_600_000_000)
  }

  @Test(arguments: RandomNetwork.Family.allCases, 1...6)
  func countsAreThoseOfPlainLoops(family: RandomNetwork.Family, seed: Int) throws {
    var network = try RandomNetwork.make(family, seed: UInt64(seed))
    var random = RandomStream(seed: UInt64(seed), name: "masks")
    network.maskAtRandom(&random)
    let sparse = counted(network)
    #expect(network.forwardOperations == sparse.forward)
    #expect(network.gradientOperations(dense: false) == sparse.weights + sparse.inputs)
    #expect(network.gradientOperations(dense: true) == sparse.allWeights + sparse.inputs)
    #expect(network.trainingOperations == sparse.forward + sparse.weights + sparse.inputs)
    // The weights of a frozen network learn nothing, and still carry gradients.
    network.frozen = [Bool](repeating: true, count: network.layout.count)
    #expect(network.gradientOperations(dense: false) == sparse.inputs)
    #expect(network.gradientOperations(dense: true) == sparse.allWeights + sparse.inputs)
  }

  @Test func aResidualNetworkIsCountedToTheFirstLayer() throws {
    let network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 8, 8), classes: 3))
    let counts = counted(network)
    // The first convolution alone reads nothing that is trained: 16 filters of 3 × 3 at 64 places.
    #expect(counts.inputs == counts.forward - 2 * 16 * 9 * 64)
    #expect(network.trainingOperations == 3 * counts.forward - 2 * 16 * 9 * 64)
  }

  private struct Counted {
    var forward = 0
    var weights = 0
    var allWeights = 0
    var inputs = 0
  }

  /// One by one: every weight at every position of its layer's output.
  private func counted(_ network: Network) -> Counted {
    let graph = network.graph
    var counted = Counted()
    for slot in network.layout.slots where !slot.weights.isEmpty {
      let isTrainedBehind = graph.nodes[slot.place].inputs.contains { behind($0, in: network) }
      for _ in 0..<graph.shapes[slot.place].height {
        for _ in 0..<graph.shapes[slot.place].width {
          for index in slot.weights {
            counted.allWeights += 2
            guard network.mask[index] != 0 else { continue }
            counted.forward += 2
            counted.weights += 2
            if isTrainedBehind { counted.inputs += 2 }
          }
        }
      }
    }
    return counted
  }

  /// Whether some parameter lies on a path from the input to the node's output.
  private func behind(_ place: Int, in network: Network) -> Bool {
    network.layout[place] != nil
      || network.graph.nodes[place].inputs.contains { behind($0, in: network) }
  }
}
