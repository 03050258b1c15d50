import Networks
import Numerics
import TestSupport
import Testing

/// Both engines on networks of random structure.
@Suite struct RandomNetworkTests {
  /// A random network with as many samples as fill one block of lanes and begin another.
  static func problems() throws -> [Problem] {
    try RandomNetwork.Family.allCases.flatMap { family in
      try (0..<UInt64(3)).map { seed in
        let network = try RandomNetwork.make(family, seed: seed)
        let name = "\(family.rawValue) \(seed)"
        let (shape, width) = (network.graph.inputShape, network.graph.outputs)
        var random = RandomStream(seed: seed, name: name)
        let inputs = (0..<19 * shape.count).map { _ in Float(random.normal()) }
        let loss: Loss = seed == 0 ? .squaredError : .crossEntropy
        let targets: Samples.Targets =
          seed == 0
          ? .values((0..<19 * width).map { _ in Float(random.normal()) }, width: width)
          : .labels((0..<19).map { _ in Int32(random.index(below: width)) }, classes: width)
        return Problem(
          name: name, network: network,
          samples: try Samples(
            shape: [shape.channels, shape.height, shape.width], inputs: inputs, targets: targets),
          loss: loss)
      }
    }
  }

  @Test(arguments: try problems())
  func preciseEngineIsTheReference(problem: Problem) {
    let reference = ReferenceForward(problem.network)
    let engine = PreciseEngine<Double>(problem.network)
    for sample in 0..<3 {
      let expected = reference.activations(Array(problem.samples.input(sample)))
      engine.forward(problem.samples.input(sample))
      for place in problem.network.graph.nodes.indices {
        for (value, wanted) in zip(engine.output(of: place), expected[place]) {
          #expect(abs(value - wanted) <= 1e-9 * (1 + abs(wanted)))
        }
      }
    }
  }

  @Test(arguments: try problems())
  func batchedQuantitiesAreThePreciseOnes(problem: Problem) {
    let (precise, batched) = (
      problem.measurements(precise: true), problem.measurements(precise: false, batchSize: 17)
    )
    #expect(abs(precise.loss() - batched.loss()) < 1e-5 * (1 + abs(precise.loss())))
    for quantity in [
      { $0.gradient() }, { $0.fisherDiagonal() }, { $0.gaussNewtonDiagonal() },
      { $0.leCunDiagonal() },
    ] as [(Measurements) -> [Float]] {
      #expect(distance(quantity(batched), quantity(precise).map(Double.init)) < 5e-5)
    }
  }

  @Test func blocksOfScaleZeroHaveNoCurvature() throws {
    let problem = try Problem("closed block", input: Shape(3), layout: .flat, loss: .squaredError) {
      let entry = $0.add(.dense(units: 4, bias: true))
      $0.addBlock(name: "closed") { builder, _ in
        builder.add(.dense(units: 4, bias: true), on: [entry])
        builder.add(.tanh)
      }
      $0.add(.dense(units: 2, bias: true))
    }
    var nodes = problem.network.graph.nodes
    for place in nodes.indices {
      if nodes[place].operation.residualSum != nil {
        nodes[place].operation = .residualSum(scale: 0)
      }
    }
    let closed = Problem(
      name: "closed block", network: try problem.network.with(graph: Graph(nodes: nodes)),
      samples: problem.samples, loss: problem.loss)
    for precise in [true, false] {
      let measurements = closed.measurements(precise: precise)
      for diagonal in [
        measurements.gradient(), measurements.gaussNewtonDiagonal(), measurements.leCunDiagonal(),
      ] {
        let branch = closed.network.layout.slots[1].all
        #expect(branch.allSatisfy { diagonal[$0] == 0 })
        #expect(closed.network.layout.slots[0].all.contains { diagonal[$0] != 0 })
      }
    }
  }
}
