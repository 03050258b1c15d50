import Comparison
import Foundation
import Networks
import Reports
import Testing

/// The board in formats for other programs and pages.
@Suite struct BoardFormatTests {
  @Test func markdownBoard() throws {
    try expectSnapshot(MarkdownBoard().render(ReportFixture().boards), "board.md")
  }

  @Test func csvBoard() throws {
    let text = CSVBoard().render(try ReportFixture().boards)
    try expectSnapshot(text, "board.csv")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let width = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
    #expect(width == 46)
    for line in lines.dropLast() where !line.contains("\"") {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == width)
    }
  }

  @Test("Each seed has a line of its own in CSV, and its own value")
  func seeds() throws {
    let board = try #require(try ReportFixture().boards.first)
    let row = try #require(board.tables[0].rows.first { $0.strategy == "obd" })
    let values = try #require(row.result?.test.values)
    let lines = CSVBoard().render([board]).split(separator: "\n").filter {
      $0.contains(",2.0,obd,")
    }
    #expect(lines.count == 3)
    for (line, value) in zip(lines, values) {
      #expect(line.contains(",\(value),"), "\(line)")
    }
  }

  @Test("An interval decides how many digits are written")
  func digits() throws {
    var board = try #require(try ReportFixture().boards.first)
    board.tables.removeLast()
    board.tables[0].rows = Array(board.tables[0].rows.prefix(3))
    let values = [
      [0.1234, 0.1334, 0.1434], [0.12, 0.13, 0.92], [0.1230001, 0.1230002, 0.1230003],
    ]
    for (row, values) in values.enumerated() {
      let estimate = try #require(Board.Estimate(values))
      board.tables[0].rows[row].result?.test = estimate
    }
    let text = TextBoard(style: Style(isColoured: false), width: nil).render(board)
    #expect(text.contains("0.133     ± 0.025"))
    #expect(text.contains("0.4       ± 1.1"))
    #expect(text.contains("0.1230002 ± 0.0000002"))
  }

  @Test("Remarks are values that JSON tells by kind")
  func remarks() throws {
    let board = try #require(try ReportFixture().boards.first)
    let subjects = board.remarks.compactMap { remark in
      if case .offBudget(.exceeded, let subjects) = remark { subjects } else { nil }
    }
    let greedy = try #require(subjects.first?.first)
    #expect(greedy.strategy == "greedy" && greedy.ratios == [2, 8] && greedy.isEverywhere)
    #expect(board.remarks.contains(.notFaster([greedy])))
    #expect(board.remarks.contains(.planted))
    let json = try JSONBoard(version: "1", protocolVersion: 1).render([board])
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let boards = try #require(object?["boards"] as? [[String: Any]])
    let told = try #require(boards.first?["remarks"] as? [[String: Any]])
    #expect(
      told.compactMap { $0["kind"] as? String } == [
        "not_faster", "off_budget", "planted", "masked", "logged", "failed", "skipped",
      ])
    let failed = try #require(told.first { $0["kind"] as? String == "failed" })
    #expect((failed["failures"] as? [[String: Any]])?.first?["title"] as? String == "broken")
  }
}
