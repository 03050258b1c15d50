import Foundation
import Networks
import Numerics
import PluginHost
import TestSupport
import Testing

/// Strategies that prune before training, against what their scores stand for.
@Suite struct BeforeTrainingTests {
  /// Small networks of every shape that the strategies know, with biases that are not 0.
  static let graphs: [@Sendable () throws -> Graph] = [
    { try Models.multilayerPerceptron(inputs: 4, widths: [5, 3], outputs: 2, activation: .relu) },
    { try Models.shortcutPerceptron(inputs: 3, hidden: 4, outputs: 2, activation: .relu) },
    {
      var builder = GraphBuilder(input: Shape(1, 7, 6), layout: .spatial)
      builder.add(.convolution(.init(channels: 3, kernel: Extent(2, 3))))
      builder.add(.maxPool(.init(size: Extent(2))))
      builder.add(.relu)
      builder.add(.convolution(.init(channels: 2, kernel: Extent(2, 1), bias: false)))
      builder.add(.averagePool(.init(size: Extent(2))))
      builder.add(.flatten)
      builder.add(.dense(units: 2, bias: true))
      return try builder.graph()
    },
    {
      let point = Convolution(channels: 3, kernel: Extent(1), bias: false)
      var builder = GraphBuilder(input: Shape(2, 3, 3), layout: .spatial)
      builder.add(.convolution(.init(channels: 3, kernel: Extent(2))))
      builder.add(.relu)
      builder.addBlock(name: "block") { builder, entry in
        builder.add(.convolution(point), on: [entry])
        builder.add(.relu)
        builder.add(.convolution(point))
      }
      builder.add(.relu)
      builder.add(.globalAveragePool)
      builder.add(.flatten)
      builder.add(.dense(units: 2, bias: true))
      return try builder.graph()
    },
  ]

  private func network(_ index: Int) throws -> Network {
    var network = Network(graph: try Self.graphs[index]()).initialized(seed: 3)
    var random = RandomStream(seed: 4, name: "biases")
    for slot in network.layout.slots {
      for index in slot.biases { network.values[index] = Float(random.uniform(in: -0.5..<0.5)) }
    }
    return network
  }

  private func entry(_ id: String) throws -> StrategyEntry {
    try StrategyCatalogue().entry(named: id)
  }

  private func live(_ network: Network) -> [Int] {
    network.graph.weightedLayers.flatMap { network.prunable(at: $0) }
      .filter { network.mask[$0] != 0 }
  }

  /// That what went scores no more than what stayed, but for rounding.
  private func expectLeast(
    _ before: Network, _ after: Network, by scores: [Int: Double], within share: Double
  ) {
    let gone = scores.filter { after.mask[$0.key] == 0 }.map(\.value)
    let kept = scores.filter { after.mask[$0.key] != 0 }.map(\.value)
    let slack = share * (scores.values.map(abs).max() ?? 0)
    #expect(!gone.isEmpty && !kept.isEmpty)
    #expect((gone.max() ?? 0) <= (kept.min() ?? 0) + slack)
  }

  // MARK: - SNIP and GraSP

