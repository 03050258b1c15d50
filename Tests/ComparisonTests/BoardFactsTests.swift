import Comparison
import Datasets
import Networks
import Testing

/// What a board tells of its networks besides their errors.
struct BoardFactsTests: BoardMaking {
  @Test("Entrants of one name are told apart by what differs")
  func titles() throws {
    let digests = [
      "3fa9" + String(repeating: "0", count: 60), "3fa8" + String(repeating: "0", count: 60),
    ]
    let entrants =
      digests.map { Entrant(id: "mine", pluginPath: "/tmp/x.so", pluginSHA256: $0) }
      + ["1", "2"].map { Entrant(id: "obs", version: $0) }
      + ["0.1", "0.2"].map { Entrant(id: "obd", defaults: ["damping": $0, "curvature": "lecun"]) }
      + [
        Entrant(id: "exact", memoryLimit: 500 << 20), Entrant(id: "exact"),
        Entrant(id: "magnitude"),
      ]
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1"], entrants: entrants, ratios: [2], replicates: 1, controls: false)
    let results = plan.cells.map {
      ($0.key, CellResult.done($0.key, errors: [0.1], weights: [275]))
    }
    let rows = plan.boards(Dictionary(uniqueKeysWithValues: results))[0].tables[0].rows
    #expect(
      rows.map(\.strategy) == [
        "mine (build 3fa9…)", "mine (build 3fa8…)", "obs (version 1)", "obs (version 2)",
        "obd (defaults damping=0.1)", "obd (defaults damping=0.2)",
        "exact (memory 500M)", "exact (any memory)", "magnitude",
      ])
    #expect(rows.map(\.isReference) == Array(repeating: false, count: 8) + [true])
  }

  @Test("What masks alone leave is said of the rows of which it is so")
  func removal() throws {
    var results = pair("magnitude", [0.3, 0.3]) + pair("idle", [0.1, 0.1], weights: [550, 550])
    for index in results.indices where results[index].key.strategy == "magnitude" {
      results[index].points[1].compactedCounts.weights = 100
    }
    var nearly = pair("nearly", [0.2, 0.2])
    nearly[1].points[0].compactedCounts.weights = 549
    let tables = try board(["magnitude", "idle", "nearly"], results + nearly).tables
    let removals = tables.map { table in
      Dictionary(
        uniqueKeysWithValues: table.rows.map { ($0.strategy, $0.result?.removal) })
    }
    #expect(removals[0] == ["magnitude": .masksOnly, "idle": .nothing, "nearly": .hardlyAnyUnit])
    #expect(removals[1] == ["magnitude": .units, "idle": .nothing, "nearly": .masksOnly])
  }

  @Test func whatWasPlantedIsSummedOverReplicates() throws {
    var results = pair("magnitude", [0.3, 0.3])
    for index in results.indices {
      results[index].points[0].planted = PlantedRecall(
        deadInputsRemoved: 3 + index, deadInputs: 5, surplusUnitsRemoved: 1, surplusUnits: 2)
    }
    let row = try board(["magnitude"], results).tables[0].rows[0]
    #expect(
      row.result?.planted
        == PlantedRecall(
          deadInputsRemoved: 7, deadInputs: 10, surplusUnitsRemoved: 2, surplusUnits: 4))
  }

  @Test("Counts come from any cell where the dense network's own is gone")
  func withoutDenseCell() throws {
    let board = try board(["magnitude"], pair("magnitude", [0.3, 0.3]))
    #expect(board.tables.map(\.weightsGoal) == [275, 138])
    #expect(board.dense?.counts.weights == 550)
    #expect(board.dense?.test.values == [0.1, 0.1])
    #expect(try self.board(["magnitude"], []).tables[0].weightsGoal == nil)
  }

  @Test("The speed-up is the geometric mean of what was measured in pairs")
  func speedUp() throws {
    var results = pair("magnitude", [0.3, 0.3])
    results[0].points[0].denseMicroseconds = 4
    results[0].points[0].prunedMicroseconds = 1
    results[1].points[0].denseMicroseconds = 90
    results[1].points[0].prunedMicroseconds = 10
    results[1].points[1].prunedMicroseconds = 0
    let tables = try board(["magnitude"], results).tables
    #expect(abs((tables[0].rows[0].result?.speedUp ?? 0) - 6) < 1e-12)
    #expect(tables[1].rows[0].result?.speedUp == nil)
  }

  @Test("A board tells on what it was measured, and where that differs")
  func machines() throws {
    var results = pair("a", [0.3, 0.3]) + pair("magnitude", [0.3, 0.3])
    let first = Provenance(
      program: "1", machine: Machine(processor: "one", cores: 2, system: ""), kernels: "avx2",
      algebra: "Zen", threads: 1)
    var second = first
    second.threads = 2
    for index in results.indices { results[index].provenance = index == 1 ? second : first }
    let board = try board(["a", "magnitude"], results)
    #expect(board.measured.map(\.cells) == [3, 1])
    #expect(board.measured.map(\.setting?.threads) == [1, 2])
    #expect(board.tables[0].rows.first { $0.id == "a" }?.measuredOn == [0, 1])
    #expect(board.machine == first.machine)
    #expect(board.dense?.microseconds == nil)
    results[1].provenance = nil
    #expect(try self.board(["a", "magnitude"], results).machine == nil)
  }

  @Test("Cells that started from other files are noticed")
  func unequalStarts() throws {
    var results = pair("a", [0.3, 0.3]) + pair("magnitude", [0.3, 0.3])
    for index in results.indices { results[index].startSHA256 = index == 1 ? "b" : "a" }
    #expect(try board(["a", "magnitude"], results).unequalStarts == [1])
    results[3].startSHA256 = "b"
    #expect(try board(["a", "magnitude"], results).unequalStarts == [])
  }

  @Test("The smallest good networks are chosen by validation, not by test error")
  func smallest() throws {
    // The dense networks have a validation error of 0.1.
    var results = pair("a", [0.3, 0.3]) + pair("magnitude", [0.1, 0.1])
    for index in results.indices where results[index].key.strategy == "a" {
      results[index].points[0].validation.error = index == 0 ? 0.1005 : 0.1013
      results[index].points[1].validation.error = 0.1045
    }
    for index in results.indices where results[index].key.strategy == "magnitude" {
      for point in 0..<2 { results[index].points[point].validation.error = 0.2 }
    }
    let smallest = try board(["a", "magnitude"], results).smallest
    #expect(smallest.map(\.strategy) == ["a", "magnitude"])
    #expect(smallest[0].found.map(\.tolerance) == [0.001, 0.002, 0.005])
    #expect(smallest[0].found.map(\.network?.weights) == [275, 275, 138])
    #expect(smallest[0].found.map(\.network?.test) == [0.3, 0.3, 0.3])
    #expect(smallest[1].found.map(\.network) == [nil, nil, nil])
  }

  @Test("Where validation is the training set, nothing is chosen by it")
  func smallestWithoutValidation() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["monks-1"], entrants: [Entrant(id: "magnitude")], ratios: [2], replicates: 1,
      controls: false)
    let results = plan.cells.map { ($0.key, CellResult.done($0.key, errors: [0], weights: [275])) }
    let board = plan.boards(Dictionary(uniqueKeysWithValues: results))[0]
    #expect(board.validatesOnTraining)
    #expect(board.smallest.isEmpty)
  }

  @Test("A few published results near the ratios stand on a board, from each ratio the nearest")
  func publishedResults() throws {
    func result(
      _ method: String, _ ratio: Double?, error: Double? = 2, dataset: String = "MONK-1"
    ) -> PublishedResult {
      PublishedResult(
        method: method, year: 1993, paper: "a paper", dataset: dataset, architecture: "17-3-1 net",
        metric: "error", denseParameters: nil, parametersLeft: nil, ratio: ratio, denseError: nil,
        prunedError: error, remark: "", source: "a source", isVerified: true)
    }
    let plan = try ComparisonPlan(
      benchmarks: ["monks-1"], entrants: [Entrant(id: "obd")], ratios: [2, 8], replicates: 1,
      controls: false)
    let board = plan.boards(
      [:],
      published: [
        result("far", 40), result("other", 2, dataset: "MONK-2"), result("no error", 2, error: nil),
        result("no ratio", nil), result("not pruned", 1), result("8", 8), result("8.5", 8.5),
        result("9", 9), result("9.5", 9.5), result("7", 7), result("6.9", 6.9), result("3", 3),
      ])[0]
    #expect(board.published.count == 11)
    #expect(board.nearestPublished.map(\.method) == ["3", "6.9", "7", "8", "8.5", "9"])
    #expect(plan.boards([:])[0].published.isEmpty)
  }
}
