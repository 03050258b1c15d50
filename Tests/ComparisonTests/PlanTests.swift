import Comparison
import Datasets
import Networks
import Numerics
import Testing

struct PlanTests {
  /// Stored results are found by this name: a change throws all of them away, and must be meant.
  @Test func theNameOfACellIsPinned() {
    let key = CellKey(
      benchmark: "monks-1", benchmarkVersion: 1, strategy: "obs", strategyVersion: "1.0",
      parameters: ["damping": "1e-4"], defaults: ["method": "auto"], kernels: "avx2",
      replicate: 2, ratios: [2, 4.5], quick: false, protocolVersion: 1)
    #expect(
      key.hash == "cb5a065ad0d8d3c305b4a401ff5a7748d4dd888aa1fb59a61559ebdafeb63724")
    #expect(key.strategyText == "obs[damping=1e-4]")
  }

  @Test func everyPartOfTheKeyDecidesTheName() {
    let key = CellKey.tiny("obd")
    var others = [CellKey](repeating: key, count: 14)
    others[0].benchmark = "sine"
    others[1].benchmarkVersion = 2
    others[2].strategy = "obs"
    others[3].parameters["a"] = "1"
    others[4].pluginSHA256 = "00"
    others[5].replicate = 1
    others[6].ratios = [2]
    others[7].quick = true
    others[8].protocolVersion += 1
    others[9].strategyVersion = "2"
    others[10].defaults["b"] = "1"
    others[11].libraries["libhelper.so"] = "00"
    others[12].memoryLimit = 1 << 30
    others[13].kernels = "another"
    #expect(Set(others.map(\.hash) + [key.hash]).count == 15)
  }

  @Test func theSeedComesFromBenchmarkAndReplicateAlone() {
    #expect(CellKey.tiny("obd").seed == CellKey.tiny("random", ratios: [3]).seed)
    #expect(CellKey.tiny("obd").seed == CellKey.tiny("obd").dense.seed)
    #expect(CellKey.tiny("obd").seed != CellKey.tiny("obd", replicate: 1).seed)
    #expect(CellKey.tiny("obd").strategySeed != CellKey.tiny("random").strategySeed)
  }

  @Test func controlsAreAlwaysThereAndNobodyTwice() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1", "friedman1", "mnist-300-100"],
      entrants: [Entrant(id: "obd"), Entrant(id: "magnitude"), Entrant(id: "obd")],
      ratios: [4, 2, 4], replicates: 3)
    #expect(
      plan.entrants.map(\.text)
        == ["obd", "magnitude", "none", "random", "magnitude[scope=layer]", "lamp"])
    #expect(plan.contests.map(\.benchmark.name) == ["friedman1", "mnist-300-100"])
    #expect(plan.contests.allSatisfy { $0.ratios == [2, 4] })
    #expect(plan.cells.count == 2 * 6 * 3)
    #expect(plan.denseCells.count == 2 * 3)
    #expect(Set(plan.cells.map(\.key.hash)).count == 36)
    #expect(plan.cells.prefix(12).allSatisfy { $0.key.replicate == 0 })
  }

  @Test(arguments: [
    ("freidman1", "there is no benchmark 'freidman1'; did you mean 'friedman1'?"),
    ("mnist-30-100", "there is no benchmark 'mnist-30-100'; did you mean 'mnist-300-100'?"),
  ])
  func anUnknownBenchmarkIsNamedWithTheNearest(_ word: String, _ message: String) {
    let error = #expect(throws: PlanError.self) {
      try ComparisonPlan(benchmarks: [word], entrants: [], replicates: 1)
    }
    #expect(error?.description == message)
  }

  @Test func ratioOneIsARoundThatRemovesNothing() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["sine"], entrants: [], ratios: [2, 1], replicates: 1)
    #expect(plan.contests[0].ratios == [1, 2])
    let rounds = Trajectory(dense: 100, ratios: [1, 2], grid: RoundGrid([2])).rounds
    #expect(rounds.map(\.weightsGoal) == [100, 50])
  }

  @Test(arguments: [0.99, 0.5, -2, 0, .nan, .infinity])
  func ratiosThatAreNoCompressionAreRefused(_ ratio: Double) {
    #expect(throws: PlanError.self) {
      try ComparisonPlan(
        benchmarks: ["sine"], entrants: [], ratios: [2, ratio], replicates: 1)
    }
  }

  @Test func nothingToDoIsRefused() {
    #expect(throws: PlanError.self) {
      try ComparisonPlan(benchmarks: [], entrants: [], replicates: 1)
    }
    #expect(throws: PlanError.self) {
      try ComparisonPlan(benchmarks: ["sine"], entrants: [], replicates: 0)
    }
    #expect(throws: PlanError.self) {
      try ComparisonPlan(
        benchmarks: ["sine"], entrants: [], replicates: 1, reference: "magnitud")
    }
  }

  @Test func aStoredPlanIsFoundAgain() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1", "sine"], entrants: [Entrant(id: "obd")], replicates: 2)
    let found = try ComparisonPlan.stored(plan.cells.map(\.key), reference: plan.reference)
    #expect(Set(found.flatMap(\.cells).map(\.key)) == Set(plan.cells.map(\.key)))
    #expect(try ComparisonPlan.stored([], reference: plan.reference).isEmpty)
  }
}