  private func smooth() throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: 6, widths: [5, 4], outputs: 3, activation: .tanh)
    return Network(graph: graph).initialized(seed: 2)
  }

  /// `value` of the network with a weight moved up, less that with it moved down, by the distance.
  private func slope(
    _ network: Network, _ index: Int, by step: Float, _ value: (Measurements) -> Double
  ) throws -> Double {
    func moved(_ distance: Float) throws -> Double {
      var network = network
      network.values[index] += distance
      return value(try Fixtures.measurements(network))
    }
    return try (moved(step) - moved(-step)) / Double(2 * step)
  }

  @Test func snipRemovesWhatTheLossIsLeastSensitiveTo() throws {
    let network = try smooth()
    var scores: [Int: Double] = [:]
    for index in live(network) {
      let slope = try slope(network, index, by: 1e-2) { $0.loss() }
      scores[index] = abs(slope * Double(network.values[index]))
    }
    let after = try Fixtures.plan(entry("snip"), network, goal: 20).surgery.network
    #expect(after.counts.weights == 20)
    expectLeast(network, after, by: scores, within: 1e-4)
  }

  /// The derivative of half the squared norm of the gradient is the Hessian times the gradient.
  @Test(arguments: [false, true])
  func graspRemovesWhatHoldsTheGradientDown(masked: Bool) throws {
    var network = try smooth()
    if masked {
      for index in stride(from: 0, to: 40, by: 3) { network.mask[index] = 0 }
      network.zeroMasked()
    }
    func halfNorm(_ measurements: Measurements) -> Double {
      zip(measurements.gradient(), network.mask).reduce(0) {
        $0 + Double($1.0 * $1.1) * Double($1.0 * $1.1) / 2
      }
    }
    var scores: [Int: Double] = [:]
    for index in live(network) {
      scores[index] =
        try slope(network, index, by: 5e-3, halfNorm) * Double(network.values[index])
    }
    #expect(scores.values.contains { $0 < 0 } && scores.values.contains { $0 > 0 })
    let after = try Fixtures.plan(entry("grasp"), network, goal: 20).surgery.network
    #expect(after.counts.weights == 20)
    expectLeast(network, after, by: scores, within: 1e-3)
  }

  @Test func measuringForGraspIsCounted() throws {
    let network = try smooth()
    let snip = try Fixtures.plan(entry("snip"), network, goal: 20)
    let grasp = try Fixtures.plan(entry("grasp"), network, goal: 20)
    #expect(grasp.operations > 2 * snip.operations && snip.operations > 0)
  }

  // MARK: - Synaptic flow

  /// The sum of all outputs for inputs of 1, where every parameter is its magnitude.
  private func flow(_ network: Network) -> Double {
    var network = network
    for index in network.values.indices { network.values[index] = abs(network.values[index]) }
    let ones = [Float](repeating: 1, count: network.graph.inputShape.count)
    return ReferenceForward(network).activations(ones).last?.reduce(0, +) ?? 0
  }

  /// Every path goes through a weight at most once, so that without it the flow lacks its share.
  private func shares(_ network: Network) -> [Int: Double] {
    let all = flow(network)
    return Dictionary(
      uniqueKeysWithValues: live(network).map { index in
        var without = network
        without.values[index] = 0
        return (index, all - flow(without))
      })
  }

  @Test(arguments: graphs.indices, [1, 2, 7])
  func synFlowRemovesTheLeastShareOfTheFlowRoundByRound(_ index: Int, rounds: Int) throws {
    var network = try network(index)
    let start = network.counts.weights
    let goal = start / 4
    let plan = try Fixtures.plan(
      entry("synflow"), network, goal: goal, parameters: ["rounds": "\(rounds)"])
    #expect(plan.surgery.network.counts.weights == goal)
    for round in 1...rounds {
      let share = pow(Double(goal) / Double(start), Double(round) / Double(rounds))
      let left = Int((share * Double(start)).rounded())
      let order = shares(network).sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      for (index, _) in order.dropLast(left) { network.mask[index] = 0 }
      network.zeroMasked()
    }
    #expect(plan.surgery.network.mask == network.mask)
  }

  /// Where no path passes a layer by.
  @Test(arguments: [0, 2])
  func whatALayerScoresAddsUpToTheSame(_ index: Int) throws {
    var network = try network(index)
    // Biases bring in what no weight of an earlier layer does.
    for slot in network.layout.slots {
      for index in slot.biases { network.values[index] = 0 }
    }
    let shares = shares(network)
    let sums = network.graph.weightedLayers.map { place in
      network.prunable(at: place).reduce(0) { $0 + (shares[$1] ?? 0) }
    }
    for sum in sums { #expect(abs(sum - flow(network)) < 1e-9 * sum) }
  }

  @Test func synFlowLeavesAPathToTheEnd() throws {
    let network = try Fixtures.perceptron(5, inputs: 9, widths: [8, 7, 6])
    let after = try Fixtures.plan(entry("synflow"), network, goal: 5).surgery.network
    #expect(after.counts.weights == 5)
    #expect(after.withoutIneffectiveWeights().counts.weights > 0)
  }

  @Test func synFlowSaysWhereNoPathIs() throws {
    var network = try Fixtures.perceptron(5)
    for index in network.layout.slots[1].weights { network.values[index] = 0 }
    for slot in network.layout.slots {
      for index in slot.biases { network.values[index] = 0 }
    }
    let entry = try entry("synflow")
    let text = message { _ = try Fixtures.plan(entry, network, goal: 20) }
    #expect(text.contains("no path of live weights leads to an output"), "\(text)")
  }
}
