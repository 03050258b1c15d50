import Comparison
import Foundation
import Networks
import Reports
import Testing

/// The page of a comparison.
@Suite struct HTMLReportTests {
  /// What a page is made of in these tests: a comparison with rounds, failed rows and published results.
  static func page() throws -> String {
    render(try [ToldFixture.board()])
  }

  static func render(_ boards: [ToldBoard]) -> String {
    HTMLReport(version: "1.2.3", protocolVersion: 1).render(boards)
  }

  @Test("The page is whole, every table has headings and every drawing has words")
  func whole() throws {
    let page = PageChecker(try Self.page())
    #expect(page.faults.isEmpty, "\(page.faults.prefix(5))")
    #expect(page.all("table").count > 6)
    #expect(page.all("svg").count { $0.attributes["role"] == "img" } == 4)
  }

  @Test("Nothing is fetched and nothing runs")
  func selfContained() throws {
    let text = try Self.page()
    for word in ["http://", "https://", "//", "url(", "@import", "<script", "javascript:"] {
      #expect(!text.contains(word), "\(word)")
    }
    #expect(text.contains("default-src &#39;none&#39;"))
  }

  @Test("Everything that a board has stands on the page")
  func contents() throws {
    let page = PageChecker(try Self.page())
    let body = try #require(page.all("body").first)
    let text = page.text(of: body)
    for words in [
      "obs[damping=0.01]", "magnitude[scope=layer]", "0.0570 ± 0.0029", "69 weights to leave",
      "stopped by signal 11", "the network has no residual blocks", "Pareto front",
      "Size over training", "predicted and measured", "exact over 550 weights", "a processor",
      "workbench 1.2.3", "in the figure", "within 0.001", "fc1",
    ] { #expect(text.contains(words), "\(words)") }
  }

  @Test("Words of strangers are shown and nothing else")
  func injection() throws {
    for board in try HostileWords.boards() {
      var runs = try ToldFixture.runs()
      runs = runs.map { run in
        var result = run.result
        result.key.strategy = board.benchmark
        result.key.parameters = [board.benchmark: board.benchmark]
        return TracedRun(result, rounds: run.rounds)
      }
      let text = Self.render([ToldBoard(board, runs: runs, layers: ["fc1": 500])])
      let page = PageChecker(text)
      #expect(page.faults.isEmpty, "\(page.faults.prefix(3)) of \(board.benchmark)")
      #expect(!text.contains("<script") && !text.contains("<!--"))
      #expect(!text.unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test("Two boards have links to them, and no id twice")
  func several() throws {
    let told = try ToldFixture.board()
    let page = PageChecker(Self.render([told, told]))
    #expect(page.faults.isEmpty, "\(page.faults.prefix(5))")
    #expect(page.all("a").map { $0.attributes["href"] } == ["#board-1", "#board-2"])
  }

  @Test("A board without a single number is a page, too")
  func empty() throws {
    var board = try #require(try ReportFixture().boards.first)
    board.dense = nil
    board.tables = board.tables.map { table in
      var table = table
      table.rows = table.rows.filter { !$0.isDone }
      return table
    }
    board.smallest = []
    board.unpruned = []
    let page = PageChecker(Self.render([ToldBoard(board, runs: [], layers: [:])]))
    #expect(page.faults.isEmpty, "\(page.faults)")
    #expect(!page.elements.contains { $0.attributes["class"] == "chart" })
  }
}
