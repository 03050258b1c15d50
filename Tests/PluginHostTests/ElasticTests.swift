import Foundation
import GrowthKit
import Networks
import Numerics
import PluginHost
import StrategyKit
import Synchronization
import Testing

/// What finds the size of a network.
@Suite struct ElasticTests {
  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  private static let isThere = FileManager.default.fileExists(
    atPath: folder.appending(path: "libElastic.so").path)

  @Test("What a linear network promises is all that training can gain")
  func promise() throws {
    var builder = GraphBuilder(input: Shape(4), layout: .flat)
    builder.add(.dense(units: 1, bias: true), name: "fc")
    var network = Network(graph: try builder.graph()).initialized(seed: 2)
    var random = RandomStream(seed: 4, name: "samples")
    let rows = (0..<50).map { _ in (0..<4).map { _ in random.normal() } }
    let targets = rows.map { $0[0] - 2 * $0[2] + 0.5 + 0.3 * random.normal() }
    let samples = try Samples(
      shape: [4, 1, 1], inputs: rows.joined().map { Float($0) },
      targets: .values(targets.map { Float($0) }, width: 1))

    for masked in [[], [1, 3]] {
      for index in masked {
        network.mask[index] = 0
        network.values[index] = 0
      }
      let before = Measurements(network: network, samples: samples, loss: .squaredError).loss()
      let live = (0..<4).filter { !masked.contains($0) }
      let design = Numerics.Matrix(
        rows: 50, columns: live.count + 1,
        values: rows.flatMap { row in live.map { row[$0] } + [1] })
      var best = network
      let solution = try design.leastSquares(
        Numerics.Matrix(rows: 50, columns: 1, values: targets)
      ).values
      for (place, index) in live.enumerated() { best.values[index] = Float(solution[place]) }
      best.values[4] = Float(solution[live.count])
      let least = Measurements(network: best, samples: samples, loss: .squaredError).loss()

      let entry = try #require(
        StrategyEntry.linked(exportStrategies("promising", Promising.self)).first)
      let instance = try StrategyInstance(entry, random: RandomStream(seed: 3, name: "strategy"))
      _ = try instance.plan(
        Round(index: 0, total: 1, weightsGoal: 4), network: network,
        measurements: Measurements(network: network, samples: samples, loss: .squaredError))
      let promised = Promising.found.withLock { $0 }
      #expect(abs(promised - (before - least)) < 1e-3 * before, "\(promised) of \(before - least)")
    }
  }

  @Test(
    "It leaves networks of all kinds whole, and says why it changed them",
    .enabled(if: isThere))
  func networks() throws {
    let entry = try StrategyCatalogue(executableDirectory: Self.folder).entry(named: "elastic")
    #expect(entry.course == .free)
    for start in [
      try Fixtures.perceptron(3), Network(graph: try Models.leNet5()).initialized(seed: 1),
      try Fixtures.residual(blocks: 2),
    ] {
      let log = Lines()
      let instance = try StrategyInstance(
        entry, parameters: ["updates": "4", "patience": "0"],
        random: RandomStream(seed: 3, name: "strategy"), log: { log.append($0) })
      let ceiling = 2 * start.counts.weights
      let outline = PeriodOutline(
        index: 0, total: 1, steps: 400, stepsPerEpoch: 100, weightsGoal: ceiling)
      let points = try #require(try instance.updatePoints(of: outline, in: start))
      var changes = 0
      try follow(points, of: instance, from: start, ceiling: ceiling) { plan in
        if !plan.edits.isEmpty {
          changes += 1
          #expect(plan.prediction != nil)
        }
        #expect(plan.surgery.network.counts.weights <= ceiling)
      }
      #expect(changes > 0)
      #expect(log.all.count >= changes)
    }
  }

  @Test(
    "However little a weight is worth, a way from the input to the output is left",
    .enabled(if: isThere))
  func ways() throws {
    let entry = try StrategyCatalogue(executableDirectory: Self.folder).entry(named: "elastic")
    let image = Shape(1, 28, 28)
    for graph in [
      try Models.squeezeNetwork(input: image, classes: 10),
      try Models.inceptionNetwork(input: image, classes: 10), try Models.leNet5(),
      try Models.leNet300(),
    ] {
      let start = Network(graph: graph).initialized(seed: 1)
      let instance = try StrategyInstance(
        entry, parameters: ["updates": "8", "growing": "0", "elasticity": "100", "share": "1"],
        random: RandomStream(seed: 3, name: "strategy"))
      let outline = PeriodOutline(
        index: 0, total: 1, steps: 400, stepsPerEpoch: 100, weightsGoal: start.counts.weights)
      let points = try #require(try instance.updatePoints(of: outline, in: start))
      var left = start.counts.weights
      // A plan that leaves no way is refused, and throws.
      try follow(points, of: instance, from: start, ceiling: left) { plan in
        left = plan.surgery.network.counts.weights
      }
      #expect(left < start.counts.weights / 10, "\(left) of \(start.counts.weights)")
    }
  }

  /// Hands what comes of each update to `body`, and the network on to the next one.
  private func follow(
    _ points: PluginHost.UpdatePoints, of instance: StrategyInstance, from start: Network,
    ceiling: Int, _ body: (AppliedPlan) throws -> Void
  ) throws {
    var (network, step) = (start, 0)
    while let next = points.next(after: step) {
      step = next
      let plan = try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: ceiling,
          step: TrainingStep(index: next, total: 400, learningRate: 0.1, loss: 1)),
        network: network, measurements: try Fixtures.measurements(network))
      try body(plan)
      network = plan.surgery.network
    }
  }
}

/// Asks what training promises, and changes nothing.
private struct Promising: ProposingStrategy {
  static let found = Mutex(0.0)
  static let info = StrategyInfo(
    id: "promising", name: "Promising", summary: "Asks.", reads: Promise.signals)

  init(options: Options) {}

  func propose(_ round: StrategyKit.Round, in network: NetworkView, plan: Plan) throws {
    let promise = try Promise(damping: 1e-9).ofPresentWeights(in: network)
    Promising.found.withLock { $0 = promise }
  }
}
