import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// New units change nothing at first, on networks of all kinds.
struct GrowerTests {
  private static let networks: [@Sendable () throws -> Network] = [
    { try Fixtures.perceptron(3) },
    { Network(graph: try Models.leNet5()).initialized(seed: 1) },
    { try Fixtures.residual(blocks: 2) },
    // One unit can grow, though it cannot go.
    { try Fixtures.perceptron(3, widths: [1, 1]) },
  ]

  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "lib\(name).so").path)
  }

  /// Asks for every update of a period, each on what the one before left.
  private func grow(
    _ entry: StrategyEntry, _ start: Network, parameters: [String: String] = [:]
  ) throws -> [Network] {
    let instance = try StrategyInstance(
      entry, parameters: parameters, random: RandomStream(seed: 3, name: "strategy"))
    let goal = 3 * start.counts.weights
    let outline = PeriodOutline(
      index: 0, total: 1, steps: 4000, stepsPerEpoch: 100, weightsGoal: goal)
    let points = try #require(try instance.updatePoints(of: outline, in: start))
    var networks = [start]
    var step = 0
    while let next = points.next(after: step) {
      let network = networks[networks.count - 1]
      let plan = try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: goal,
          step: TrainingStep(index: next, total: 4000, learningRate: 0.1, loss: 1)),
        network: network, measurements: try Fixtures.measurements(network))
      networks.append(plan.surgery.network)
      step = next
    }
    let last = networks[networks.count - 1].counts.weights
    #expect(last <= goal && Double(last) >= 0.9 * Double(goal), "\(last) of \(goal)")
    return networks
  }

  private func expectTheSame(_ networks: [Network]) throws {
    let samples = try Fixtures.samples(for: networks[0])
    let losses = networks.map {
      $0.evaluate(on: samples, loss: .crossEntropy, metric: .errorPercent).score.loss
    }
    for loss in losses { #expect(abs(loss - losses[0]) < 1e-4 * max(1, losses[0])) }
  }

  @Test(arguments: networks.indices)
  func randomUnits(_ index: Int) throws {
    let entry = try StrategyCatalogue().entry(named: "random-growth")
    try expectTheSame(
      grow(entry, Self.networks[index](), parameters: ["stages": "3"]))
  }

  /// Halves in one place are the whole; the residual network has no layer that could split.
  @Test(arguments: networks.indices.filter { $0 != 2 })
  func splitUnits(_ index: Int) throws {
    let entry = try StrategyCatalogue().entry(named: "splitting")
    for place in ["worth", "proportion"] {
      try expectTheSame(
        grow(
          entry, Self.networks[index](),
          parameters: ["epsilon": "0", "stages": "3", "where": place]))
    }
  }

  @Test(.enabled(if: exists("Net2Net")), arguments: networks.indices)
  func copiedUnits(_ index: Int) throws {
    let entry = try StrategyCatalogue(executableDirectory: Self.folder).entry(named: "net2net")
    try expectTheSame(
      grow(entry, Self.networks[index](), parameters: ["noise": "0", "stages": "3"]))
  }
}
