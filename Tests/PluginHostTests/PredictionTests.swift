import Networks
import Numerics
import PluginHost
import Testing

/// The rise of the loss that strategies expect of what they remove.
@Suite struct PredictionTests {
  private let network: Network
  private let measurements: Measurements
  private let catalogue: StrategyCatalogue

  init() throws {
    // No unit is ever silent, so that every weight has a curvature.
    let graph = try Models.multilayerPerceptron(
      inputs: 4, widths: [5, 3], outputs: 3, activation: .tanh)
    network = Network(graph: graph).initialized(seed: 4)
    measurements = Measurements(
      network: network, samples: try Fixtures.samples(for: network, count: 40),
      loss: .crossEntropy)
    catalogue = try StrategyCatalogue()
  }

  private func plan(
    _ id: String, _ parameters: [String: String] = [:], removing count: Int
  ) throws -> AppliedPlan {
    try StrategyInstance(
      catalogue.entry(named: id), parameters: parameters,
      random: RandomStream(seed: 3, name: "strategy")
    ).plan(
      Round(index: 0, total: 1, weightsGoal: network.counts.weights - count), network: network,
      measurements: measurements)
  }

  private func removed(by plan: AppliedPlan) -> [Int] {
    network.mask.indices.filter { plan.surgery.network.mask[$0] == 0 }
  }

  @Test("Optimal brain damage expects the sum of h w² / 2", arguments: [1, 10, 30])
  func saliencies(count: Int) throws {
    let plan = try plan("obd", removing: count)
    let removed = removed(by: plan)
    #expect(removed.count == count)
    let curvature = measurements.gaussNewtonDiagonal()
    let expected = removed.reduce(0) { sum, index in
      sum + Double(curvature[index] * network.values[index] * network.values[index]) / 2
    }
    let prediction = try #require(plan.prediction)
    #expect(abs(prediction - expected) <= 1e-6 * expected)
    #expect(prediction > 0)
  }

  /// Of one inverse, the least rise of w Hw / 2 over all changes that leave the removed weights at 0 is
  /// w_R ([H⁻¹]_RR)⁻¹ w_R / 2, whatever the order in which they went.
  @Test("Exact surgery expects the rise of its quadratic form", arguments: [1, 2])
  func exactSurgery(count: Int) throws {
    let plan = try plan("obs", ["method": "exact", "damping": "0.01"], removing: count)
    let removed = removed(by: plan)
    #expect(removed.count == count)
    let live = measurements.livePrunable
    let inverse = try measurements.inverseHessian(damping: 0.01)
    let places = removed.compactMap { live.firstIndex(of: $0) }
    var block = places.flatMap { row in places.map { inverse.values[row * live.count + $0] } }
    try LinearAlgebra.invertPositiveDefinite(n: count, &block)
    let weights = removed.map { Double(network.values[$0]) }
    var expected = 0.0
    for row in 0..<count {
      for column in 0..<count {
        expected += block[row * count + column] * weights[row] * weights[column] / 2
      }
    }
    let prediction = try #require(plan.prediction)
    #expect(abs(prediction - expected) <= 1e-8 * expected)
  }

  @Test("Surgery by rows expects what its cheapest row costs, in units of the loss")
  func rowSurgery() throws {
    let plan = try plan("obs", ["method": "row", "damping": "0.01"], removing: 1)
    var costs: [Int: Double] = [:]
    for place in network.graph.weightedLayers {
      let slot = try #require(network.layout[place])
      let moment = measurements.inputMoment(at: place).values.map { Double($0) }
      let side = Int(Double(moment.count).squareRoot())
      let ridge = 0.01 * (0..<side).reduce(0) { $0 + moment[$1 * (side + 1)] } / Double(side)
      var inverse = moment
      for column in 0..<side { inverse[column * (side + 1)] += ridge }
      try LinearAlgebra.invertPositiveDefinite(n: side, &inverse)
      for (row, curvature) in measurements.outputCurvature(at: place).enumerated() {
        for column in 0..<side - 1 {
          let index = slot.weights.lowerBound + row * (side - 1) + column
          let weight = Double(network.values[index])
          costs[index] =
            Double(curvature) * weight * weight / (2 * inverse[column * (side + 1)])
        }
      }
    }
    let cheapest = try #require(costs.min { $0.value < $1.value })
    #expect(removed(by: plan) == [cheapest.key])
    let prediction = try #require(plan.prediction)
    #expect(abs(prediction - cheapest.value) <= 1e-5 * cheapest.value)
  }

  @Test("What gives no losses as scores expects nothing")
  func others() throws {
    #expect(try plan("magnitude", removing: 5).prediction == nil)
    #expect(try plan("random", removing: 5).prediction == nil)
    #expect(try catalogue.entry(named: "obd").scoresAreLosses)
    #expect(try !catalogue.entry(named: "magnitude").scoresAreLosses)
  }
}
