import Networks
import Numerics
import PluginHost
import Testing

/// Cascade correlation driven as the host drives it, on networks with a hidden layer.
struct CascadeGrowth {
  let form: String

  static let graphs: [@Sendable () throws -> Graph] = [
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

  func network(_ index: Int) throws -> Network {
    Network(graph: try Self.graphs[index]()).initialized(seed: 5)
  }

  func samples() throws -> Samples {
    var random = RandomStream(seed: 2, name: "samples")
    let inputs = (0..<3 * 40).map { _ in Float(random.normal()) }
    let targets = (0..<40).flatMap { row -> [Float] in
      let x = inputs[3 * row..<3 * row + 3]
      let (a, b, c) = (x[3 * row], x[3 * row + 1], x[3 * row + 2])
      return [a * b > 0 ? 1 : 0, a * c > 0 ? 1 : 0]
    }
    return try Samples(shape: [3, 1, 1], inputs: inputs, targets: .values(targets, width: 2))
  }

  func measurements(_ network: Network) throws -> Measurements {
    Measurements(network: network, samples: try samples(), loss: .squaredError)
  }

  func instance(_ parameters: [String: String] = [:]) throws -> StrategyInstance {
    try StrategyInstance(
      StrategyCatalogue().entry(named: "cascade-correlation"),
      parameters: parameters.merging(["form": form]) { own, _ in own },
      random: RandomStream(seed: 3, name: "strategy"))
  }

  /// What is not frozen, trained for a while as between two updates.
  func trained(_ network: Network) throws -> Network {
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
  func grow(
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
}
