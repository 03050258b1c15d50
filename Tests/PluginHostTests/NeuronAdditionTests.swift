import GrowthKit
import Networks
import Numerics
import PluginHost
import StrategyKit
import Synchronization
import Testing

/// New units against the formulas that they come from, and against brute force.
@Suite struct NeuronAdditionTests {
  private static let activations: [Networks.Operation] = [.tanh, .relu]

  private func network(_ activation: Networks.Operation, seed: UInt64 = 5) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: 6, widths: [5, 4], outputs: 3, activation: activation)
    return Network(graph: graph).initialized(seed: seed)
  }

  private func measurements(_ network: Network, count: Int = 60) throws -> Measurements {
    Measurements(
      network: network, samples: try Fixtures.samples(for: network, count: count),
      loss: .crossEntropy)
  }

  /// One growth at an update point.
  private func grow(
    _ id: String, _ network: Network, by weights: Int, parameters: [String: String] = [:],
    samples: Int = 60, on data: Samples? = nil
  ) throws -> AppliedPlan {
    let instance = try StrategyInstance(
      StrategyCatalogue().entry(named: id),
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
      measurements: data.map { Measurements(network: network, samples: $0, loss: .crossEntropy) }
        ?? measurements(network, count: samples))
  }

  /// The gradient past the units of the first layer, outputs × inputs.
  private func bypass(_ network: Network) throws -> [Float] {
    try measurements(network).bypassGradient(at: network.graph.weightedLayers[0])
  }

  private func norm(_ values: some Sequence<Float>) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// What leads into and out of the units that came to the first layer, with the gradient in the former.
  private func newUnits(
    _ plan: AppliedPlan, before: Network
  ) throws -> [(fanIn: [Float], fanOut: [Float], gradient: [Float])] {
    let grown = plan.surgery.network
    let slots = grown.layout.slots
    let (old, new) = (before.layout.slots[0].biases.count, slots[0].biases.count)
    let gradient = try measurements(grown).gradient()
    let outputs = before.layout.slots[1].biases.count
    return (old..<new).map { unit in
      let row = slots[0].weights.lowerBound + unit * 6..<slots[0].weights.lowerBound + unit * 6 + 6
      let column = (0..<outputs).map { slots[1].weights.lowerBound + $0 * new + unit }
      return (
        Array(grown.values[row]), column.map { grown.values[$0] }, Array(gradient[row])
      )
    }
  }

  @Test(
    "A unit that would hear the bias alone is not proposed", arguments: ["nest", "gradmax", "tiny"])
  func deafUnits(_ id: String) throws {
    let network = try network(.relu)
    let dark = try Samples(
      shape: [6, 1, 1], inputs: [Float](repeating: 0, count: 6 * 60),
      targets: .labels((0..<60).map { Int32($0 % 3) }, classes: 3))
    let plan = try grow(id, network, by: 95, on: dark)
    #expect(plan.surgery.network.values.allSatisfy { $0.isFinite })
  }

  @Test("GradMax keeps the function, and its gradients are the singular values", arguments: 0..<2)
  func gradMax(_ index: Int) throws {
    let network = try network(Self.activations[index])
    // A unit of the first layer costs 6 + 4 weights: four singular vectors, as many as there are.
    let plan = try grow("gradmax", network, by: 95, parameters: ["where": "proportion"])
    #expect(abs(try #require(plan.prediction)) == 0)
    let (before, after) = (
      try measurements(network).loss(), try measurements(plan.surgery.network).loss()
    )
    #expect(abs(before - after) < 1e-6)

    let units = try newUnits(plan, before: network)
    #expect(units.count >= 4)
    let bypass = try bypass(network)
    for unit in units {
      #expect(unit.fanIn.allSatisfy { $0 == 0 })
      // ∂L/∂ψ = Bᵀ ω, whatever ω: the derivative of the activation is 1.
      let outputs = unit.fanOut.count
      let expected = (0..<6).map { input in
        (0..<outputs).reduce(Float(0)) { $0 + unit.fanOut[$1] * bypass[$1 * 6 + input] }
      }
      for (found, wanted) in zip(unit.gradient, expected) {
        #expect(abs(found - wanted) < 2e-5 * max(1, abs(wanted)))
      }
    }
    // ‖∂L/∂ψ‖² = c² s² for a singular vector of the norm c.
    let singular = try Numerics.Matrix(rows: 4, columns: 6, values: bypass.map { Double($0) })
      .singularValues().1
    for unit in units.prefix(4) {
      let share = norm(unit.gradient) / norm(unit.fanOut)
      #expect(singular.contains { abs($0 - share) < 1e-3 * singular[0] }, "\(share) of \(singular)")
    }
  }

  @Test("No fan-out of the same norm has a larger gradient than GradMax's")
  func gradMaxIsTheLargest() throws {
    let network = try network(.tanh)
    let plan = try grow("gradmax", network, by: 10)
    let units = try newUnits(plan, before: network)
    let unit = try #require(units.first, "the first layer did not grow")
    let bypass = try bypass(network)
    var random = RandomStream(seed: 9, name: "fan-outs")
    for _ in 0..<1000 {
      let other = (0..<4).map { _ in random.normal() }
      let length = other.reduce(0) { $0 + $1 * $1 }.squareRoot() / norm(unit.fanOut)
      let gradient = (0..<6).map { input in
        Float((0..<4).reduce(0.0) { $0 + other[$1] / length * Double(bypass[$1 * 6 + input]) })
      }
      #expect(norm(gradient) <= norm(unit.gradient) * (1 + 1e-4))
    }
  }

  @Test("What TINY predicts is the slope of the loss", arguments: 0..<2)
  func tiny(_ index: Int) throws {
    let network = try network(Self.activations[index])
    let plan = try grow("tiny", network, by: 60)
    let grown = plan.surgery.network
    let prediction = try #require(plan.prediction)
    #expect(prediction < 0)
    let before = try measurements(network).loss()
    #expect(try measurements(grown).loss() < before)
    // The first layer and its reader grew behind what they had: with the new rows and columns made
    // smaller the slope at nothing shows.
    func loss(_ share: Double) throws -> Double {
      var scaled = grown
      for index in plan.surgery.origin.indices where plan.surgery.origin[index] < 0 {
        scaled.values[index] *= Float(share.squareRoot())
      }
      return try measurements(scaled).loss()
    }
    let step = 1e-4
    let found = (try loss(step) - before) / step
    #expect(abs(found - prediction) < 0.01 * abs(prediction), "\(found) for \(prediction)")
  }

  @Test("All forms grow networks of all kinds to the budget; most keep the function")
  func forms() throws {
    let networks = [
      try network(.relu), Network(graph: try Models.leNet5()).initialized(seed: 1),
      try Fixtures.residual(blocks: 2),
    ]
    for network in networks {
      for id in ["gradmax", "tiny", "senn", "nest", "variance-transfer", "neuron-addition"] {
        let weights = max(40, network.counts.weights / 10)
        let plan = try grow(id, network, by: weights, samples: 12)
        let grown = plan.surgery.network
        let goal = network.counts.weights + weights
        #expect(grown.counts.weights <= goal)
        #expect(Double(grown.counts.weights) > 0.93 * Double(goal), "\(id)")
        let samples = try Fixtures.samples(for: network)
        let losses = [network, grown].map {
          $0.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent).score.loss
        }
        guard plan.prediction == 0 else { continue }
        #expect(abs(losses[0] - losses[1]) < 1e-5 * max(1, losses[0]), "\(id)")
      }
    }
  }

  @Test(
    "Both signs of a ReLU's direction are measured, and together are the linear unit; of tanh one is",
    arguments: 0..<2)
  func signs(_ index: Int) throws {
    let network = try network(Self.activations[index])
    let entry = try #require(
      StrategyEntry.linked(exportStrategies("signs", Trying.self)).first)
    let instance = try StrategyInstance(entry, random: RandomStream(seed: 3, name: "strategy"))
    _ = try instance.plan(
      Round(index: 0, total: 1, weightsGoal: network.counts.weights), network: network,
      measurements: measurements(network))
    let found = Trying.found.withLock { $0 }
    #expect(found.count >= 4)
    for direction in found {
      // ω σ(u) − ω σ(−u) = ω u where σ is a ReLU; the two are the same where it is odd.
      #expect(direction.signs == (index == 0 ? 1 : 2))
      #expect(abs(direction.sum - direction.linear) < 0.02 * direction.linear, "\(direction)")
    }
  }
}

