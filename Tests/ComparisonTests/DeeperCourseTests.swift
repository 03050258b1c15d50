import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// A grower that makes the network deeper while it trains.
struct DeeperCourseTests {
  private static let library = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "libNet2Net.so")
  private static var isThere: Bool { FileManager.default.fileExists(atPath: library.path) }

  private func noise(_ count: Int, seed: UInt64) throws -> Samples {
    var random = RandomStream(seed: seed, name: "noise")
    return try Samples(
      shape: [1, 28, 28], inputs: (0..<count * 784).map { _ in Float(random.uniform()) },
      targets: .labels((0..<count).map { Int32($0 % 10) }, classes: 10))
  }

  /// LeNet-300-100 has ReLUs, and needs no pictures to be trained.
  @Test(.enabled(if: isThere)) func layersComeWithinTheBudget() throws {
    var benchmark = try #require(Benchmark.catalogue.first { $0.name == "mnist-300-100" })
    let recipe = TrainingRecipe(
      optimizer: .adam, learningRate: 0.001, schedule: .cosine, batchSize: 20, epochs: 2, decay: 0)
    benchmark.recipes = Benchmark.Recipes(dense: recipe, fineTune: recipe)
    let entry = try StrategyCatalogue(plugins: [Self.library]).entry(named: "net2net")
    guard case .plugin(let path, let sha256, let libraries) = entry.origin else {
      return #expect(Bool(false), "it is no plugin")
    }
    let key = CellKey(
      benchmark: benchmark.name, benchmarkVersion: benchmark.version, strategy: "net2net",
      parameters: ["deeper": "2", "stages": "2"], pluginSHA256: sha256, libraries: libraries,
      kernels: Provenance.currentKernels, replicate: 0, ratios: [4], quick: false,
      protocolVersion: CellKey.protocolVersion)
    let runner = CellRunner(
      key: key, benchmark: benchmark,
      splits: Splits(
        training: try noise(400, seed: 1), validation: try noise(60, seed: 2),
        test: try noise(60, seed: 3)))
    let trained = try runner.runDense()
    let (network, dense) = (try #require(trained.network), try #require(trained.result.dense))
    func run() throws -> CellOutcome {
      let job = WorkerJob(
        key: key, pluginPath: path, memoryLimit: nil, output: URL(filePath: "/nowhere"), dense: nil)
      return try runner.run(Worker.pluggedStrategy(job), from: network, dense: dense)
    }
    let outcome = try run()
    #expect(outcome.result.status == .done, "\(outcome.result.reason ?? "")")
    let point = try #require(outcome.result.points.first)
    #expect(point.widths.count == 5 && outcome.network?.graph.weightedLayers.count == 5)
    #expect((65_000...66_550).contains(point.counts.weights), "\(point.counts.weights)")
    let again = try run()
    #expect(again.result.withoutTimes == outcome.result.withoutTimes)
    #expect(again.network == outcome.network)
  }
}
