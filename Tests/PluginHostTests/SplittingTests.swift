import Networks
import Numerics
import PluginHost
import Testing

/// Splits against what they do to the loss, by brute force.
@Suite struct SplittingTests {
  private static let activations: [Networks.Operation] = [.tanh, .sigmoid]
  private static let units = 4
  private static let outputs = 3

  private func network(_ activation: Networks.Operation, inputs: Int) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: inputs, widths: [Self.units], outputs: Self.outputs, activation: activation)
    var network = Network(graph: graph).initialized(seed: 5)
    // Biases that differ, so that a direction in them counts.
    for (index, place) in network.layout.slots[0].biases.enumerated() {
      network.values[place] = 0.3 * Float(index) - 0.4
    }
    return network
  }

  private func loss(_ network: Network) throws -> Double {
    try Measurements(
      network: network, samples: Fixtures.samples(for: network, count: 60), loss: .crossEntropy
    ).loss()
  }

  /// The network with a unit of the first layer split along a vector over its weights and its bias.
  private func split(_ network: Network, unit: Int, along step: [Double]) throws -> Network {
    let slots = network.layout.slots
    let inputs = step.count - 1
    let ids = network.graph.weightedLayers.map { network.graph.nodes[$0].id }
    let places = slots[0].weights.dropFirst(unit * inputs).prefix(inputs)
    let old = (places + [slots[0].biases.lowerBound + unit]).map { Double(network.values[$0]) }
    let parts = [1.0, -1].map { sign in zip(old, step).map { Float($0 + sign * $1) } }
    let column = (0..<Self.outputs).map { $0 * Self.units + unit }
    let half = column.map { network.values[slots[1].weights.lowerBound + $0] / 2 }
    let own =
      Array(unit * inputs..<(unit + 1) * inputs) + [Self.units * inputs + unit]
    return try network.applying([
      .setParameters(layer: ids[0], positions: own, values: parts[0]),
      .setParameters(layer: ids[1], positions: column, values: half),
      .widen(
        layer: ids[0],
        NewUnits(
          count: 1, fanIn: Array(parts[1].dropLast()), biases: [parts[1][inputs]],
          fanOut: [half], sources: nil)),
    ]).network
  }

  /// The least eigenvalue of a unit's splitting matrix, by second differences of the loss.
  private func leastEigenvalue(_ network: Network, unit: Int, length: Double) throws -> Double {
    let (size, before) = (network.graph.inputShape.count + 1, try loss(network))
    func curvature(_ axes: [Int]) throws -> Double {
      let step = (0..<size).map { axis in length * Double(axes.count { $0 == axis }) }
      return 2 * (try loss(split(network, unit: unit, along: step)) - before) / (length * length)
    }
    var matrix = Numerics.Matrix(rows: size, columns: size)
    for row in 0..<size {
      matrix[row, row] = try curvature([row])
      for column in 0..<row {
        let both = try curvature([row, column])
        matrix[row, column] = (both - matrix[row, row] - matrix[column, column]) / 2
        matrix[column, row] = matrix[row, column]
      }
    }
    let shift = matrix.values.reduce(0) { $0 + abs($1) }
    for index in 0..<size { matrix[index, index] += shift }
    return try #require(matrix.singularValues().values.last) - shift
  }

  private func grow(
    _ network: Network, by weights: Int, parameters: [String: String]
  ) throws -> AppliedPlan {
    let instance = try StrategyInstance(
      StrategyCatalogue().entry(named: "splitting"),
      parameters: parameters.merging(["stages": "1"]) { $1 },
      random: RandomStream(seed: 3, name: "strategy"))
    let goal = network.counts.weights + weights
    _ = try instance.updatePoints(
      of: PeriodOutline(index: 0, total: 1, steps: 100, stepsPerEpoch: 10, weightsGoal: goal),
      in: network)
    return try instance.plan(
      Round(
        index: 0, total: 1, weightsGoal: goal,
        step: TrainingStep(index: 50, total: 100, learningRate: 0.1, loss: 1)),
      network: network,
      measurements: Measurements(
        network: network, samples: Fixtures.samples(for: network, count: 60), loss: .crossEntropy))
  }

  /// With 24 inputs the matrices are larger than Lanczos's recursion has steps.
  @Test(
    "The unit that is split has the least eigenvalue of all", arguments: 0..<2, [5, 24])
  func eigenvalue(_ index: Int, inputs: Int) throws {
    let network = try network(Self.activations[index], inputs: inputs)
    let length = 0.03
    let least = try (0..<Self.units).map {
      try leastEigenvalue(network, unit: $0, length: length)
    }
    let plan = try grow(
      network, by: inputs + Self.outputs, parameters: ["epsilon": "\(length)"])
    let prediction = try #require(plan.prediction)
    let wanted = try #require(least.min())
    #expect(wanted < 0)
    #expect(
      abs(2 * prediction / (length * length) - wanted) < 0.02 * abs(wanted),
      "\(2 * prediction / (length * length)) of \(least)")
    let grown = plan.surgery.network
    #expect(grown.layout.slots[0].biases.count == Self.units + 1)
    let change = try loss(grown) - loss(network)
    #expect(abs(change - prediction) < 0.02 * abs(prediction), "\(change) for \(prediction)")
    // The old unit moved, and it is the one with that eigenvalue.
    let moved = (0..<Self.units).filter { unit in
      let start = unit * inputs
      return grown.values[start..<start + inputs]
        != network.values[start..<start + inputs]
    }
    #expect(moved == least.indices.filter { least[$0] == wanted })
  }

  @Test("All units split at once change the loss by the sum of what each does", arguments: 0..<2)
  func sum(_ index: Int) throws {
    let graph = try Models.multilayerPerceptron(
      inputs: 6, widths: [5, 4], outputs: 3, activation: Self.activations[index])
    let network = Network(graph: graph).initialized(seed: 5)
    // Both layers get more units than they have, some in three parts.
    let plan = try grow(network, by: 160, parameters: ["epsilon": "0.03", "where": "proportion"])
    let prediction = try #require(plan.prediction)
    let grown = plan.surgery.network
    #expect(grown.layout.slots[0].biases.count > 10 && grown.layout.slots[1].biases.count > 8)
    let change = try loss(grown) - loss(network)
    #expect(abs(change - prediction) < 0.03 * abs(prediction), "\(change) for \(prediction)")
  }

  @Test func theDenseLayersOfConvolutionalNetworksAloneSplit() throws {
    let network = Network(graph: try Models.leNet5()).initialized(seed: 1)
    let plan = try grow(network, by: 20_000, parameters: [:])
    let (old, new) = (network, plan.surgery.network)
    let widths = [old, new].map { $0.layout.slots.map(\.biases.count) }
    #expect(widths[0][..<2] == widths[1][..<2] && widths[1][2] > widths[0][2])
  }

  @Test func networksWithoutSuchLayersAreSkippedInWords() throws {
    let residual = try Fixtures.residual()
    #expect(
      message { _ = try grow(residual, by: 100, parameters: [:]) }.contains(
        "no dense layer whose units one other dense layer alone reads"))
    var builder = GraphBuilder(input: Shape(4), layout: .flat)
    builder.add(.dense(units: 3, bias: true), name: "fc1")
    builder.add(.dense(units: 2, bias: true), name: "fc2")
    let linear = Network(graph: try builder.graph()).initialized(seed: 1)
    let entry = try StrategyCatalogue().entry(named: "splitting")
    #expect(
      message { _ = try Fixtures.plan(entry, linear, goal: 100) }.contains(
        "no dense layer that could split has a tanh, a sigmoid or a ReLU behind it"))
  }
}