/// Looks at the candidates of each group and changes nothing.
private struct Trying: ProposingStrategy {
  static let found = Mutex<[(signs: Int, sum: Double, linear: Double)]>([])
  static let info = StrategyInfo(
    id: "trying", name: "Trying", summary: "Looks at candidates.", reads: UnitProblem.signals,
    emits: [.widen])

  init(options: Options) {}

  func propose(_ round: StrategyKit.Round, in network: NetworkView, plan: Plan) throws {
    let problem = UnitProblem(metric: .covariance, target: .raw, damping: 1e-6)
    let group = try #require(
      GrowingGroup.all(in: network, WidthModel(network)).first)
    let solutions = try problem.solutions(
      try problem.moments(of: group, in: network), of: group, in: network)
    let units = try Candidates(problem, source: .singular).make(
      [.init(group, count: 5, fills: false)], in: network, trying: plan
    )[0].units
    let found = solutions.map { solution in
      let falls = units.filter { unit in
        let product = zip(unit.fanIn, solution.fanIn).reduce(0.0) { $0 + $1.0 * $1.1 }
        let square = solution.fanIn.reduce(0.0) { $0 + $1 * $1 }
        return abs(abs(product) - square) < 1e-6 * square
      }.map(\.fall)
      return (falls.count, falls.reduce(0, +), solution.fall)
    }
    Trying.found.withLock { $0 = found }
  }
}
