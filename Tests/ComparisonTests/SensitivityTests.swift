import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// What pruning single layers costs, against a direct computation.
struct SensitivityTests {
  private let densities = [0.8, 0.5, 0.2]
  private let network: Network
  private let splits: Splits
  private let measured: Samples
  private let folder: TemporaryFolder
  private let store: Store
  private let plan: ComparisonPlan
  private let catalogue: StrategyCatalogue

  init() async throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
    plan = try ComparisonPlan(
      denseNetworksOf: "friedman1", replicates: 2, catalogue: [.tiny])
    let outcome = try await plan.run(store: store, executor: FakeExecutor())
    #expect(outcome.ran == 2 && outcome.isAllDone)
    catalogue = try StrategyCatalogue()
    let key = CellKey.tiny("a").dense
    network = try ModelFile.decode(store.start(for: key).model, file: "the dense network")
    splits = try Benchmark.tiny.splits(seed: key.seed) { throw PlanError("it reads no files") }
    // As ``aPrunersRounds`` has them: the loss of a first round is that of the samples that are read.
    var order = RandomStream(seed: key.seed, name: "measurement samples")
    let rows = order.permutation(splits.training.count)
      .prefix(Benchmark.tiny.measurementSamples)
    measured = splits.training.selecting(rows.map { Int($0) })
  }

  private func measure(
    _ strategy: String, tolerance: Double = 2, densities: [Double]? = nil
  ) throws -> Sensitivity {
    let entrant = try #require(try catalogue.entrants(strategy).first)
    return try Sensitivity.measure(
      catalogue.entry(named: entrant.id), entrant, on: plan, store: store,
      densities: densities ?? self.densities, tolerance: tolerance, threads: 1,
      datasets: { throw PlanError("it reads no files") })
  }

  private func loss(_ network: Network) -> Double {
    Measurements(network: network, samples: measured, loss: .squaredError).loss()
  }

  private func error(_ network: Network) -> Double {
    network.evaluate(
      on: splits.test, loss: .squaredError, metric: .normalisedSquaredError
    ).score.error
  }

  /// The network without the weights of a layer for which `score` is lowest.
  private func pruned(
    _ network: Network, layer: Int, to density: Double, by score: (Int) -> Float
  ) -> (network: Network, removed: [Int]) {
    let range = network.prunable(at: network.graph.weightedLayers[layer])
    let count = range.count - Int((density * Double(range.count)).rounded())
    let removed = range.sorted { (score($0), $0) < (score($1), $1) }.prefix(count)
    var network = network
    for index in removed {
      network.mask[index] = 0
      network.values[index] = 0
    }
    return (network, Array(removed))
  }

  @Test("Losses and errors are those of the network without the layer's smallest weights")
  func magnitude() throws {
    let found = try measure("magnitude")
    #expect(found.seeds == [0, 1] && found.densities == densities)
    #expect(found.layers.map(\.name).count == 2 && found.layers.map(\.weights) == [500, 50])
    #expect(found.dense.weights == 550)
    #expect(found.dense.loss.values[0] == loss(network))
    #expect(found.dense.test.values[0] == error(network))
    #expect(!found.predicts && found.layers.allSatisfy { $0.predictionHoldsTo == nil })
    for (index, layer) in found.layers.enumerated() {
      for point in layer.points {
        let direct = pruned(network, layer: index, to: point.density) {
          abs(network.values[$0])
        }.network
        let result = try #require(point.result)
        #expect(result.weights == Double(layer.weights) * point.density)
        #expect(result.loss.values[0] == loss(direct))
        #expect(result.test.values[0] == error(direct))
        #expect(result.rise.measured.values[0] == loss(direct) - loss(network))
      }
    }
  }

  @Test("All layers at once are the single ones put together, and the sum is theirs")
  func together() throws {
    let found = try measure("magnitude")
    for (index, together) in found.together.enumerated() {
      var direct = network
      for layer in 0..<2 {
        direct =
          pruned(direct, layer: layer, to: densities[index]) { abs(network.values[$0]) }.network
      }
      let result = try #require(together.result)
      #expect(result.weights == 550 * densities[index])
      #expect(result.loss.values[0] == loss(direct))
      let rises = found.layers.map { $0.points[index].result?.rise.measured.values ?? [] }
      #expect(together.sumOfLayers?.measured.values == zip(rises[0], rises[1]).map { $0 + $1 })
      #expect(together.sumOfLayers?.predicted == nil)
    }
  }

  @Test(
    "What optimal brain damage predicts is the sum of its saliencies, and held to the tolerance")
  func prediction() throws {
    let curvature = Measurements(network: network, samples: measured, loss: .squaredError)
      .gaussNewtonDiagonal()
    func saliency(_ index: Int) -> Float {
      curvature[index] * network.values[index] * network.values[index] / 2
    }
    let found = try measure("obd", tolerance: 1.5)
    for (index, layer) in found.layers.enumerated() {
      var holding: [Double] = []
      for point in layer.points {
        let removed = pruned(network, layer: index, to: point.density, by: saliency).removed
        let expected = removed.reduce(0) { $0 + Double(saliency($1)) }
        let rise = try #require(point.result?.rise)
        let predicted = try #require(rise.predicted)
        #expect(abs(predicted.values[0] - expected) <= 1e-6 * expected)
        let ratio = predicted.mean / rise.measured.mean
        let isSmall =
          max(abs(predicted.mean), abs(rise.measured.mean)) <= 0.01 * found.dense.loss.mean
        let holds = isSmall || (ratio >= 1 / 1.5 && ratio <= 1.5)
        #expect(rise.holds(within: 1.5, of: found.dense.loss.mean) == holds)
        if holds, holding.count == layer.points.firstIndex(of: point) {
          holding.append(point.density)
        }
      }
      #expect(layer.predictionHoldsTo == holding.last)
    }
    // Both answers occur, or this test shows nothing.
    let all = found.layers.flatMap(\.points).compactMap {
      $0.result?.rise.holds(within: 1.5, of: found.dense.loss.mean)
    }
    #expect(Set(all) == [true, false])
  }

  @Test("A layer that stays whole costs nothing, and that is what was expected")
  func nothingRemoved() throws {
    for strategy in ["obd", "obs"] {
      let found = try measure(strategy, densities: [1, 0.9])
      for point in found.layers.map(\.points[0]) {
        #expect(point.result?.rise.measured.values == [0, 0])
        #expect(point.result?.rise.predicted?.values == [0, 0])
      }
      #expect(found.layers.allSatisfy { $0.predictionHoldsTo != nil })
    }
  }

  @Test("A rise and a prediction hold within the factor, and next to nothing always")
  func rule() throws {
    func holds(_ predicted: Double?, _ measured: Double) throws -> Bool? {
      let estimate = try #require(Board.Estimate([measured]))
      return Sensitivity.Rise(
        measured: estimate, predicted: predicted.flatMap { Board.Estimate([$0]) }
      ).holds(within: 2, of: 1)
    }
    #expect(try holds(0.2, 0.1) == true && holds(0.1, 0.2) == true)
    #expect(try holds(0.21, 0.1) == false && holds(0.1, 0.21) == false)
    #expect(try holds(0.1, -0.1) == false && holds(0.1, 0) == false)
    #expect(try holds(0.01, -0.01) == true && holds(0, 0.009) == true)
    #expect(try holds(0.011, -0.01) == false)
    #expect(try holds(-0.2, -0.1) == true && holds(-0.21, -0.1) == false)
    #expect(try holds(nil, 0.1) == nil)
    #expect(try holds(0.1, .infinity) == false && holds(0.1, .nan) == false)
  }

  @Test("Quotients are of means, and are left out where they say nothing")
  func quotients() throws {
    func rise(_ measured: [Double], _ predicted: [Double]?) throws -> Sensitivity.Rise {
      Sensitivity.Rise(
        measured: try #require(Board.Estimate(measured)),
        predicted: predicted.flatMap { Board.Estimate($0) })
    }
    #expect(try rise([0.25, 0.75], [2, 4]).predictedOverMeasured(of: 1) == 6)
    #expect(try rise([0.5], [-0.25]).predictedOverMeasured(of: 1) == -0.5)
    #expect(try rise([0.5], nil).predictedOverMeasured(of: 1) == nil)
    #expect(try rise([0.01], [0.005]).predictedOverMeasured(of: 1) == nil)
    #expect(try rise([0.01], [0.005]).predictedOverMeasured(of: 0.1) == 0.5)
    #expect(try rise([0], [0.5]).predictedOverMeasured(of: 1) == nil)
    var together = try measure("magnitude", densities: [0.5]).together[0]
    together.result?.rise = try rise([0.5, 1], nil)
    together.sumOfLayers = try rise([0.25, 0.25], nil)
    #expect(together.riseOverSum == 3)
    together.sumOfLayers = try rise([0], nil)
    #expect(together.riseOverSum == nil)
    together.sumOfLayers = nil
    #expect(together.riseOverSum == nil)
  }

  @Test("Densities are taken once each and fall; a layer that is emptied says so")
  func grid() throws {
    let found = try measure("magnitude", densities: [0.001, 0.5, 1, 0.5])
    #expect(found.densities == [1, 0.5, 0.001])
    let emptied = found.layers[1].points[2]
    #expect(emptied.result == nil)
    #expect(emptied.reason?.hasPrefix("collapsed") == true)
    #expect(found.together[2].result == nil && found.together[2].sumOfLayers == nil)
    #expect(found.together[2].reason == "not every layer reached this density")
    #expect(found.together[0].result?.rise.measured.values == [0, 0])
  }

  @Test("What changes no trained network layer by layer is told so in words")
  func others() throws {
    let error = #expect(throws: PlanError.self) { try measure("rigl") }
    #expect(error?.description.contains("'rigl' begins with an untrained network") == true)
    let grower = #expect(throws: PlanError.self) { try measure("gradmax") }
    #expect(grower?.description.contains("density 0.8 is not above 1") == true)
    let pruner = #expect(throws: PlanError.self) { try measure("obd", densities: [1.5]) }
    #expect(pruner?.description.contains("density 1.5 is above 1") == true)
  }

  /// A unit of the hidden layer has 10 weights into it and 1 out of it: 55 more weights are 5 units.
  @Test("Each layer is grown alone, and a grower that keeps the function changes no loss")
  func growth() throws {
    let found = try measure("gradmax", densities: [1.5, 1.11])
    #expect(found.course == .grow && found.densities == [1.11, 1.5])
    let hidden = try #require(found.layers.first)
    let result = try #require(hidden.points[0].result)
    #expect(result.weights == 550)
    #expect(result.rise.predicted?.values == [0, 0])
    #expect(abs(result.rise.measured.mean) <= 1e-6 * found.dense.loss.mean)
    #expect(hidden.points[1].result.map { $0.weights > 700 } == true)
    #expect(hidden.predictionHoldsTo == 1.5)
    // The output has as many units as there are targets.
    #expect(found.layers[1].points.allSatisfy { $0.result == nil && $0.reason != nil })
  }

  @Test("A grower that lowers the loss says by how much")
  func descent() throws {
    let found = try measure("tiny", densities: [1.2])
    let rise = try #require(found.layers.first?.points[0].result?.rise)
    #expect(rise.measured.mean < 0)
    #expect(rise.predicted.map { $0.mean < 0 } == true)
  }

  @Test func aStrategyThatDoesNothingHasNoSensitivity() throws {
    let error = #expect(throws: (any Error).self) { try measure("none") }
    #expect(error.map { "\($0)".contains("it takes nothing from this layer") } == true)
  }

  @Test func aBenchmarkThatThereIsNotIsNamed() {
    let error = #expect(throws: PlanError.self) {
      try ComparisonPlan(denseNetworksOf: "freidman1")
    }
    #expect(error?.description.contains("did you mean 'friedman1'?") == true)
    #expect(throws: PlanError.self) {
      try ComparisonPlan(denseNetworksOf: "friedman1", replicates: 0)
    }
  }
}
