import Comparison
import Networks
import Numerics
import Testing

/// Who stands where on a board, and by how much.
struct BoardTests: BoardMaking {
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
      result.points[0].wrong = Flags(rows: 0..<count, of: 432)
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
    #expect(Flags(rows: rows, of: 100).rows == rows)
    #expect(Flags(rows: [], of: 3).rows.isEmpty)
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
}
