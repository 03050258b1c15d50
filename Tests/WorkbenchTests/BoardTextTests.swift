import Comparison
import Foundation
import Networks
import Reports
import Testing

/// What the board says in numbers and words, against what SciPy makes of the same inputs.
@Suite struct BoardTextTests {
  /// Tests/Reference/statistics.py made it.
  private struct Reference: Decodable {
    var regression: Regression
    var classification: Classification

    struct Regression: Decodable {
      var errors: [String: [Double]]
      var printed: [String: String]
      var differences: [String: String]
    }

    struct Classification: Decodable {
      var samples: Int
      var wrong: [String: [[Int]]]
      var printed: [String: String]
      var differences: [String: String]
    }

    init() throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Reference/statistics.json")
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
  }

  private func render(_ board: Board, width: Int? = nil) -> String {
    TextBoard(style: Style(isColoured: false), width: width).render(board)
  }

  private func board(
    _ benchmark: String, strategies: [String], seeds: Int,
    score: (_ strategy: String, _ seed: Int) -> (error: Double, wrong: Flags?)
  ) throws -> Board {
    let plan = try ComparisonPlan(
      benchmarks: [benchmark], entrants: strategies.sorted().map { Entrant(id: $0) }, ratios: [2],
      replicates: seeds, controls: false)
    let results = plan.cells.map { cell in
      var result = ReportFixture.result(of: cell.key)
      let (error, wrong) = score(cell.key.strategy, cell.key.replicate)
      result.points[0].test = Score(loss: error, error: error)
      result.points[0].wrong = wrong
      result.points[0].beforeFineTuning = result.points[0].test
      result.dense?.test.error = error
      return (cell.key, result)
    }
    return plan.boards(Dictionary(uniqueKeysWithValues: results))[0]
  }

  private func expect(
    _ board: Board, shows printed: [String: String], _ differences: [String: String]
  ) throws {
    let lines = render(board).split(separator: "\n").prefix { !$0.contains("the smallest") }
    for (strategy, estimate) in printed {
      let line = try #require(lines.first { !$0.hasPrefix("#") && $0.contains(" \(strategy) ") })
      let words = line.split(separator: " ").joined(separator: " ")
      let difference = differences[strategy] ?? "–"
      #expect(words.contains("\(strategy) \(estimate) \(difference) 275 "), "\(words)")
    }
  }

  @Test("Means, intervals, differences and stars are SciPy's, on regression")
  func regression() throws {
    let reference = try Reference().regression
    let board = try board("friedman1", strategies: Array(reference.errors.keys), seeds: 5) {
      (reference.errors[$0]?[$1] ?? .nan, nil)
    }
    try expect(board, shows: reference.printed, reference.differences)
    #expect(render(board).contains("test samples of its own"))
  }

  @Test("Means, intervals, differences and stars are SciPy's, on classification")
  func classification() throws {
    let reference = try Reference().classification
    let board = try board("mnist-300-100", strategies: Array(reference.wrong.keys), seeds: 4) {
      let wrong = Flags(rows: reference.wrong[$0]?[$1] ?? [], of: reference.samples)
      return (100 * Double(wrong.total) / Double(reference.samples), wrong)
    }
    try expect(board, shows: reference.printed, reference.differences)
    #expect(render(board).contains("after Holm's correction for 3 differences"))
  }

