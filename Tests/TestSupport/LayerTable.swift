package import Networks
package import Numerics

/// A network small enough for brute force, and samples that fit it.
package struct SmallCase: Sendable, CustomStringConvertible {
  package let name: String
  package let network: Network
  package let samples: Samples
  package let loss: Loss

  package var description: String { name }

  /// Whether differences of the loss say what its gradient is.
  package var isDifferentiable: Bool {
    network.graph.nodes.allSatisfy(\.operation.hasExactGradient)
  }

  /// Every operation in some place where its gradient matters, in shapes that fit no tile.
  package static func everyOperation() throws -> [SmallCase] {
    try [
      dense("dense, tanh", .tanh, outputs: 3, loss: .crossEntropy),
      dense("dense, sigmoid", .sigmoid, outputs: 2, loss: .squaredError),
      dense("dense, relu", .relu, outputs: 4, loss: .crossEntropy),
      dense("dense, sign", .sign, outputs: 3, loss: .crossEntropy),
      binary("binary dense"),
      spatial("layer-norm") {
        $0.add(.convolution(.init(channels: 4, kernel: Extent(3), bias: false)))
        $0.add(.layerNorm)
        $0.add(.relu)
      },
      spatial("dropout") {
        $0.add(.convolution(.init(channels: 5, kernel: Extent(2))))
        $0.add(.dropout(0.3))
      },
      spatial("convolution 3×3") { $0.add(.convolution(.init(channels: 7, kernel: Extent(3)))) },
      spatial("convolution with padding and stride") {
        $0.add(
          .convolution(
            .init(channels: 6, kernel: Extent(3), stride: Extent(2), padding: Extent(1))))
      },
      spatial("rectangular convolutions") {
        $0.add(
          .convolution(.init(channels: 4, kernel: Extent(3, 1), padding: Extent(1, 0), bias: false))
        )
        $0.add(.convolution(.init(channels: 5, kernel: Extent(1, 2), stride: Extent(1, 2))))
      },
      spatial("max-pool") {
        $0.add(.convolution(.init(channels: 3, kernel: Extent(2))))
        $0.add(.maxPool(.init(size: Extent(2))))
      },
      spatial("overlapping max-pool with padding") {
        $0.add(.convolution(.init(channels: 3, kernel: Extent(2))))
        $0.add(.maxPool(.init(size: Extent(3), stride: Extent(2), padding: Extent(1))))
      },
      spatial("average-pool") {
        $0.add(.convolution(.init(channels: 3, kernel: Extent(2))))
        $0.add(.averagePool(.init(size: Extent(2, 3), stride: Extent(2, 1))))
      },
      spatial("global average-pool") {
        $0.add(.convolution(.init(channels: 5, kernel: Extent(2))))
        $0.add(.tanh)
        $0.add(.globalAveragePool)
      },
      spatial("batch-norm") {
        $0.add(.convolution(.init(channels: 4, kernel: Extent(3), bias: false)))
        $0.add(.batchNorm)
      },
      spatial("residual block with identity skip") {
        $0.add(.convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))))
        $0.addBlock(name: "block") { builder, entry in
          builder.add(
            .convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))), on: [entry])
          builder.add(.batchNorm)
        }
      },
      spatial("residual block with projection") {
        $0.addBlock(
          name: "block",
          branch: { builder, entry in
            builder.add(.convolution(.init(channels: 4, kernel: Extent(3))), on: [entry])
            builder.add(.tanh)
            builder.add(.convolution(.init(channels: 3, kernel: Extent(1))))
          },
          skip: { builder, entry in
            builder.add(.convolution(.init(channels: 3, kernel: Extent(3))), on: [entry])
          })
      },
      spatial("concatenation") { builder in
        let entry = builder.add(.convolution(.init(channels: 3, kernel: Extent(1))))
        let left = builder.add(
          .convolution(.init(channels: 2, kernel: Extent(3), padding: Extent(1))), on: [entry])
        let right = builder.add(.convolution(.init(channels: 4, kernel: Extent(1))), on: [entry])
        builder.add(.concatenate, on: [left, right, left])
      },
    ]
  }

  private static func dense(
    _ name: String, _ activation: Operation, outputs: Int, loss: Loss
  ) throws -> SmallCase {
    let graph = try Models.multilayerPerceptron(
      inputs: 5, widths: [6, 4], outputs: outputs, activation: activation)
    return try make(name, graph, loss: loss)
  }

  private static func binary(_ name: String) throws -> SmallCase {
    var builder = GraphBuilder(input: Shape(5), layout: .flat)
    for units in [6, 4] {
      builder.add(.dense(units: units, bias: false, isBinary: true))
      builder.add(.batchNorm)
      builder.add(.sign)
    }
    builder.add(.dense(units: 3, bias: true, isBinary: true))
    return try make(name, builder.graph(), loss: .crossEntropy)
  }

  private static func spatial(
    _ name: String, _ middle: (inout GraphBuilder) -> Void
  ) throws -> SmallCase {
    var builder = GraphBuilder(input: Shape(2, 6, 5), layout: .spatial)
    middle(&builder)
    builder.add(.tanh)
    builder.add(.flatten)
    builder.add(.dense(units: 3, bias: true), name: "last")
    return try make(name, builder.graph(), loss: .crossEntropy)
  }

  private static func make(_ name: String, _ graph: Graph, loss: Loss) throws -> SmallCase {
    var random = RandomStream(seed: 11, name: name)
    var network = Network(graph: graph).initialized(seed: 3)
    for slot in network.layout.slots {
      for index in slot.biases { network.values[index] += Float(0.3 * random.normal()) }
    }
    for index in network.statistics.indices {
      network.statistics[index] += Float(random.uniform(in: 0..<0.5))
    }
    let count = 21
    let inputs = (0..<count * graph.inputShape.count).map { _ in Float(random.normal()) }
    let targets: Samples.Targets =
      switch loss {
      case .crossEntropy:
        .labels(
          (0..<count).map { _ in Int32(random.index(below: graph.outputs)) }, classes: graph.outputs
        )
      case .squaredError:
        .values(
          (0..<count * graph.outputs).map { _ in Float(random.normal()) }, width: graph.outputs)
      }
    let shape = graph.inputShape
    let samples = try Samples(
      shape: [shape.channels, shape.height, shape.width], inputs: inputs, targets: targets)
    return SmallCase(name: name, network: network, samples: samples, loss: loss)
  }
}
