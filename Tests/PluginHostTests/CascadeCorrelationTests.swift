import Networks
import Numerics
import PluginHost
import Testing

/// Cascade correlation as the host sees it, on networks with a hidden layer.
struct CascadeCorrelationTests {
  private static let graphs: [@Sendable () throws -> Graph] = [
    { try Models.shortcutPerceptron(inputs: 3, hidden: 4, outputs: 2, activation: .tanh) },
    {
      try Models.multilayerPerceptron(
        inputs: 3, widths: [4], outputs: 2, activation: .sigmoid, outputActivation: .sigmoid)
    },
    {
      // Without biases, and one hidden unit.
      var builder = GraphBuilder(input: Shape(3), layout: .flat)
      builder.add(.dense(units: 1, bias: false), name: "fc1")
      builder.add(.tanh)
      builder.add(.concatenate, on: [2, 0])
      builder.add(.dense(units: 2, bias: false), name: "fc2")
      return try builder.graph()
    },
  ]

  private func network(_ index: Int) throws -> Network {
    Network(graph: try Self.graphs[index]()).initialized(seed: 5)
  }

  private func samples() throws -> Samples {
    var random = RandomStream(seed: 2, name: "samples")
    let inputs = (0..<3 * 40).map { _ in Float(random.normal()) }
    let targets = (0..<40).flatMap { row -> [Float] in
      let x = inputs[3 * row..<3 * row + 3]
      let (a, b, c) = (x[3 * row], x[3 * row + 1], x[3 * row + 2])
      return [a * b > 0 ? 1 : 0, a * c > 0 ? 1 : 0]
    }
    return try Samples(shape: [3, 1, 1], inputs: inputs, targets: .values(targets, width: 2))
  }

  private func measurements(_ network: Network) throws -> Measurements {
    Measurements(network: network, samples: try samples(), loss: .squaredError)
  }

  private func instance(_ parameters: [String: String] = [:]) throws -> StrategyInstance {
    try StrategyInstance(
      StrategyCatalogue().entry(named: "cascade-correlation"), parameters: parameters,
      random: RandomStream(seed: 3, name: "strategy"))
  }

  /// What is not frozen, trained for a while as between two updates.
  private func trained(_ network: Network) throws -> Network {
    let recipe = TrainingRecipe(
      optimizer: .adam, learningRate: 0.05, schedule: .cosine, batchSize: 40, epochs: 200, decay: 0)
    var random = RandomStream(seed: 1, name: "batches")
    let period = try Trainer(loss: .squaredError).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples(),
      recipe: recipe, random: &random)
    try period.advance(to: period.total)
    return period.network
  }

  /// A round before training, and then every update of a period of 100 steps with the network it was
  /// asked for.
  private func grow(
    _ start: Network, to goal: Int, _ parameters: [String: String] = [:]
  ) throws -> (begun: AppliedPlan, updates: [AppliedPlan], asked: [Network]) {
    let instance = try instance(parameters)
    let begun = try instance.plan(
      Round(index: 0, total: 1, weightsGoal: goal), network: start,
      measurements: measurements(start))
    let points = try #require(
      try instance.updatePoints(
        of: PeriodOutline(index: 0, total: 1, steps: 100, stepsPerEpoch: 1, weightsGoal: goal),
        in: begun.surgery.network))
    var (updates, asked): ([AppliedPlan], [Network]) = ([], [])
    var (step, network) = (0, begun.surgery.network)
    while let next = points.next(after: step) {
      step = next
      #expect(next < 100)
      network = try trained(network)
      asked.append(network)
      let plan = try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: goal,
          step: TrainingStep(index: next, total: 100, learningRate: 0.1, loss: 1)),
        network: network, measurements: measurements(network))
      network = plan.surgery.network
      updates.append(plan)
    }
    return (begun, updates, asked)
  }

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

  @Test(arguments: graphs.indices)
  func itBeginsWithoutAHiddenUnit(_ index: Int) throws {
    let start = try network(index)
    let network = try grow(start, to: 40).begun.surgery.network
    #expect(width(network) == 1)
    let places = try places(of: 0, in: network)
    #expect(places.fanOut.allSatisfy { network.values[$0] == 0 && network.frozen[$0] })
    #expect(places.fanIn.allSatisfy { network.frozen[$0] })
    // Direct weights and biases of the output are trained.
    #expect(network.frozen.count { !$0 } == network.layout.count - places.fanIn.count - 2)
  }

  @Test(arguments: graphs.indices)
  func unitsComeOneByOneUpToTheBudget(_ index: Int) throws {
    let (_, updates, asked) = try grow(network(index), to: 40)
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
    for update in try grow(network(index), to: 40).updates {
      let loss = try measurements(update.surgery.network).loss()
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
      try grow(network(0), to: 11, ["outgoing": "published"].merging(parameters) { $1 })
        .updates[0].surgery.network
    }
    let (first, second) = (try installed([:]), try installed(["multiplier": "2"]))
    let places = try places(of: 0, in: first)
    for place in places.fanIn { #expect(first.values[place] == second.values[place]) }
    for place in places.fanOut { #expect(2 * first.values[place] == second.values[place]) }
  }

  @Test func severalUnitsComeFromOnePool() throws {
    let updates = try grow(network(0), to: 41, ["units": "3"]).updates
    #expect(updates.map { width($0.surgery.network) } == [3, 6, 7])
    let last = updates[2].surgery.network
    for unit in 0..<7 {
      #expect(try places(of: unit, in: last).fanIn.allSatisfy { last.frozen[$0] })
    }
    let text = message { _ = try instance(["units": "9"]) }
    #expect(text.contains("9 units cannot be chosen from 8 candidates"), "\(text)")
  }

  @Test func trainedUnitsAreNotFrozen() throws {
    let updates = try grow(network(0), to: 26, ["installed": "trained"]).updates
    #expect(width(updates[3].surgery.network) == 4)
    #expect(updates[3].surgery.network.frozen.isEmpty)
  }

  @Test func theSameSeedGivesTheSameUnits() throws {
    let (first, second) = (try grow(network(0), to: 26), try grow(network(0), to: 26))
    #expect(first.updates.map(\.edits) == second.updates.map(\.edits))
  }

  @Test func networksWithoutPlaceForItAreSkippedInWords() throws {
    func reason(_ network: Network, goal: Int = 1000, samples: Samples? = nil) throws -> String {
      let instance = try instance()
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
      try reason(network(0), goal: 10)
        .contains("with one unit the network has 11 weights, and the goal is 10"))
  }
}
