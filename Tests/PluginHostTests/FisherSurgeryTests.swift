import Networks
import Numerics
import PluginHost
import Testing

/// Optimal Brain Surgeon with blocks of the empirical Fisher matrix, against that matrix made by the
/// paper's rank-one updates and a surgeon that tries every weight.
@Suite struct FisherSurgeryTests {
  private static let damping = 0.02

  /// Dense layers alone, and with convolutions.
  private static let graphs: [@Sendable () throws -> Graph] = [
    {
      try Models.multilayerPerceptron(inputs: 5, widths: [4], outputs: 3, activation: .tanh)
    },
    {
      var builder = GraphBuilder(input: Shape(1, 4, 3), layout: .spatial)
      builder.add(.convolution(.init(channels: 2, kernel: Extent(2))))
      builder.add(.tanh)
      builder.add(.convolution(.init(channels: 2, kernel: Extent(2, 1), bias: false)))
      builder.add(.flatten)
      builder.add(.dense(units: 3, bias: true))
      return try builder.graph()
    },
  ]

  private func network(_ index: Int = 0) throws -> Network {
    var network = Network(graph: try Self.graphs[index]()).initialized(seed: 6)
    for index in [1, 7, 21] { network.mask[index] = 0 }
    network.zeroMasked()
    return network
  }

  private func plan(_ network: Network, goal: Int, block: Int) throws -> Network {
    try Fixtures.plan(
      StrategyCatalogue().entry(named: "obs"), network, goal: goal,
      parameters: ["method": "fisher", "block": "\(block)", "damping": "\(Self.damping)"]
    ).surgery.network
  }

  /// 12 samples, 10 and 8 parameters of two convolutions, 12 bytes a value.
  @Test func gradientsThatDoNotFitAreRefused() throws {
    let (network, obs) = (try network(1), try StrategyCatalogue().entry(named: "obs"))
    func plan(_ limit: Int) throws {
      _ = try Fixtures.plan(
        obs, network, goal: 20, parameters: ["method": "fisher"], memoryLimit: limit)
    }
    let bytes = 12 * 18 * 12
    #expect(throws: Never.self) { try plan(bytes) }
    let text = message { try plan(bytes - 1) }
    #expect(text.hasPrefix("memory: "), "\(text)")
    #expect(text.contains("the gradients of 12 samples in the 18 parameters"), "\(text)")
    #expect(text.contains("it has to be --memory 1M at least"), "\(text)")
  }

  /// The live weights of each layer in blocks, with the damping of the layer.
  private func blocks(_ network: Network, _ size: Int) throws -> [(places: [Int], ridge: Double)] {
    let fisher = try Fixtures.measurements(network).fisherDiagonal()
    return network.graph.weightedLayers.flatMap { layer in
      let live = network.prunable(at: layer).filter { network.mask[$0] != 0 }
      let known = live.map { Double(fisher[$0]) }.filter { $0 > 0 }
      let ridge = Self.damping * known.reduce(0, +) / Double(known.count)
      return stride(from: 0, to: live.count, by: size).map {
        (Array(live[$0..<min($0 + size, live.count)]), ridge)
      }
    }
  }

  /// F⁻¹ ← F⁻¹ − F⁻¹ g gᵀ F⁻¹ / (N + gᵀ F⁻¹ g), from F⁻¹ = I / ridge.
  private func inverse(_ network: Network, _ places: [Int], ridge: Double) throws -> [[Double]] {
    let size = places.count
    var inverse = (0..<size).map { row in
      (0..<size).map { $0 == row ? 1 / ridge : 0 }
    }
    let measurements = try Fixtures.measurements(network)
    let count = Double(measurements.samples.count)
    measurements.forEachSampleGradient { _, gradient in
      let g = places.map { gradient[$0] }
      let column = inverse.map { row in zip(row, g).reduce(0) { $0 + $1.0 * $1.1 } }
      let scale = count + zip(column, g).reduce(0) { $0 + $1.0 * $1.1 }
      for row in 0..<size {
        for other in 0..<size { inverse[row][other] -= column[row] * column[other] / scale }
      }
    }
    return inverse
  }

  /// The weights of a block after each removal, cheapest first, with what each cost.
  private func removals(
    _ weights: [Double], _ start: [[Double]]
  ) -> [(column: Int, loss: Double, weights: [Double])] {
    var (weights, inverse) = (weights, start)
    var left = Array(weights.indices)
    var found: [(column: Int, loss: Double, weights: [Double])] = []
    var most = 0.0
    while !left.isEmpty {
      let losses = left.map { weights[$0] * weights[$0] / (2 * inverse[$0][$0]) }
      let least = losses.indices.min { (losses[$0], $0) < (losses[$1], $1) } ?? 0
      let q = left.remove(at: least)
      most = max(most, losses[least])
      let factor = weights[q] / inverse[q][q]
      let column = inverse.map { $0[q] }
      for other in left { weights[other] -= factor * column[other] }
      weights[q] = 0
      for row in left {
        for other in left { inverse[row][other] -= column[row] * column[other] / column[q] }
      }
      found.append((q, most, weights))
    }
    return found
  }

  @Test(arguments: [(0, 25), (0, 14), (0, 9), (1, 30), (1, 20)], [1, 3, 7, 100])
  func theCheapestOfAllBlocksGoAndTheOthersMakeUpForThem(
    _ problem: (graph: Int, goal: Int), block: Int
  ) throws {
    let goal = problem.goal
    let network = try network(problem.graph)
    let blocks = try blocks(network, block)
    let traces = try blocks.map { places, ridge in
      removals(
        places.map { Double(network.values[$0]) }, try inverse(network, places, ridge: ridge))
    }
    var order = traces.indices.flatMap { index in
      traces[index].indices.map { (loss: traces[index][$0].loss, block: index, place: $0) }
    }
    order.sort { ($0.loss, $0.block, $0.place) < ($1.loss, $1.block, $1.place) }
    var counts = [Int](repeating: 0, count: blocks.count)
    for entry in order.prefix(order.count - goal) { counts[entry.block] += 1 }

    let after = try plan(network, goal: goal, block: block)
    #expect(after.counts.weights == goal)
    for (index, count) in counts.enumerated() {
      let places = blocks[index].places
      let gone = Set(traces[index].prefix(count).map(\.column))
      for (column, place) in places.enumerated() {
        #expect((after.mask[place] == 0) == gone.contains(column))
        let wanted =
          count > 0 ? traces[index][count - 1].weights[column] : Double(network.values[place])
        #expect(abs(Double(after.values[place]) - wanted) <= 1e-4 * max(1, abs(wanted)))
      }
    }
  }

  /// In blocks of one weight nothing makes up for another: that is brain damage by the damped Fisher
  /// diagonal.
  @Test func blocksOfOneMoveNothing() throws {
    let network = try network()
    let after = try plan(network, goal: 12, block: 1)
    for index in network.values.indices where after.mask[index] != 0 {
      #expect(after.values[index] == network.values[index])
    }
  }
}