  @Test("One seed tells of test samples alone, and nothing gets a star")
  func oneSeed() throws {
    let reference = try Reference().classification
    let board = try board("mnist-300-100", strategies: Array(reference.wrong.keys), seeds: 1) {
      let wrong = Flags(rows: reference.wrong[$0]?[$1] ?? [], of: reference.samples)
      return (100 * Double(wrong.total) / Double(reference.samples), wrong)
    }
    let rows = render(board).split(separator: "\n").filter { $0.hasSuffix(" done") }
    #expect(rows.count == 4)
    #expect(rows.count { $0.contains("±") } == 3)
    #expect(!rows.contains { $0.contains("*") })
    let text = render(board).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("it knows nothing of other seeds, and nothing has a *"))
    #expect(text.contains("no rank here is a claim"))
  }

  @Test("Who is behind random pruning reads why")
  func behindRandom() throws {
    let board = try board("friedman1", strategies: ["magnitude", "obd", "random"], seeds: 3) {
      let error = ["magnitude": 0.2, "obd": 0.5, "random": 0.3][$0] ?? .nan
      return (error + 0.01 * Double($1), nil)
    }
    let text = render(board).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      text.contains(
        "chance random pruning has the smaller mean error here, and the program knows no reason: obd"
      ))
  }

  @Test("Decimals are those of C, halves included", arguments: [0, 1, 2, 3, 7, 9])
  func decimals(_ decimals: Int) {
    var random = SystemRandomNumberGenerator()
    let halves = (-9...9).map { Double($0) / 8 }
    let wide = (0..<2000).map { _ in
      Double.random(in: -1...1, using: &random)
        * pow(10, Double.random(in: -12...7, using: &random))
    }
    let special = [0, -0.0, Double.leastNonzeroMagnitude, 0.005, 1.005, 2.675, 9_999_999.999_5]
    for value in halves + wide + special {
      let text = String(format: "%.\(decimals)f", value)
      let isZero = !text.contains { "123456789".contains($0) }
      let expected = isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
      #expect(DecimalText.fixed(value, decimals: decimals) == expected)
    }
  }

  @Test func powersOfTen() {
    for (value, text) in [
      (1e7, "1.00e+07"), (12_345_678, "1.23e+07"), (9.999e9, "1.00e+10"), (-2.5e120, "-2.50e+120"),
      (1.797e308, "1.80e+308"),
    ] {
      #expect(DecimalText.scientific(value) == text)
    }
  }

  @Test(
    "A locale with commas, which a plugin may set, changes no number",
    .enabled(
      if: ["/usr/bin/localedef", "/usr/share/i18n/locales/de_DE"]
        .allSatisfy(FileManager.default.fileExists)))
  func locale() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let definition = Process()
    definition.executableURL = URL(filePath: "/usr/bin/localedef")
    definition.arguments = [
      "-i", "de_DE", "-f", "UTF-8", folder.appending(path: "de_DE.UTF-8").path,
    ]
    try definition.run()
    definition.waitUntilExit()
    let fixture = try ReportFixture()
    let expected = fixture.boards.map { render($0) }
    let result = try #require(fixture.results.values.first { !$0.points.isEmpty })
    let stored = try CanonicalJSON.encode(result)

    setenv("LOCPATH", folder.path, 1)
    let german = try #require(newlocale(1 << LC_NUMERIC, "de_DE.UTF-8", nil))
    unsetenv("LOCPATH")
    // Of this thread alone: other tests run beside this one.
    let before = uselocale(german)
    defer {
      uselocale(before)
      freelocale(german)
    }
    #expect(strtod("12,5", nil) == 12.5)
    #expect(fixture.boards.map { render($0) } == expected)
    #expect(try CanonicalJSON.encode(result) == stored)
    #expect(try CanonicalJSON.decode(CellResult.self, from: stored) == result)
  }

  @Test("Times of several machines in one table are said to be so")
  func machines() throws {
    var fixture = try ReportFixture()
    for (key, result) in fixture.results where key.strategy == "obd" && !key.isDense {
      fixture.results[key]?.provenance?.machine.processor = "another \u{1B}[2J"
      if key.replicate == 2 { fixture.results[key]?.provenance = nil }
      #expect(!result.points.isEmpty)
    }
    let text = render(fixture.boards[0])
    #expect(text.contains("times in this table are of 3 settings"))
    #expect(text.contains("another \u{FFFD}[2J, 2 cores, 1 thread, avx2 kernels, linear algebra"))
    #expect(text.contains("a machine that nobody noted: 1 cell"))
    #expect(!text.contains("decide; on a processor"))
    #expect(try render(ReportFixture().boards[0]).contains("a processor, 2 cores, 1 thread"))
  }

  @Test("A floor and a missing validation set are said")
  func facts() throws {
    var board = try ReportFixture().boards[0]
    board.noiseFloor = 0.04
    board.validatesOnTraining = true
    let text = render(board).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("floor 0.0400 is what the noise in the targets leaves"))
    #expect(text.contains("on the training set, which is all there is for validation, 0.0500"))
  }

  @Test("Far fewer weights than asked for are no rank, and a word")
  func undercut() throws {
    var fixture = try ReportFixture()
    for key in fixture.results.keys where key.strategy == "trim" {
      fixture.results[key]?.points[0].counts.weights = 2
    }
    let lines = render(fixture.boards[0]).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("–  trim ") })
    #expect(
      lines.contains {
        $0.hasPrefix("not ranked   left far fewer weights than asked for")
          && $0.hasSuffix("the others: trim at") || $0.hasSuffix(": trim at 2×")
      })
  }

  @Test("However much is logged, a board is short")
  func longLogs() throws {
    var fixture = try ReportFixture()
    for key in fixture.results.keys where key.strategy == "obd" {
      fixture.results[key]?.log =
        (0..<20_000).map { "\(String($0, radix: 2).map { $0 == "0" ? "a" : "b" })" }
        + [String(repeating: "x", count: 1_000_000)]
    }
    let text = render(fixture.boards[0], width: 80)
    #expect(text.utf8.count < 30_000)
    #expect(text.contains("more lines"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
