import Comparison
import Datasets
import Foundation
import Networks
import Reports
import Testing

/// What reports make of a comparison with good rows, failed ones and hostile texts.
@Suite struct ReportTests {
  private func text(
    _ fixture: ReportFixture, style: Style = Style(isColoured: false), width: Int? = nil
  ) -> String {
    TextBoard(style: style, width: width).render(fixture.boards)
  }

  @Test func textBoard() throws {
    try expectSnapshot(text(ReportFixture()), "board.txt")
  }

  @Test func textBoardOfOneSeed() throws {
    let board = text(try ReportFixture(replicates: 1, quick: true))
    try expectSnapshot(board, "board-quick.txt")
    #expect(board.contains("no rank here is a claim"))
    #expect(!board.contains("±"))
    #expect(!board.contains("vs magnitude"))
  }

  @Test func jsonBoard() throws {
    let json = try JSONBoard(
      version: "1.2.3", protocolVersion: 1
    ).render(ReportFixture().boards)
    try expectSnapshot(json, "board.json")
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let boards = try #require(object?["boards"] as? [[String: Any]])
    let rows = try #require(boards.first?["rows"] as? [[String: Any]])
    let random = try #require(rows.first { $0["title"] as? String == "random" })
    let before = try #require(random["before_finetune"] as? [String: Any])
    #expect(before["mean"] is NSNull)
  }

