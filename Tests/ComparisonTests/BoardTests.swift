import Comparison
import Datasets
import Networks
import Numerics
import Reports
import Testing

struct BoardTests {
  private func board(
    _ strategies: [String], _ results: [CellResult], replicates: Int = 2
  ) throws -> Board {
    let plan = try ComparisonPlan.tiny(strategies, replicates: replicates)
    let byKey = Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    return plan.boards(byKey)[0]
  }

  private func pair(
    _ strategy: String, _ errors: [Double], weights: [Int] = [275, 138]
  ) -> [CellResult] {
    errors.enumerated().map {
      .done(.tiny(strategy, replicate: $0), errors: [$1, $1], weights: weights)
    }
  }

  @Test func rowsAreRankedByMeanTestError() throws {
    let rows = try board(
      ["a", "magnitude", "b"],
      pair("a", [0.3, 0.5]) + pair("magnitude", [0.2, 0.3]) + pair("b", [0.1, 0.2])
    ).tables[0].rows
    #expect(rows.map(\.strategy) == ["b", "magnitude", "a"])
    #expect(rows.map(\.rank) == [1, 2, 3])
    #expect(rows[2].result?.test.mean == 0.4)
    #expect(rows[2].result?.test.values == [0.3, 0.5])
    // Student with one degree of freedom: 12.706 standard errors of 0.1.
    #expect(abs((rows[2].result?.test.interval?.high ?? 0) - 1.6706) < 1e-3)
  }

  @Test func equalsShareARank() throws {
    let rows = try board(
      ["c", "a", "magnitude"],
      pair("c", [0.2, 0.2]) + pair("a", [0.2, 0.2]) + pair("magnitude", [0.3, 0.3])
    ).tables[0].rows
    #expect(rows.map(\.rank) == [1, 1, 3])
    #expect(rows.map(\.strategy) == ["c", "a", "magnitude"])
  }

  @Test func differencesArePaired() throws {
    // Each replicate differs by exactly 0.1: no doubt is left, however far they lie apart.
    let rows = try board(
      ["a", "magnitude"], pair("a", [0.3, 0.8]) + pair("magnitude", [0.2, 0.7])
    ).tables[0].rows
    #expect(rows.map(\.isReference) == [true, false])
    #expect(rows[0].result?.difference == nil)
    let difference = try #require(rows[1].result?.difference)
    #expect(abs(difference.interval.mean - 0.1) < 1e-12)
    #expect(difference.interval.halfWidth < 1e-12)
    #expect(difference.seeds == [0, 1])
    #expect(difference.isSignificant)
  }

  @Test func withOneReplicateNoIntervalIsClaimed() throws {
    let rows = try board(
      ["a", "magnitude"], pair("a", [0.3]) + pair("magnitude", [0.2]), replicates: 1
    ).tables[0].rows
    #expect(rows[1].result?.test.interval == nil)
    #expect(rows[1].result?.difference == nil)
    #expect(rows.map(\.rank) == [1, 2])
  }

  @Test("A row that missed its budget on either side has no rank")
  func budget() throws {
    let rows = try board(
      ["heavy", "light", "near", "unit", "magnitude"],
      pair("heavy", [0.1, 0.1], weights: [278, 138])
        + pair("light", [0.1, 0.1], weights: [247, 138])
        + pair("near", [0.2, 0.2], weights: [277, 138])
        + pair("unit", [0.25, 0.25], weights: [248, 138])
        + pair("magnitude", [0.3, 0.3])
    ).tables[0].rows
    // Of 275 weights 1 % are 2.75, and 10 % are 27.5.
    #expect(rows.map(\.strategy) == ["near", "unit", "magnitude", "heavy", "light"])
    #expect(rows.map(\.rank) == [1, 2, 3, nil, nil])
    #expect(rows.map(\.result?.budget) == [.met, .met, .met, .exceeded, .undercut])
    #expect(rows[3].result?.ratioAchieved == 550.0 / 278)
  }

  @Test func aFailedRowStandsLastWithoutNumbers() throws {
    var results = pair("broken", [0.01, 0.01]) + pair("magnitude", [0.3, 0.3])
    results[1].status = .diverged
    results[1].reason = "the loss is nan"
    results[1].points.removeLast()
    let tables = try board(["broken", "magnitude"], results).tables
    #expect(tables[0].rows.map(\.strategy) == ["broken", "magnitude"])
    #expect(tables[0].rows[0].statuses == [.done: 2])
    #expect(tables[0].rows[0].laterStatuses == [.diverged: 1])
    #expect(tables[1].rows.map(\.strategy) == ["magnitude", "broken"])
    #expect(tables[1].rows[1].rank == nil)
    #expect(tables[1].rows[1].result == nil)
    #expect(tables[1].rows[1].statuses == [.done: 1, .diverged: 1])
    #expect(tables[1].rows[1].reasons == ["the loss is nan"])
  }

  @Test("A row of other seeds than most has its numbers and no rank")
  func unequalSeeds() throws {
    let half = pair("half", [0.1, 0.1])[1]
    let more = pair("more", [0.2, 0.4, 0.6])
    let rows = try board(
      ["half", "absent", "more", "magnitude", "obd"],
      [half] + more + pair("magnitude", [0.3, 0.3]) + pair("obd", [0.4, 0.6]), replicates: 3
    ).tables[0].rows
    #expect(rows.map(\.strategy) == ["magnitude", "obd", "half", "more"])
    #expect(rows.map(\.rank) == [1, 2, nil, nil])
    #expect(rows.map(\.seeds) == [[0, 1], [0, 1], [1], [0, 1, 2]])
    #expect(rows[2].result?.test.values == [0.1])
    #expect(rows[2].result?.difference == nil)
    let difference = try #require(rows[3].result?.difference)
    #expect(difference.seeds == [0, 1])
    #expect(abs(difference.interval.mean) < 1e-12)
  }

