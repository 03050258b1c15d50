import Networks
import Numerics
import PluginHost
import Testing

/// Binary weights through the interface and real training.
struct BinarizationTests {
  private func instance(_ parameters: [String: String] = [:]) throws -> StrategyInstance {
    try StrategyInstance(
      StrategyCatalogue().entry(named: "binarize"), parameters: parameters,
      random: RandomStream(seed: 3, name: "strategy"))
  }

  // MARK: - Against plain loops

  /// The method in plain loops, in double precision.
  private struct Reference {
    /// Latent weights, and biases as they are.
    var latent: [Double]
    var mask: [Float]
    var velocity: [Double]
    let rows: [Range<Int>]
    let prunable: [Int]

    init(_ network: Network, scale: String) {
      latent = network.values.map(Double.init)
      mask = network.mask
      velocity = latent.map { _ in 0 }
      prunable = network.graph.weightedLayers.flatMap { Array(network.prunable(at: $0)) }
      rows = network.layout.slots.flatMap { slot in
        guard scale == "unit" else { return [slot.weights] }
        let length = slot.weights.count / (network.graph.nodes[slot.place].operation.units ?? 1)
        return (0..<slot.weights.count / length).map {
          let start = slot.weights.lowerBound + $0 * length
          return start..<start + length
        }
      }
    }

    var values: [Double] {
      var values = zip(latent, mask).map { $1 == 0 ? 0 : $0 }
      for row in rows {
        let live = row.filter { mask[$0] != 0 }
        let magnitude = live.map { abs(latent[$0]) }.reduce(0, +) / Double(max(1, live.count))
        for index in live { values[index] = latent[index] < 0 ? -magnitude : magnitude }
      }
      return values
    }

    mutating func prune(to goal: Int) {
      let live = prunable.filter { mask[$0] != 0 }
      for index in live.sorted(by: { abs(latent[$0]) < abs(latent[$1]) })
        .prefix(max(0, live.count - goal))
      { mask[index] = 0 }
    }

    mutating func step(_ gradient: [Float], rate: Double) {
      for index in latent.indices where mask[index] != 0 {
        velocity[index] = 0.9 * velocity[index] + Double(gradient[index])
        latent[index] -= rate * velocity[index]
      }
    }

    func distance(from network: Network) -> Double {
      zip(values, network.values).map { abs($0 - Double($1)) }.max() ?? 0
    }
  }

