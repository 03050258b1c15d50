import Networks
import Numerics
import PluginHost
import Testing

/// Cascade correlation as the host sees it, on networks with a hidden layer.
struct CascadeCorrelationTests {
  private let growth = CascadeGrowth(form: "flat")

  private func hidden(_ network: Network) throws -> ParameterLayout.Slot {
    try #require(network.layout[network.graph.weightedLayers[0]])
  }

  private func width(_ network: Network) -> Int {
    network.graph.nodes[network.graph.weightedLayers[0]].operation.units ?? 0
  }

  /// What leads into a unit, and where its reader's weights are.
  private func places(of unit: Int, in network: Network) throws -> (fanIn: [Int], fanOut: [Int]) {
    let slot = try hidden(network)
    let row = slot.weights.count / width(network)
    let fanIn = (0..<row).map { slot.weights.lowerBound + unit * row + $0 }
    let bias = slot.biases.isEmpty ? [] : [slot.biases.lowerBound + unit]
    let edge = try #require(network.graph.unitEdges.first)
    let consumer = try #require(edge.consumer)
    let reader = try #require(network.layout[consumer])
    let outputs = network.graph.outputs
    return (
      fanIn + bias,
      (0..<outputs).map {
        reader.weights.lowerBound + $0 * reader.weights.count / outputs + edge.offset + unit
      }
    )
  }

  @Test(arguments: CascadeGrowth.graphs.indices)
  func itBeginsWithoutAHiddenUnit(_ index: Int) throws {
    let start = try growth.network(index)
    let network = try growth.grow(start, to: 40).begun.surgery.network
    #expect(width(network) == 1)
    let places = try places(of: 0, in: network)
    #expect(places.fanOut.allSatisfy { network.values[$0] == 0 && network.frozen[$0] })
    #expect(places.fanIn.allSatisfy { network.frozen[$0] })
    // Direct weights and biases of the output are trained.
    #expect(network.frozen.count { !$0 } == network.layout.count - places.fanIn.count - 2)
  }

  @Test(arguments: CascadeGrowth.graphs.indices)
  func unitsComeOneByOneUpToTheBudget(_ index: Int) throws {
    let (_, updates, asked) = try growth.grow(growth.network(index), to: 40)
    for (unit, (update, before)) in zip(updates, asked).enumerated() {
      let after = update.surgery.network
      #expect(width(after) == unit + 1)
      let places = try places(of: unit, in: after)
      #expect(places.fanIn.allSatisfy { after.frozen[$0] })
      #expect(places.fanOut.allSatisfy { !after.frozen[$0] && after.values[$0] != 0 })
      // Everything else stays as it was.
      let own = Set(places.fanIn + places.fanOut)
      for (place, origin) in update.surgery.origin.enumerated() where !own.contains(place) {
        #expect(origin >= 0 && after.values[place] == before.values[Int(origin)])
      }
    }
    // 5 weights a unit, and 6 direct ones in the networks that have them.
    let direct = index == 1 ? 0 : 6
    let weights = updates.last?.surgery.network.counts.weights
    #expect(weights == direct + 5 * ((40 - direct) / 5))
  }

  /// The loss falls at once, and near what the slope of the covariance says. Outputs without a bias have
  /// a mean error, which a covariance leaves out: there it need not be so.
  @Test(arguments: [0, 1])
  func everyUnitMakesTheLossSmaller(_ index: Int) throws {
    for update in try growth.grow(growth.network(index), to: 40).updates {
      let loss = try growth.measurements(update.surgery.network).loss()
      let prediction = try #require(update.prediction)
      #expect(prediction < 0)
      #expect(loss < update.loss)
      // A fan-out at which halving no longer pays is near the lowest point of a parabola: there half
      // of what its slope says is reached.
      #expect((0.2...1.2).contains((loss - update.loss) / prediction))
    }
  }

  @Test func thePublishedFanOutIsTheCovariance() throws {
    func installed(_ parameters: [String: String]) throws -> Network {
      try growth.grow(
        growth.network(0), to: 11, ["outgoing": "published"].merging(parameters) { $1 }
      )
      .updates[0].surgery.network
    }
    let (first, second) = (try installed([:]), try installed(["multiplier": "2"]))
    let places = try places(of: 0, in: first)
    for place in places.fanIn { #expect(first.values[place] == second.values[place]) }
    for place in places.fanOut { #expect(2 * first.values[place] == second.values[place]) }
  }

  @Test func severalUnitsComeFromOnePool() throws {
    let updates = try growth.grow(growth.network(0), to: 41, ["units": "3"]).updates
    #expect(updates.map { width($0.surgery.network) } == [3, 6, 7])
    let last = updates[2].surgery.network
    for unit in 0..<7 {
      #expect(try places(of: unit, in: last).fanIn.allSatisfy { last.frozen[$0] })
    }
    let text = message { _ = try growth.instance(["units": "9"]) }
    #expect(text.contains("9 units cannot be chosen from 8 candidates"), "\(text)")
  }

  @Test func trainedUnitsAreNotFrozen() throws {
    let updates = try growth.grow(growth.network(0), to: 26, ["installed": "trained"]).updates
    #expect(width(updates[3].surgery.network) == 4)
    #expect(updates[3].surgery.network.frozen.isEmpty)
  }

  @Test func theSameSeedGivesTheSameUnits() throws {
    let (first, second) = (
      try growth.grow(growth.network(0), to: 26), try growth.grow(growth.network(0), to: 26)
    )
    #expect(first.updates.map(\.edits) == second.updates.map(\.edits))
  }

  @Test func networksWithoutPlaceForItAreSkippedInWords() throws {
    func reason(_ network: Network, goal: Int = 1000, samples: Samples? = nil) throws -> String {
      let instance = try growth.instance()
      let samples = try samples ?? Fixtures.samples(for: network)
      return message {
        _ = try instance.plan(
          Round(index: 0, total: 1, weightsGoal: goal), network: network,
          measurements: Measurements(network: network, samples: samples, loss: .crossEntropy))
      }
    }
    let rectified = try Network(
      graph: Models.multilayerPerceptron(
        inputs: 3, widths: [4], outputs: 2, activation: .relu)
    ).initialized(seed: 1)
    #expect(try reason(rectified).contains("neither tanh nor sigmoid units"))
    #expect(try reason(Fixtures.perceptron()).contains("there are 3 layers"))
    #expect(try reason(Fixtures.residual()).contains("there is another"))
    #expect(
      try reason(growth.network(0), goal: 10)
        .contains("with one unit the network has 11 weights, and the goal is 10"))
  }
}
