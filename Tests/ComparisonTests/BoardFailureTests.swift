import Comparison
import Networks
import Reports
import Testing

/// What failures, long logs and impossible numbers make of a board.
struct BoardFailureTests: BoardMaking {
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

  @Test("A failure after the last ratio takes no number away, and is told")
  func failureAtTheEnd() throws {
    var results = pair("broken", [0.1, 0.1]) + pair("magnitude", [0.3, 0.3])
    results[1].status = .crashed
    results[1].reason = "it fell while it left"
    let board = try board(["broken", "magnitude"], results)
    #expect(board.failures.map(\.ratio) == [nil])
    for table in board.tables {
      let row = try #require(table.rows.first { $0.id == "broken" })
      #expect(row.rank == 1)
      #expect(row.statuses == [.done: 2] && row.laterStatuses == [.crashed: 1])
    }
    let text = TextBoard(style: Style(isColoured: false), width: nil).render(board)
    #expect(text.contains("broken after its last ratio (seed 1): it fell while it left"))
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
