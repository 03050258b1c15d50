import Comparison
import Datasets
import Networks
import Numerics
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
    #expect(abs(difference.mean - 0.1) < 1e-12)
    #expect(difference.high - difference.low < 1e-12)
  }

  @Test func withOneReplicateNoIntervalIsClaimed() throws {
    let rows = try board(
      ["a", "magnitude"], pair("a", [0.3]) + pair("magnitude", [0.2]), replicates: 1
    ).tables[0].rows
    #expect(rows[1].result?.test.interval == nil)
    #expect(rows[1].result?.difference == nil)
    #expect(rows.map(\.rank) == [1, 2])
  }

  @Test func aRowThatMissedTheBudgetHasNoRank() throws {
    let rows = try board(
      ["heavy", "near", "magnitude"],
      pair("heavy", [0.1, 0.1], weights: [279, 138])
        + pair("near", [0.2, 0.2], weights: [277, 138])
        + pair("magnitude", [0.3, 0.3])
    ).tables[0].rows
    // 1 % of 275 is 2.75 weights.
    #expect(rows.map(\.strategy) == ["near", "magnitude", "heavy"])
    #expect(rows.map(\.rank) == [1, 2, nil])
    #expect(rows[2].result?.ratioAchieved == 550.0 / 279)
  }

  @Test func aFailedRowStandsLastWithoutNumbers() throws {
    var results = pair("broken", [0.01, 0.01]) + pair("magnitude", [0.3, 0.3])
    results[1].status = .diverged
    results[1].reason = "the loss is nan"
    results[1].points.removeLast()
    let tables = try board(["broken", "magnitude"], results).tables
    #expect(tables[0].rows.map(\.strategy) == ["broken", "magnitude"])
    #expect(tables[0].rows[0].statuses == [.done: 2])
    #expect(tables[1].rows.map(\.strategy) == ["magnitude", "broken"])
    #expect(tables[1].rows[1].rank == nil)
    #expect(tables[1].rows[1].result == nil)
    #expect(tables[1].rows[1].statuses == [.done: 1, .diverged: 1])
    #expect(tables[1].rows[1].reasons == ["the loss is nan"])
  }

  @Test func aRowThatIsNotAllThereHasNoNumbers() throws {
    let rows = try board(
      ["half", "absent", "magnitude"],
      Array(pair("half", [0.1, 0.1]).prefix(1)) + pair("magnitude", [0.3, 0.3])
    ).tables[0].rows
    #expect(rows.map(\.strategy) == ["magnitude", "half"])
    #expect(rows[1].result == nil)
    #expect(rows[1].statuses == [.done: 1])
  }

  @Test func theUnprunedControlIsShownOnceAndUnranked() throws {
    let board = try board(
      ["none", "magnitude"],
      pair("none", [0.1, 0.2], weights: [550, 550]) + pair("magnitude", [0.3, 0.3]))
    #expect(board.tables.allSatisfy { $0.rows.map(\.strategy) == ["magnitude"] })
    #expect(board.unpruned?.rank == nil)
    #expect(abs((board.unpruned?.result?.test.mean ?? 0) - 0.15) < 1e-12)
    #expect(board.unpruned?.notes == [])
  }

  @Test func theUnprunedControlIsHeldAgainstNothing() throws {
    let board = try board(
      ["none", "magnitude", "obd"],
      pair("none", [0.1, 0.2], weights: [550, 550]) + pair("magnitude", [0.3, 0.3])
        + pair("obd", [0.1, 0.2]))
    #expect(board.unpruned?.result != nil)
    #expect(board.unpruned?.result?.difference == nil)
    #expect(board.tables[0].rows.contains { $0.result?.difference != nil })
  }

  @Test func aRowThatPrunedNothingHasNoMaskToSpeakOf() throws {
    let rows = try board(
      ["idle", "magnitude"],
      pair("idle", [0.1, 0.1], weights: [550, 550]) + pair("magnitude", [0.3, 0.3])
    ).tables[0].rows
    #expect(rows.first { $0.id == "idle" }?.notes == [])
    #expect(rows.first { $0.id == "magnitude" }?.notes.count == 1)
  }

  @Test func aNoteSaysWhenOnlyAMaskIsLeft() throws {
    var results = pair("magnitude", [0.3, 0.3])
    for index in results.indices { results[index].points[1].compactedCounts.weights = 100 }
    let tables = try board(["magnitude"], results).tables
    #expect(tables[0].rows[0].notes.contains { $0.hasPrefix("mask only") })
    #expect(tables[1].rows[0].notes.isEmpty)
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
}
