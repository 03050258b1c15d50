import Comparison
import Networks
import PluginHost
import Testing

/// Strategies that prune once, before any training.
struct BeforeTrainingRunTests {
  private let cell: PluggedRun

  init() throws { cell = try PluggedRun() }

  @Test(arguments: ["snip", "grasp", "synflow"])
  func budgetsAreMetAtTheSamplesOfPruners(_ id: String) throws {
    let pruner = try cell.run(cell.strategy("magnitude")).0
    let (result, _) = try cell.run(cell.strategy(id))
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.course == .sparse && pruner.course == .prune)
    #expect(result.points.map(\.counts.weights) == [275, 138])
    let samples = try result.points.map { try #require($0.cost).samples }
    #expect(try pruner.points.map { try #require($0.cost).samples } == samples)
    #expect(try cell.run(cell.strategy(id)).0.withoutTimes == result.withoutTimes)
  }
}
