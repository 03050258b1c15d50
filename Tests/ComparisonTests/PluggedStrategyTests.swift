import Comparison
import Foundation
import Networks
import PluginHost
import TestSupport
import Testing

/// Strategies of the plugin host, through the door a worker uses.
struct PluggedStrategyTests {
  private let cell: PluggedRun

  init() throws { cell = try PluggedRun() }

  @Test(arguments: ["obd", "obs", "random", "magnitude", "magnitude[scope=layer]", "lamp"])
  func everyPruningStrategyKeepsTheGoal(_ text: String) throws {
    let entrant = try #require(try StrategyCatalogue().entrants(text).first)
    #expect(entrant.text == text)
    let strategy = try Worker.pluggedStrategy(cell.job(entrant.id, entrant.parameters))
    let (result, _) = try cell.run(strategy)
    #expect(result.status == .done, "\(result.reason ?? "")")
    #expect(result.points.map(\.counts.weights) == [275, 138])
  }

  /// Half of what a cell may hold is the strategy's, on every machine and at any time.
  @Test(arguments: [(14_520_000, CellStatus.done), (14_519_998, .skipped)])
  func exactSurgeryIsToldItsMemory(limit: Int, status: CellStatus) throws {
    var job = cell.job("obs", ["method": "exact"])
    job.memoryLimit = limit
    let strategy = try Worker.pluggedStrategy(job)
    let (result, _) = try cell.run(strategy)
    #expect(result.status == status, "\(result.reason ?? "")")
  }

  @Test func onlyReadersOfLargeSignalsHaveALimit() throws {
    let readers = try StrategyCatalogue().entries.filter(\.usesMemoryLimit).map(\.id)
    #expect(readers.sorted() == ["obs", "sparse-vd"])
  }

  @Test func theMachinesMemoryIsWhatIsAvailable() {
    let text = "MemTotal:       32782 kB\nMemFree:  10 kB\nMemAvailable:   20000 kB\n"
    #expect(MachineMemory.available(meminfo: text) == 20_480_000)
    #expect(MachineMemory.available(meminfo: "MemTotal: 1 kB") == nil)
    #expect(MachineMemory.available() ?? 0 > 0)
  }

  @Test func theControlTrainsAndPrunesNothing() throws {
    let strategy = try Worker.pluggedStrategy(cell.job("none"))
    let (result, _) = try cell.run(strategy)
    #expect(result.points.map(\.counts.weights) == [550, 550])
  }

  @Test func controlsAreStrategiesOfTheCatalogue() throws {
    let text = Entrant.controls.map(\.text).joined(separator: ",")
    #expect(try StrategyCatalogue().entrants(text) == Entrant.controls)
  }

  @Test func aGridStandsForItsCombinations() throws {
    let entrants = try StrategyCatalogue().entrants("magnitude[scope=layer|global],obd")
    #expect(entrants.map(\.text) == ["magnitude[scope=layer]", "magnitude", "obd"])
  }

  @Test func aParameterItDoesNotHaveEndsTheCell() throws {
    let error = #expect(throws: CellFailure.self) {
      try Worker.pluggedStrategy(cell.job("magnitude", ["scop": "layer"]))
    }
    #expect(error?.status == .invalid)
    #expect(error?.reason.contains("scop") == true)
  }

  @Test func aStrategyThatIsNotThereAnyMoreIsNoVerdict() throws {
    let error = #expect(throws: CellFailure.self) {
      try Worker.pluggedStrategy(cell.job("magnitud"))
    }
    #expect(error?.status == .stopped)
    #expect(error?.reason.contains("no strategy 'magnitud'") == true)
  }

  @Test(
    "A library that is another than was asked for is no verdict",
    .enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
  func otherLibrary() throws {
    let folder = try TemporaryFolder()
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let library = folder.url.appending(path: "libGood.so")
    try LibraryCompiler.build(
      tests.appending(path: "PluginHostTests/BadPlugins/good.c"), as: library,
      headers: [tests.appending(path: "../Sources/CWorkbench/include")])
    var job = cell.job("test", pluginPath: library.path)
    job.key.pluginSHA256 = String(repeating: "0", count: 64)
    let error = #expect(throws: CellFailure.self) { try Worker.pluggedStrategy(job) }
    #expect(error?.status == .stopped)
    #expect(error?.reason.contains("is not the one any more that was asked for") == true)
  }

  @Test func whatIsPlantedIsFound() throws {
    let planted = Benchmark.Planted(deadInputs: [5, 6, 7, 8, 9], surplusUnits: 20)
    #expect(cell.network.recall(of: planted, denseWidths: [50, 1]).deadInputsRemoved == 0)
    // All weights of two dead inputs, and all of what leaves ten units, are masked.
    var pruned = cell.network
    let slots = pruned.layout.slots
    for unit in 0..<50 {
      for input in [5, 9] { pruned.mask[slots[0].weights.lowerBound + 10 * unit + input] = 0 }
    }
    for unit in 0..<10 { pruned.mask[slots[1].weights.lowerBound + unit] = 0 }
    pruned.zeroMasked()
    let compacted = pruned.compacted().network
    #expect(compacted.widths == [40, 1])
    #expect(
      compacted.recall(of: planted, denseWidths: [50, 1])
        == PlantedRecall(
          deadInputsRemoved: 2, deadInputs: 5, surplusUnitsRemoved: 10, surplusUnits: 20))
  }
}
