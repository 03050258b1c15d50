import Networks
import Numerics
import TestSupport
import Testing

@Suite("The engine computes what the plain reference does, before and after surgery")
struct EngineTests {
  @Test(arguments: Draw.all(seeds: 200..<220))
  func engineAgreesWithTheReference(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    try expectEngineAgrees(network, network)
    // The reference of the masked network against the engine on the compacted one.
    try expectEngineAgrees(network.compacted().network, network)
  }

  /// The same with units, layers and blocks added.
  @Test(arguments: Draw.all(seeds: 200..<215))
  func engineRunsWhatHasGrown(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("growth")
    for _ in 0..<6 {
      let edits = try network.randomGrowth(&random)
      if let grown = try? network.applying(edits) { network = grown.network }
    }
    try expectEngineAgrees(network, network)
  }
}

/// Expects the engine to compute of one network what the plain reference does of another.
func expectEngineAgrees(_ network: Network, _ reference: Network) throws {
  let inputs = RandomNetwork.inputs(for: network, count: 3, seed: 11)
  let shape = network.graph.inputShape
  let samples = try Samples(
    shape: [shape.channels, shape.height, shape.width], inputs: inputs.flatMap { $0 },
    targets: .labels([0, 0, 0], classes: network.graph.outputs))
  let executor = Executor(graph: network.graph, capacity: 3)
  executor.load(samples, rows: [0, 1, 2])
  executor.forward(network, mode: .inference)
  for (index, input) in inputs.enumerated() {
    let wanted = ReferenceForward(reference).output(input)
    let scale = max(1, wanted.map(abs).max() ?? 0)
    let distances = zip(executor.output(sample: index), wanted).map { abs(Double($0) - $1) }
    #expect(distances.allSatisfy { $0 <= 1e-5 * scale })
  }
}
