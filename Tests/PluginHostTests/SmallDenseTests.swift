import Networks
import Numerics
import PluginHost
import Testing

/// The dense network of a budget's size, on networks of all kinds.
struct SmallDenseTests {
  /// A network that can be drawn anew, by the rule of its benchmarks.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: @Sendable () throws -> Graph
    var rule = Initialization.he
    var prunesBiases = false
    /// How many draws make its layers' variances known.
    var draws = 2

    func network(_ seed: Int) throws -> Network {
      Network(graph: try graph(), prunesBiases: prunesBiases)
        .initialized(seed: UInt64(seed), by: rule)
    }
  }

  private static let kinds = [
    Kind(testDescription: "LeNet-300-100", graph: { try Models.leNet300() }),
    Kind(
      testDescription: "LeNet-300-100 by fan-in", graph: { try Models.leNet300() }, rule: .fanIn),
    Kind(testDescription: "LeNet-5 by fan-in", graph: { try Models.leNet5() }, rule: .fanIn),
    Kind(
      testDescription: "LeNet-5 by Glorot's rule", graph: { try Models.leNet5() }, rule: .glorot),
    Kind(
      testDescription: "residual",
      graph: {
        try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 8, 8), classes: 3)
      }),
    Kind(
      testDescription: "1-50-1 tanh",
      graph: {
        try Models.multilayerPerceptron(inputs: 1, widths: [50], outputs: 1, activation: .tanh)
      }, draws: 200),
    Kind(
      testDescription: "17-8-1 sigmoid, biases counted",
      graph: {
        try Models.multilayerPerceptron(
          inputs: 17, widths: [8], outputs: 1, activation: .sigmoid, outputActivation: .sigmoid)
      }, prunesBiases: true, draws: 200),
  ]

  private func shrunk(_ network: Network, to goal: Int) throws -> Network {
    let entry = try StrategyCatalogue().entry(named: "small-dense")
    #expect(entry.course == .sparse)
    return try Fixtures.plan(entry, network, goal: goal).surgery.network
  }

  @Test(arguments: kinds, [1.5, 4, 7])
  func noFurtherUnitFits(_ kind: Kind, ratio: Double) throws {
    let start = try kind.network(1)
    let goal = Int(Double(start.counts.weights) / ratio)
    let small = try shrunk(start, to: goal)
    #expect(small.counts.weights <= goal)
    #expect(!small.mask.contains(0))
    #expect(small.graph.nodes.map(\.name) == start.graph.nodes.map(\.name))
    var cheapest = Int.max
    for group in small.unitGroups() {
      let place = group.members[0].place
      let units = try #require(small.graph.nodes[place].operation.units)
      let all = try #require(start.graph.nodes[place].operation.units)
      #expect((1...all).contains(units))
      // Weights are linear in a width: one more unit costs what the last one does.
      guard units < all else { continue }
      cheapest = min(cheapest, small.counts.weights - small.counts(removing: [group]).weights)
    }
    #expect(goal - small.counts.weights < cheapest, "\(small.counts) of \(goal)")
  }

  /// Of each layer, over some draws, against networks that were never larger.
  @Test(arguments: kinds)
  func weightsAreThoseOfAFreshNetwork(_ kind: Kind) throws {
    var squares: [Int: (small: Double, fresh: Double, count: Int)] = [:]
    for draw in 0..<kind.draws {
      let start = try kind.network(draw)
      let small = try shrunk(start, to: start.counts.weights / 6)
      let fresh = small.initialized(seed: UInt64(1000 + draw), by: kind.rule)
      for place in small.graph.weightedLayers {
        let range = try #require(small.layout[place]).weights
        var sums = squares[place] ?? (0, 0, 0)
        for index in range {
          sums.small += Double(small.values[index]) * Double(small.values[index])
          sums.fresh += Double(fresh.values[index]) * Double(fresh.values[index])
        }
        sums.count += range.count
        squares[place] = sums
      }
      for slot in small.layout.slots {
        #expect(small.values[slot.biases].elementsEqual(fresh.values[slot.biases]))
      }
    }
    for (place, sums) in squares {
      // A square of a normal variable varies by 2 about its mean of 1, in both networks.
      let deviation = (4 / Double(sums.count)).squareRoot()
      #expect(
        abs(sums.small / sums.fresh - 1) < 5 * deviation + 0.02,
        "\(small(place, kind)): \(sums)")
    }
  }

  private func small(_ place: Int, _ kind: Kind) -> String {
    (try? kind.graph().nodes[place].name) ?? "?"
  }

  @Test func widthsAreInProportion() throws {
    let start = try Self.kinds[0].network(1)
    let small = try shrunk(start, to: 26_620)
    // 33 and 11 of 300 and 100 leave 275 weights, which are six units of the second layer.
    #expect(
      small.graph.weightedLayers.map { small.graph.nodes[$0].operation.units } == [33, 17, 10])
  }

  @Test func whatIsLeftIsTheNetworkScaled() throws {
    let start = try Fixtures.perceptron(4)
    let small = try shrunk(start, to: 40)
    let (first, second) = (start.graph.weightedLayers[0], start.graph.weightedLayers[1])
    let (old, new) = (try #require(start.layout[first]), try #require(small.layout[first]))
    // Its inputs are the same.
    #expect(
      small.values[new.weights].elementsEqual(start.values[old.weights].prefix(new.weights.count)))
    let units = try #require(small.graph.nodes[first].operation.units)
    let (before, after) = (try #require(start.layout[second]), try #require(small.layout[second]))
    let factor = (8 / Float(units)).squareRoot()
    for input in 0..<units {
      let wanted = start.values[before.weights.lowerBound + input] * factor
      #expect(abs(small.values[after.weights.lowerBound + input] - wanted) < 1e-6)
    }
  }

  @Test func oneUnitALayerIsTheLeast() throws {
    let start = try Fixtures.perceptron()
    #expect(try shrunk(start, to: 10).counts.weights == 10)
    let text = message { _ = try shrunk(start, to: 9) }
    #expect(
      text.contains("with one unit a layer the network has 10 weights, and the goal is 9"),
      "\(text)")
  }

  @Test func nothingHappensAtTheGoal() throws {
    let entry = try StrategyCatalogue().entry(named: "small-dense")
    let small = try shrunk(try Fixtures.residual(), to: 5000)
    #expect(try Fixtures.plan(entry, small, goal: 5000).edits.isEmpty)
  }
}