struct BenchmarkTests {
  @Test(
    "Published results stand beside the benchmark whose network they pruned",
    arguments: [
      ("mnist-300-100", 40...50), ("mnist-lenet5", 40...50), ("monks-1", 1...1), ("monks-2", 1...1),
      ("monks-3", 1...1), ("mnist-resnet", 0...0), ("friedman1", 0...0),
    ])
  func published(name: String, expected: ClosedRange<Int>) throws {
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == name })
    let all = try PublishedResult.load(from: DataDirectory.locate())
    let own = all.filter { benchmark.published?.includes($0) ?? false }
    #expect(expected.contains(own.count), "\(own.count)")
    #expect(!own.contains { $0.architecture.contains("1.61M") })
    if name == "mnist-lenet5" {
      #expect(own.contains { $0.architecture == "20-24-252-10" })
    }
  }

  @Test(arguments: Benchmark.catalogue)
  func everyBenchmarkIsWhole(_ benchmark: Benchmark) throws {
    let network = try benchmark.network()
    #expect(benchmark.ratios == benchmark.ratios.sorted())
    #expect(benchmark.trajectory == benchmark.trajectory.sorted())
    #expect(benchmark.ratios.allSatisfy { $0 >= 1 })
    let goals = benchmark.trajectory.map {
      Benchmark.weightsGoal(dense: network.counts.weights, ratio: $0)
    }
    #expect(Set(goals).count == goals.count)
    let fewer = benchmark.quickRecipes.dense.epochs < benchmark.recipes.dense.epochs
    #expect(fewer)
    #expect(benchmark.seeds >= 1)
    // The function behind noisy data is known, and with it what it cannot explain.
    let noise = benchmark.task?.noise ?? 0
    #expect((benchmark.noiseFloor ?? 0 > 0) == (noise > 0))
    #expect(benchmark.task == nil || !benchmark.readsFiles)
    // A strategy may have to see no more than the batches do.
    #expect(benchmark.measurementSamples > 0)
  }

  @Test(arguments: [
    ("monks-1", 58), ("monks-2", 39), ("monks-3", 39), ("mnist-300-100", 266_200),
    ("mnist-lenet5", 430_500), ("friedman1", 550), ("teacher", 840),
  ])
  func weightsAreCountedAsInThePapers(_ name: String, _ weights: Int) throws {
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == name })
    #expect(try benchmark.network().counts.weights == weights)
  }

  @Test func monksArePrunedOneWeightAtATime() throws {
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == "monks-1" })
    let all = Trajectory(dense: 58, ratios: benchmark.trajectory, grid: benchmark.rounds)
    #expect(all.rounds.map(\.weightsGoal) == Array((2...57).reversed()))
    // A ratio that is asked for rounds to one of them, and adds none.
    let some = Trajectory(dense: 58, ratios: [1.5, 6], grid: benchmark.rounds)
    #expect(some.rounds.map(\.weightsGoal) == Array((10...57).reversed()))
    #expect(some.rounds.compactMap(\.reported) == [1.5, 6])
  }

  @Test func dataOfReplicatesDifferAndRepeat() throws {
    let tiny = Benchmark.tiny
    func training(_ replicate: Int) throws -> Samples {
      try tiny.splits(seed: CellKey.tiny("a", replicate: replicate).seed) {
        throw PlanError("it reads no files")
      }.training
    }
    #expect(try training(0) == training(0))
    #expect(try training(0) != training(1))
  }

  @Test(
    "A benchmark is a value: what is written is read back, and makes its network",
    arguments: Benchmark.catalogue)
  func benchmarksAreValues(_ benchmark: Benchmark) throws {
    let written = try CanonicalJSON.encode(benchmark)
    #expect(try CanonicalJSON.decode(Benchmark.self, from: written) == benchmark)
    #expect(try benchmark.network().counts.weights > 0)
  }
}