  /// Gradients are taken at binary weights, steps made from latent ones, and in each round the latent
  /// weights closest to zero go, biases among them where budgets count these.
  @Test(arguments: ["unit", "layer"], [false, true])
  func stepsAndRoundsAreThoseOfPlainLoops(scale: String, prunesBiases: Bool) throws {
    var network = try Fixtures.perceptron(inputs: 7, widths: [9, 6], prunesBiases: prunesBiases)
    let samples = try Fixtures.samples(for: network, count: 30)
    let instance = try instance(["scale": scale])
    var reference = Reference(network, scale: scale)
    var state = OptimizerState(parameters: network.layout.count)
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.1, schedule: .constant,
      batchSize: samples.count, epochs: 12, decay: 0)
    var flips = 0
    let weights = network.counts.weights
    for (round, goal) in [weights, weights / 2, weights / 3].enumerated() {
      let measurements = Measurements(network: network, samples: samples, loss: .crossEntropy)
      network = try instance.plan(
        Round(index: round, total: 3, weightsGoal: goal), network: network,
        measurements: measurements
      ).surgery.network
      reference.prune(to: goal)
      #expect(network.mask == reference.mask && network.counts.weights == goal)
      #expect(reference.distance(from: network) < 1e-5)
      state.clear(where: network.mask)
      var random = RandomStream(seed: 4, name: "batches")
      let period = try Trainer(loss: .crossEntropy).begin(
        network, state: state, on: samples, recipe: recipe, random: &random)
      let hooks = instance.hooks(for: network)
      while period.step < period.total {
        let before = period.network
        reference.step(
          Measurements(network: before, samples: samples, loss: .crossEntropy).gradient(),
          rate: recipe.learningRate)
        try period.advance(to: period.step + 1, hooks: hooks)
        network = period.network
        #expect(reference.distance(from: network) < 1e-5)
        for row in reference.rows {
          flips += row.count { before.values[$0] * network.values[$0] < 0 }
        }
      }
      state = period.state
    }
    #expect(flips > 0)
  }

  // MARK: - What is binary

  /// The magnitudes of each unit's live weights, layer after layer.
  private func magnitudes(of network: Network, at place: Int) throws -> [Set<Float>] {
    let slot = try #require(network.layout[place])
    let units = try #require(network.graph.nodes[place].operation.units)
    let length = slot.weights.count / units
    return (0..<units).map { unit in
      let start = slot.weights.lowerBound + unit * length
      return Set(
        (start..<start + length).filter { network.mask[$0] != 0 }.map { abs(network.values[$0]) })
    }
  }

  private func areBinary(_ network: Network, _ place: Int) throws -> Bool {
    try magnitudes(of: network, at: place).allSatisfy { $0.count <= 1 }
  }

  /// From the round on and behind every step, convolutions as well; normalisation and biases train.
  @Test func aConvolutionalNetworkIsBinaryAtEveryStep() throws {
    let start = try Fixtures.residual()
    var all: [Network] = []
    let period = try ActingPeriod(
      instance(), on: start, goal: start.counts.weights / 3,
      samples: Fixtures.samples(for: start, count: 32), epochs: 4,
      watch: { _, network in all.append(network) })
    #expect(period.updates.count == 1 && all.count == 16)
    for network in period.updates.map(\.after) + all {
      #expect(network.counts.weights == start.counts.weights / 3)
      for place in network.graph.weightedLayers { #expect(try areBinary(network, place)) }
    }
    for slot in start.layout.slots where slot.weights.isEmpty {
      #expect(period.network.values[slot.biases] != start.values[slot.biases])
    }
    #expect(period.network.bits < start.counts.weights)
  }

  @Test func aLayerMayHaveOneMagnitude() throws {
    let start = try Fixtures.perceptron()
    let period = try ActingPeriod(
      instance(["scale": "layer"]), on: start, goal: 60, samples: Fixtures.samples(for: start))
    for place in start.graph.weightedLayers {
      #expect(Set(try magnitudes(of: period.network, at: place).joined()).count == 1)
    }
    #expect(period.network.bits == 60 + 3 * 32 + 32 * (8 + 5 + 3))
  }

  @Test(
    arguments: zip(
      ["none", "last", "ends"], [[true, true, true], [true, true, false], [false, true, false]]))
  func layersMayStayReal(real: String, expected: [Bool]) throws {
    let start = try Fixtures.perceptron(inputs: 10, widths: [12, 10])
    let period = try ActingPeriod(
      instance(["real": real]), on: start, goal: start.counts.weights / 2,
      samples: Fixtures.samples(for: start))
    let found = try start.graph.weightedLayers.map { try areBinary(period.network, $0) }
    #expect(found == expected)
    #expect(period.network.counts.weights == start.counts.weights / 2)
  }

  /// Latent weights belong to what was left. Whoever asks again about another network is answered as
  /// before.
  @Test func whatIsNotAsItWasLeftIsItsOwnLatentWeight() throws {
    let start = try Fixtures.perceptron()
    let instance = try instance()
    let samples = try Fixtures.samples(for: start)
    let round = Round(index: 0, total: 1, weightsGoal: 50)
    let period = try ActingPeriod(instance, on: start, goal: 50, samples: samples)
    let again = try instance.plan(
      round, network: start,
      measurements: Measurements(network: start, samples: samples, loss: .crossEntropy))
    #expect(again.surgery.network == period.updates[0].after)
  }

  // MARK: - Where there is nothing to do

  @Test func layersOfSignsStayAsTheyAre() throws {
    var builder = GraphBuilder(input: Shape(6), layout: .flat)
    builder.add(.dense(units: 8, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: 5, bias: false, isBinary: true), name: "fc2")
    builder.add(.batchNorm)
    builder.add(.dense(units: 3, bias: true), name: "fc3")
    let start = Network(graph: try builder.graph()).initialized(seed: 2)
    let plan = try Fixtures.plan(
      StrategyCatalogue().entry(named: "binarize"), start, goal: 70)
    let after = plan.surgery.network
    let places = start.graph.weightedLayers
    let signs = try #require(start.layout[places[1]]).weights
    for index in signs where after.mask[index] != 0 {
      #expect(after.values[index] == start.values[index])
    }
    #expect(after.counts.weights == 70)
    #expect(try areBinary(after, places[0]) && areBinary(after, places[2]))
  }

  @Test func aNetworkOfLayersOfSignsIsSkipped() throws {
    let graph = try Models.binaryPerceptron(inputs: 5, widths: [4], outputs: 3)
    let entry = try StrategyCatalogue().entry(named: "binarize")
    let text = message {
      _ = try Fixtures.plan(entry, Network(graph: graph).initialized(seed: 1), goal: 20)
    }
    #expect(text.hasPrefix("skipped") && text.contains("work by their signs already"), "\(text)")
  }

  @Test func aNetworkWhoseLayersAllStayRealIsSkipped() throws {
    let entry = try StrategyCatalogue().entry(named: "binarize")
    let text = message {
      _ = try Fixtures.plan(
        entry, Fixtures.perceptron(widths: [4]), goal: 20, parameters: ["real": "ends"])
    }
    #expect(text.hasPrefix("skipped") && text.contains("real=ends"), "\(text)")
  }
}
