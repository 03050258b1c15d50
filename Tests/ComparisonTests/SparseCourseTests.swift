import Comparison
import Datasets
import Networks
import Numerics
import PluginHost
import Testing

/// Strategies that train a sparse network from the start.
struct SparseCourseTests {
  private let cell: PluggedRun
  private static let forms = [
    "dynamic-sparse", "set", "rigl", "sparse-momentum", "granet", "gradual-magnitude", "static",
  ]

  init() throws { cell = try PluggedRun() }

  private func strategy(_ id: String, _ parameters: [String: String] = [:]) throws -> Watched {
    Watched(try cell.strategy(id, parameters))
  }

  @Test(arguments: forms)
  func budgetsAreMetAtEqualSamples(_ id: String) throws {
    let pruner = try cell.run(strategy("magnitude")).0
    let (result, _) = try cell.run(strategy(id, id == "static" ? [:] : ["every": "20"]))
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.course == .sparse && pruner.course == .prune)
    #expect(result.points.map(\.counts.weights) == [275, 138])
    let samples = try result.points.map { try #require($0.cost).samples }
    #expect(samples == [6000, 9000])
    #expect(try pruner.points.map { try #require($0.cost).samples } == samples)
  }

  @Test func aSmallDenseNetworkHasTheUnitsThatFit() throws {
    let (result, small) = try cell.run(strategy("small-dense"))
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.course == .sparse)
    // 11 weights a unit: 25 and 12 of them.
    #expect(result.points.map(\.counts.weights) == [275, 132])
    #expect(result.points.map(\.widths) == [[25, 1], [12, 1]])
    #expect(try result.points.map { try #require($0.cost).samples } == [6000, 9000])
    #expect(small?.counts.weights == small?.layout.slots.reduce(0) { $0 + $1.weights.count })
  }

  @Test func aSmallDenseNetworkBelowOneUnitIsSkippedInWords() throws {
    let cell = try PluggedRun(ratios: [2, 55])
    let (result, _) = try cell.run(cell.strategy("small-dense"))
    #expect(result.status == .skipped)
    #expect(
      result.reason == "with one unit a layer the network has 11 weights, and the goal is 10")
    #expect(result.points.count == 1)
  }

  @Test(arguments: forms + ["small-dense"])
  func theSameCellHasTheSameBits(_ id: String) throws {
    let options = id == "small-dense" ? [:] : ["every": "20"]
    let first = try cell.run(strategy(id, options))
    let second = try cell.run(strategy(id, options))
    #expect(first.0.withoutTimes == second.0.withoutTimes)
    #expect(first.1 == second.1)
  }

  @Test(arguments: ["set", "rigl", "sparse-momentum"])
  func connectionsMoveAndTheirNumberStays(_ id: String) throws {
    let strategy = try strategy(id, ["every": "20"])
    _ = try cell.run(strategy)
    #expect(strategy.updates.count > 10)
    for update in strategy.updates {
      let (before, after) = (update.before, update.after)
      #expect(before.counts.weights == after.counts.weights)
      for index in after.mask.indices {
        switch (before.mask[index], after.mask[index]) {
        case (1, 1): #expect(after.values[index] == before.values[index])
        default: #expect(after.values[index] == 0)
        }
      }
    }
    #expect(strategy.updates.contains { $0.before.mask != $0.after.mask })
  }

  /// At masked places momentum is the decayed sum of the last mini-batches' gradients.
  @Test func momentumIsGatheredAtMaskedPlaces() throws {
    var network = cell.network
    for index in stride(from: 0, to: 500, by: 2) { network.mask[index] = 0 }
    network.zeroMasked()
    var random = RandomStream(seed: 5, name: "batches")
    let samples = cell.runner.splits.training
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.01, schedule: .constant,
      batchSize: 32, epochs: 1, decay: 0)
    let period = try Trainer(loss: .squaredError).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples,
      recipe: recipe, random: &random)
    try period.advance(to: 3)
    let gathered = GatheredMomentum(
      period, period.network, samples, .squaredError, decay: recipe.momentum)
    let gradients = period.past(3).map { rows in
      Measurements(
        network: period.network, samples: samples.selecting(rows), loss: .squaredError
      ).gradient()
    }
    #expect(gradients.count == 3)
    for index in gathered.values.indices {
      let expected =
        network.mask[index] == 0
        ? gradients[0][index] + 0.9 * gradients[1][index] + 0.81 * gradients[2][index]
        : period.state.first[index]
      #expect(abs(gathered.values[index] - expected) <= 1e-5)
    }
    #expect(gathered.operations > 0)
  }

  @Test func aStaticMaskStays() throws {
    let strategy = try strategy("static")
    _ = try cell.run(strategy)
    #expect(strategy.updates.isEmpty)
  }

  /// RigL grows where the dense gradient of the next mini-batch is largest.
  @Test func rigLGrowsByTheGradient() throws {
    let strategy = try strategy("rigl", ["every": "20"])
    _ = try cell.run(strategy)
    let update = try #require(strategy.updates.first)
    let gradient = Measurements(
      network: update.before, samples: update.samples, loss: .squaredError
    ).gradient()
    for place in update.before.graph.weightedLayers {
      let slot = try #require(update.before.layout[place]).weights
      let grown = slot.filter { update.before.mask[$0] == 0 && update.after.mask[$0] == 1 }
      let left = slot.filter { update.before.mask[$0] == 0 && update.after.mask[$0] == 0 }
      let least = grown.map { abs(gradient[$0]) }.min() ?? .infinity
      #expect(left.allSatisfy { abs(gradient[$0]) <= least })
    }
  }

  @Test func sparseTrainingCostsLessThanPruning() throws {
    func share(_ id: String) throws -> [Double] {
      let (result, _) = try cell.run(strategy(id))
      return try result.points.map {
        let cost = try #require($0.cost)
        return cost.operations / cost.denseOperations
      }
    }
    let (fixed, pruned) = (try share("static"), try share("magnitude"))
    // 6,000 samples at half of the weights, and 9,000 at a quarter, of 3,000 dense ones; and a sixth
    // for the loss before the first step.
    #expect((1.1...1.3).contains(fixed[0]) && (0.9...1.1).contains(fixed[1]))
    #expect(pruned[0] > fixed[0] && pruned[1] > fixed[1])
  }
}

/// A strategy whose updates are kept.
private final class Watched: CellStrategy {
  private let inner: any CellStrategy
  private(set) var updates: [(before: Network, after: Network, samples: Samples)] = []

  init(_ inner: any CellStrategy) { self.inner = inner }

  var log: [String] { inner.log }
  var course: StrategyEntry.Course { inner.course }

  func hooks(for network: Network) -> (any TrainingHooks)? { inner.hooks(for: network) }

  func updatePoints(of period: PeriodOutline, in network: Network) throws -> UpdatePoints? {
    try inner.updatePoints(of: period, in: network)
  }

  func change(_ task: RoundTask) throws -> RoundOutcome {
    let outcome = try inner.change(task)
    if task.round.step != nil {
      updates.append((task.network, outcome.surgery.network, task.samples))
    }
    return outcome
  }
}