  @Test func theUnprunedControlIsShownOnceAndUnranked() throws {
    let board = try board(
      ["none", "magnitude"],
      pair("none", [0.1, 0.2], weights: [550, 550]) + pair("magnitude", [0.3, 0.3]))
    #expect(board.tables.allSatisfy { $0.rows.map(\.strategy) == ["magnitude"] })
    #expect(board.unpruned.map(\.rank) == [nil])
    #expect(abs((board.unpruned.first?.result?.test.mean ?? 0) - 0.15) < 1e-12)
    #expect(board.unpruned.first?.notes == [])
  }

  @Test func theUnprunedControlIsHeldAgainstNothing() throws {
    let board = try board(
      ["none", "magnitude", "obd"],
      pair("none", [0.1, 0.2], weights: [550, 550]) + pair("magnitude", [0.3, 0.3])
        + pair("obd", [0.1, 0.2]))
    #expect(board.unpruned.first?.result != nil)
    #expect(board.unpruned.first?.result?.difference == nil)
    #expect(board.tables[0].rows.contains { $0.result?.difference != nil })
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

  @Test("Equal totals of wrong samples share a rank, whatever their means' last bits are")
  func ranksByCounts() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["monks-3"], entrants: ["a", "b", "c"].map { Entrant(id: $0) }, ratios: [2],
      replicates: 3, controls: false, reference: "a")
    let wrong = ["a": [3, 4, 5], "b": [4, 5, 3], "c": [4, 4, 3]]
    var results: [CellKey: CellResult] = [:]
    for cell in plan.cells {
      let count = wrong[cell.key.strategy]?[cell.key.replicate] ?? 0
      // The bits of a mean depend on the order of its sum, and on what was summed.
      let error = 100 * Double(count) / 432 * (1 + 1e-15 * Double(cell.key.replicate))
      var result = CellResult.done(cell.key, errors: [error], weights: [275])
      result.points[0].wrong = WrongSamples(rows: 0..<count, of: 432)
      results[cell.key] = result
    }
    let rows = plan.boards(results)[0].tables[0].rows
    #expect(rows.map(\.strategy) == ["c", "a", "b"])
    #expect(rows.map(\.rank) == [1, 2, 2])
    #expect(rows.map(\.result?.wrong) == [11, 12, 12])
  }

  @Test("Wrong samples are numbered as they were given")
  func wrongRows() {
    let rows = [0, 7, 8, 63, 64, 99]
    #expect(WrongSamples(rows: rows, of: 100).rows == rows)
    #expect(WrongSamples(rows: [], of: 3).rows.isEmpty)
  }

  @Test("A failure is told once, with the ratio that it kept cells from")
  func failures() throws {
    var results = pair("broken", [0.1, 0.1]) + pair("magnitude", [0.3, 0.3])
    results[1].status = .crashed
    results[1].reason = "it fell"
    results[1].points.removeLast()
    let board = try board(["broken", "magnitude"], results)
    #expect(board.failures.map(\.strategy) == ["broken"])
    #expect(board.failures.map(\.status) == [.crashed])
    #expect(board.failures.map(\.ratio) == [4])
    #expect(board.failures.map(\.seeds) == [[1]])
    #expect(board.failures.map(\.isEverySeed) == [false])
    #expect(board.failures.map(\.reason) == ["it fell"])
    #expect(board.tables[0].rows.first { $0.id == "broken" }?.rank == 1)
  }

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

  @Test("What is taken of a log is bounded, and the rest counted")
  func longLogs() throws {
    var results = pair("magnitude", [0.3, 0.3])
    let long = String(repeating: "x", count: 1_000_000)
    for index in results.indices {
      results[index].log = (0..<100_000).map { "line \($0)" } + [long, long]
      results[index].status = .crashed
      results[index].reason = long
    }
    let row = try board(["magnitude"], results).tables[0].rows[0]
    #expect(row.notes.count == 200)
    #expect(row.notesLeftOut > 99_000)
    #expect(row.notes[0] == "line 0")
    for index in results.indices { results[index].log = [long] }
    let board = try board(["magnitude"], results)
    #expect(board.tables[0].rows[0].notes.map(\.count) == [501])
    #expect(board.failures.map(\.reason.count) == [501])
  }

  @Test("A file that says what no network has stops no board")
  func hostileNumbers() throws {
    var results = pair("a", [.infinity, -.infinity]) + pair("magnitude", [.nan, 0.3])
    for index in results.indices {
      results[index].dense?.counts.weights = .max
      results[index].dense?.validation.error = .nan
      results[index].points[0].counts.weights = .min
      results[index].points[0].effectiveCounts.weights = .max
      results[index].points[0].prunedMicroseconds = -1
      results[index].points[0].planted = PlantedRecall(
        deadInputsRemoved: .max, deadInputs: .max, surplusUnitsRemoved: .min, surplusUnits: .max)
    }
    let board = try board(["a", "magnitude"], results)
    #expect(board.tables.map(\.weightsGoal) == [nil, nil])
    #expect(board.tables[0].rows.map(\.result?.speedUp) == [nil, nil])
    #expect(board.smallest.allSatisfy { $0.found.allSatisfy { $0.network == nil } })
    #expect(!TextBoard(style: Style(isColoured: false), width: 80).render(board).isEmpty)
    #expect(throws: Never.self) { try JSONBoard(version: "1", protocolVersion: 1).render([board]) }
  }
}
