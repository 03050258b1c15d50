import Comparison
import Datasets
import Foundation
import Networks
import PluginHost
import Testing

/// A network that finds its own size, on the task whose size is known.
struct FreeCourseTests {
  private static let library = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "libElastic.so").path

  @Test(
    "Elastic finds the teacher's units and its dead inputs, and says how",
    .enabled(if: FileManager.default.fileExists(atPath: library)), arguments: 0..<2)
  func teacher(_ replicate: Int) throws {
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == "teacher" })
    let entry = try StrategyCatalogue(plugins: [URL(filePath: Self.library)])
      .entry(named: "elastic")
    guard case .plugin(_, let sha256, let libraries) = entry.origin else {
      return #expect(Bool(false), "it is no plugin")
    }
    var key = CellKey.tiny("elastic", replicate: replicate, ratios: [16])
    key.benchmark = benchmark.name
    key.pluginSHA256 = sha256
    key.libraries = libraries
    let splits = try benchmark.splits(seed: key.seed) { throw PlanError("it reads no files") }
    let runner = CellRunner(key: key, benchmark: benchmark, splits: splits)
    let start = try runner.runDense()
    let strategy = try Worker.pluggedStrategy(
      WorkerJob(
        key: key, pluginPath: Self.library, output: URL(filePath: "/nowhere"), dense: nil))
    let outcome = try runner.run(
      strategy, from: try #require(start.network), dense: try #require(start.result.dense))

    let point = try #require(outcome.result.points.first, "\(outcome.result.reason ?? "")")
    #expect(abs(point.widths[0] - Teacher.standard.hiddenUnits) <= 2)
    #expect(point.planted?.deadInputsRemoved == point.planted?.deadInputs)
    #expect(point.counts.weights < 100)
    let floor = try #require(benchmark.noiseFloor)
    #expect(point.test.error < 2 * floor)

    // The way there: sizes and errors over the samples, and a reason for each change.
    let curve = try #require(point.curve)
    #expect(
      curve.count > 20 && zip(curve, curve.dropFirst()).allSatisfy { $0.samples < $1.samples })
    #expect(curve.first?.weights == 84 && curve.last?.weights == point.counts.weights)
    #expect(curve.contains { $0.weights > 150 })
    let changes = outcome.rounds.filter { !$0.proposal.edits.isEmpty }
    #expect(!changes.isEmpty)
    for change in changes {
      #expect(change.proposal.notes?.isEmpty == false)
      #expect(change.proposal.predictedLossChange != nil)
    }
  }
}