  @Test("The trajectory of one cell, with the notes of its strategy")
  func trajectory() throws {
    let fixture = try ReportFixture()
    let results = fixture.plan.cells.compactMap { fixture.results[$0.key] }
    let text = TrajectoryText(style: Style(isColoured: false), width: nil)
    let shown = try ["obs", "broken"].map { strategy in
      let result = try #require(
        results.first { $0.key.strategy == strategy && $0.key.replicate == 1 })
      return text.render(result, of: fixture.plan.contests[0].benchmark)
    }
    try expectSnapshot(shown.joined(separator: "\n"), "trajectory.txt")
  }

  @Test("An error on the training set is called one, where it is shown")
  func trainingSet() throws {
    func text(_ name: String, width: Int?) throws -> String {
      let plan = try ComparisonPlan(
        benchmarks: [name], entrants: [Entrant(id: "obd")], ratios: [2], replicates: 1,
        controls: false)
      let cell = try #require(plan.cells.first)
      return TrajectoryText(style: Style(isColoured: false), width: width)
        .render(ReportFixture.result(of: cell.key), of: plan.contests[0].benchmark)
    }
    let said = "training set  the error on the samples that the network is trained on"
    let monks = try text("monks-1", width: nil)
    #expect(monks.contains("test error %  training set  "))
    #expect(monks.contains(said) && !monks.contains("  validation  "))
    let friedman = try text("friedman1", width: nil)
    #expect(friedman.contains("test error  validation  "))
    #expect(!friedman.contains("training set"))
    let narrow = try text("monks-1", width: 80)
    #expect(narrow.contains(", training set, ") && !narrow.contains(said))
  }

  @Test(
    "What a strategy logs is shown without its name, and lines that differ only in numbers once")
  func logLines() throws {
    var fixture = try ReportFixture()
    for key in fixture.results.keys where key.strategy == "obs" {
      fixture.results[key]?.log = [
        "obs: row-wise over 550 weights", "obs: row-wise over 275 weights",
        "obs: row-wise over 1,375 weights", "warning: obs: obs: the damping is 1e-05",
        "warning: obs: the damping is 0.001", "obs: something else",
      ]
    }
    let cell = try #require(
      fixture.results.values.first { $0.key.strategy == "obs" && $0.key.replicate == 0 })
    let trajectory = TrajectoryText(style: Style(isColoured: false), width: nil).render(
      cell, of: fixture.plan.contests[0].benchmark)
    for shown in [text(fixture), trajectory] {
      #expect(!shown.contains("obs: obs:"))
      #expect(shown.contains("row-wise over 550 weights (and 2 more like it)"))
      #expect(!shown.contains("275 weights ("))
      #expect(shown.contains("warning: the damping is 1e-05 (and 1 more like it)"))
      #expect(shown.contains("something else"))
      #expect(!shown.contains("something else ("))
    }
  }

  @Test(
    "A requested ratio is shown in at most four digits",
    arguments: [
      (1.0175438596491229, "1.018×"), (19.333333333333332, "19.33×"), (2.5, "2.5×"),
      (32.0, "32×"), (333.3333333333333, "333.3×"), (123_456.0, "123500×"), (1.00001, "1×"),
    ])
  func ratios(asked: Double, shown: String) throws {
    let plan = try ComparisonPlan(
      benchmarks: ["sine"], entrants: [Entrant(id: "obd")], ratios: [asked], replicates: 1,
      controls: false)
    let texts = PlanText(style: Style(isColoured: false)).render(
      plan, stored: [], trainingSamples: 1)
    #expect(texts.contains(" \(shown) "))
    let results = plan.cells.map { ($0.key, ReportFixture.result(of: $0.key)) }
    let board = try #require(
      plan.boards(Dictionary(uniqueKeysWithValues: results)).first)
    let rendered = TextBoard(style: Style(isColoured: false), width: nil)
      .render(board)
    #expect(rendered.contains("\n\(shown)  "))
    let json = try JSONBoard(version: "1", protocolVersion: 1).render([board])
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
    let boards = (object as? [String: Any])?["boards"] as? [[String: Any]]
    #expect(boards?.first?["ratios"] as? [Double] == [asked])
  }

  @Test("Published results stand below the board, those that nobody checked marked")
  func published() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["mnist-300-100", "friedman1"], entrants: [Entrant(id: "obd")], ratios: [12],
      replicates: 1, controls: false)
    let han = PublishedResult(
      method: "Magnitude\u{1B}", year: 2015, paper: "Han", dataset: "MNIST",
      architecture: "LeNet-300-100", metric: "error", denseParameters: 267_000,
      parametersLeft: 22_000, ratio: 12.04, denseError: 1.64, prunedError: 1.59, remark: "density",
      source: "full text", isVerified: true)
    var other = han
    other.method = "From memory"
    other.ratio = 100
    other.isVerified = false
    var near = other
    near.ratio = 13
    (near.epochs, near.augmentation, near.checkpoint) = ("200", "affine", .best)
    let boards = plan.boards([:], published: [han, other, near])
    let texts = boards.map {
      TextBoard(style: Style(isColoured: false), width: nil)
        .render($0)
    }
    #expect(texts[0].contains("published"))
    #expect(texts[0].contains("12.04×, 1.59 %: Magnitude\u{FFFD}, 2015\n"))
    let training = "200 epochs; affine augmentation; the best error seen in"
    let running = texts[0].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(running.contains("13×, 1.59 %: From memory, 2015, unverified; \(training)"))
    #expect(!texts[0].contains("100×"))
    #expect(!texts[1].contains("published"))

    let json = try JSONBoard(
      version: "1", protocolVersion: 1
    ).render(boards + boards)
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let listed = try #require(object?["published"] as? [[String: Any]])
    #expect(listed.count == 3)
    #expect(listed[0]["benchmark"] as? String == "mnist-300-100")
    #expect(listed[0]["source"] as? String == "full text")
    #expect(listed.map { $0["verified"] as? Bool } == [true, false, false])
    #expect(listed.map { $0["ratio"] as? Double } == [12.04, 100, 13])
    #expect(listed.map { $0["epochs"] as? String } == [nil, nil, "200"])
    #expect(listed.map { $0["augmentation"] as? String } == [nil, nil, "affine"])
    #expect(listed.map { $0["checkpoint"] as? String } == [nil, nil, "best"])
  }

  @Test func plan() throws {
    let fixture = try ReportFixture(replicates: 1)
    let stored = Set(fixture.plan.denseCells.map(\.key))
    try expectSnapshot(
      PlanText(style: Style(isColoured: false)).render(
        fixture.plan, stored: stored, trainingSamples: 1_234_567), "plan.txt")
  }

  @Test("A failed row keeps its place, ranks last and has no numbers")
  func failedRows() throws {
    let board = try #require(try ReportFixture().boards.first)
    let table = try #require(board.tables.last)
    let broken = try #require(table.rows.first { $0.strategy == "broken" })
    #expect(broken.rank == nil && broken.result == nil)
    let lines = text(try ReportFixture()).split(separator: "\n")
    let line = try #require(
      lines.last { $0.hasPrefix("–") && $0.split(separator: " ").dropFirst().first == "broken" })
    #expect(line.contains("2 done, 1 crashed"))
    #expect(!line.contains("×"))
  }

  @Test("What a plugin says cannot move the cursor of a terminal or break a line")
  func hostileTexts() throws {
    let board = text(try ReportFixture())
    #expect(!board.unicodeScalars.contains("\u{1B}"))
    #expect(board.contains("stopped by signal 11 \u{FFFD}[2Jand its last words"))
  }

  @Test func colourIsOnlyEmphasis() throws {
    let fixture = try ReportFixture()
    let coloured = text(fixture, style: Style(isColoured: true))
    #expect(coloured.contains("\u{1B}[1m"))
    let escape = /\u{1B}\[[0-9]*m/
    #expect(coloured.replacing(escape, with: "") == text(fixture))
  }

  @Test(
    "In a narrow terminal columns are left out, and named below", arguments: [60, 80, 100, 120])
  func narrow(width: Int) throws {
    let lines = text(try ReportFixture(), width: width).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= width })
    #expect(lines.contains { $0.hasPrefix("not shown") })
    let header = try #require(lines.first { $0.hasPrefix("#") })
    #expect(header.contains("weights") && header.contains("status"))
    // What is not shown is not spoken of.
    let text = lines.joined(separator: "\n")
    #expect(header.contains("vs magnitude") == text.contains("without *"))
    #expect(header.contains("vs magnitude") == text.contains("Holm's correction"))
  }

  @Test("A trajectory fits the terminal, however long the strategy's name is")
  func narrowTrajectory() throws {
    let fixture = try ReportFixture()
    var result = try #require(fixture.results.values.first { $0.key.strategy == "obs" })
    result.key.parameters["text"] = String(repeating: "x", count: 200)
    let text = TrajectoryText(style: Style(isColoured: false), width: 80).render(
      result, of: fixture.plan.contests[0].benchmark)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func columnsAreAligned() throws {
    let lines = text(try ReportFixture()).split(separator: "\n")
    let header = try #require(lines.first { $0.hasPrefix("#") })
    let place = try #require(header.range(of: "ratio")).upperBound
    let column = header.distance(from: header.startIndex, to: place)
    for line in lines where line.contains("±") && line.contains(" done") {
      #expect(Array(line)[column - 1] == "×", "\(line)")
    }
  }
}
