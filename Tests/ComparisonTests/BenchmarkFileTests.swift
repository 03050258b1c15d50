import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import Testing

/// Benchmarks that users bring, as values and as files.
@Suite("A user's benchmark")
struct BenchmarkFileTests {
  /// A table of 40 samples, a benchmark of it and its file.
  private func own(
    _ body: (_ benchmark: Benchmark, _ folder: URL) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "own-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = (0..<40).map { "\($0),\($0 * $0 % 7),\(["no", "yes"][$0 % 2])" }
    try Data((["a,b,label"] + rows).joined(separator: "\n").utf8)
      .write(to: folder.appending(path: "Small Table.csv"))
    let data = try DataFolder(inspecting: folder.appending(path: "Small Table.csv"))
    try body(try Benchmark(of: data).checked(), folder)
  }

  private func edited(
    _ benchmark: Benchmark, _ edit: (inout [String: Any]) -> Void
  ) throws -> Data {
    let written = try BenchmarkFile.encode(benchmark)
    var object = try #require(JSONSerialization.jsonObject(with: written) as? [String: Any])
    edit(&object)
    return try JSONSerialization.data(withJSONObject: object)
  }

  @Test(
    "It is named after its folder, fits its data, and is known by a digest of all but the place")
  func value() throws {
    try own { benchmark, folder in
      #expect(benchmark.name == "small-table" && benchmark.metric == .errorPercent)
      #expect(try benchmark.network().graph.outputs == 2)
      let digest = try #require(benchmark.digest)
      let moved = folder.appending(path: "moved", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: moved, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: folder.appending(path: "Small Table.csv"), to: moved.appending(path: "Small Table.csv"))
      let other = try Benchmark(
        of: DataFolder(inspecting: moved.appending(path: "Small Table.csv")))
      #expect(other.digest == digest && other != benchmark)
      var longer = benchmark
      longer.recipes.dense.epochs += 1
      #expect(longer.digest != digest)
      #expect(Benchmark.catalogue.allSatisfy { $0.digest == nil })
      let family = try #require(try NetworkFamily("perceptron:7-3/tanh"))
      let small = try Benchmark(
        of: try #require(benchmark.data.folder), own: .init(family: family, epochs: 3))
      #expect(small.recipes.dense.epochs == 3 && small.digest != digest)
    }
  }

  @Test("Its cells have its digest in their keys, and those of the program none")
  func keys() throws {
    try own { benchmark, _ in
      let plan = try ComparisonPlan(
        benchmarks: ["small-table", "xor"], entrants: [Entrant(id: "obd")], replicates: 1,
        catalogue: Benchmark.catalogue + [benchmark])
      for cell in plan.cells + plan.denseCells {
        #expect(cell.key.benchmarkSHA256 == (cell.key.benchmark == "xor" ? nil : benchmark.digest))
      }
      let key = try #require(plan.cells.first { $0.key.benchmark == "small-table" }?.key)
      #expect(key.dense.benchmarkSHA256 == benchmark.digest)
      #expect(ComparisonPlan.exclusion(of: key, catalogue: [benchmark]) == nil)
      #expect(ComparisonPlan.exclusion(of: key) == .unknownBenchmark("small-table"))
      var other = key
      other.benchmarkSHA256 = "0"
      #expect(ComparisonPlan.exclusion(of: other, catalogue: [benchmark]) == .otherBenchmarkVersion)
      // What was stored before users could bring benchmarks has the keys that it had.
      let written = try CanonicalJSON.encode(plan.cells.first { $0.key.benchmark == "xor" }?.key)
      #expect(!String(decoding: written, as: UTF8.self).contains("benchmarkSHA256"))
    }
  }

  @Test("A file is read back as it was written; its data may lie beside it")
  func file() throws {
    try own { benchmark, folder in
      let url = folder.appending(path: "mine.json")
      try BenchmarkFile.encode(benchmark).write(to: url)
      #expect(try BenchmarkFile.read(url) == benchmark)
      let relative = try edited(benchmark) { object in
        var data = object["data"] as? [String: Any] ?? [:]
        data["path"] = "Small Table.csv"
        object["data"] = data
      }
      try relative.write(to: url)
      let read = try BenchmarkFile.read(url)
      #expect(read.data.folder?.path == folder.appending(path: "Small Table.csv").path)
      #expect(try read.splits(seed: 1) { throw PlanError("it reads no files") }.test.count == 8)
    }
  }

  @Test(
    "Every benchmark of the program can be written and read as a file",
    arguments: Benchmark.catalogue)
  func programs(_ benchmark: Benchmark) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: folder) }
    try BenchmarkFile.encode(benchmark).write(to: folder)
    #expect(try BenchmarkFile.read(folder) == benchmark)
  }

  @Test("What is made of one of the program's is told from it, and asks for a name of its own")
  func changed() throws {
    let known = try #require(Benchmark.catalogue.first { $0.name == "xor" })
    var more = known
    more.seeds += 1
    #expect(more.digest == nil)
    var longer = known
    longer.recipes.dense.epochs += 1
    #expect(longer.digest != nil)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try BenchmarkFile.encode(longer).write(to: url)
    let error = #expect(throws: PlanError.self) { try BenchmarkFile.read(url) }
    #expect(error.map { "\($0)".contains("'xor' is a benchmark of the program") } == true)
    try edited(longer) { $0["name"] = "xor-longer" }.write(to: url)
    let own = try BenchmarkFile.read(url)
    let plan = try ComparisonPlan(
      benchmarks: [own.name], entrants: [Entrant(id: "obd")], replicates: 1,
      catalogue: Benchmark.catalogue + [own])
    #expect(own.digest != nil && !plan.cells.isEmpty)
    #expect(plan.cells.allSatisfy { $0.key.benchmarkSHA256 == own.digest })
  }

  @Test("What cannot be run is refused in words, and named")
  func refusals() throws {
    try own { benchmark, folder in
      let url = folder.appending(path: "mine.json")
      func refusal(_ data: Data) throws -> String {
        try data.write(to: url)
        let error = #expect(throws: PlanError.self) { try BenchmarkFile.read(url) }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.contains("mine.json"))
        return text
      }
      func refusal(_ member: String, _ value: Any) throws -> String {
        try refusal(edited(benchmark) { $0[member] = value })
      }
      #expect(try refusal(Data("[]".utf8)).contains("no benchmark"))
      #expect(try refusal(Data("{".utf8)).contains("no benchmark"))
      #expect(try refusal(edited(benchmark) { $0["ratios"] = nil }).contains("'ratios' is missing"))
      #expect(try refusal("rattios", [2]).contains("there is no 'rattios'"))
      #expect(try refusal("ratios", [4, 2]).contains("'ratios' rise"))
      #expect(try refusal("ratios", []).contains("'ratios' rise"))
      #expect(try refusal("rounds", [1]).contains("rise from above 1"))
      #expect(try refusal("seeds", 0).contains("'seeds' is 0"))
      #expect(try refusal("name", "../../etc").contains("is no name"))
      #expect(try refusal("name", "xor").contains("a benchmark of the program"))
      #expect(try refusal("data", "mnits").contains("there are no data 'mnits'"))
      #expect(
        try refusal("structure", "input 2\nfc: dens 3").contains(
          "line 2: there is no operation 'dens'"))
      #expect(try refusal("structure", "input 3\nfc: dense 2").contains("takes 3 values"))
      #expect(try refusal("structure", "input 2\nfc: dense 5").contains("makes 5"))
      #expect(try refusal("measurementSamples", -1).contains("'measurementSamples'"))
      let recipes = try edited(benchmark) { object in
        var recipes = object["recipes"] as? [String: Any] ?? [:]
        var dense = recipes["dense"] as? [String: Any] ?? [:]
        dense["batchSize"] = 0
        recipes["dense"] = dense
        object["recipes"] = recipes
      }
      #expect(try refusal(recipes).contains("'recipes': batches of 0 samples"))
      let missing = #expect(throws: PlanError.self) {
        try BenchmarkFile.read(folder.appending(path: "none.json"))
      }
      #expect(missing.map { "\($0)".contains("none.json") } == true)
    }
  }
}
