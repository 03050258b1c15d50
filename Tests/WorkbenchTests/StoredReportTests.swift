import Comparison
import Foundation
import Testing

/// What `report` says of folders with good results, damaged ones and none.
@Suite struct StoredReportTests {
  private let tool = Tool()

  /// Runs `body` with a folder that holds `results`.
  private func withStore(
    _ results: some Collection<CellResult>, _ body: (URL, Store) throws -> Void
  ) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = Store(folder)
    let lock = try store.lock()
    for result in results {
      let cell = try store.begin(result.key)
      if result.key.isDense { try Data([1]).write(to: cell.appending(path: Store.modelName)) }
      try store.commit(result, from: cell)
    }
    withExtendedLifetime(lock) {}
    try body(folder, store)
  }

  @Test("A folder without results, or none at all, ends with 2 and says what to do")
  func nothing() throws {
    try withStore([]) { folder, _ in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      for (path, reason) in [
        (folder.path, "there are no results in '\(folder.path)'"),
        (file.path, "'\(file.path)' is no folder"),
        (folder.path + "/none", "there is no folder '\(folder.path)/none'"),
      ] {
        let outcome = try tool.run("report", "--output", path)
        #expect(outcome.code == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.errors.contains("workbench compare"))
      }
    }
  }

  @Test("A damaged result and one of another schema are named, the others shown")
  func damaged() throws {
    let fixture = try ReportFixture()
    try withStore(fixture.results.values) { folder, store in
      let keys = fixture.plan.cells.map(\.key)
      for (key, text) in [(keys[0], "{"), (keys[1], "{\"schema\": 2}")] {
        try Data(text.utf8).write(
          to: store.folder(of: key).appending(path: Store.resultName))
      }
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("magnitude[scope=layer]"))
      #expect(outcome.errors.contains("\(keys[0].hash)/result.json is no JSON"))
      #expect(
        outcome.errors.contains(
          "\(keys[1].hash)/result.json is not as this version writes results: no 'key'"))
    }
  }

  @Test("Where nothing can be read, that is said, and not every file by name")
  func allDamaged() throws {
    let fixture = try ReportFixture()
    try withStore(fixture.results.values) { folder, store in
      for key in fixture.results.keys {
        try Data().write(to: store.folder(of: key).appending(path: Store.resultName))
      }
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("there are no readable results in '\(folder.path)'"))
      #expect(outcome.errors.contains("\(fixture.results.count - 3) more"))
      #expect(outcome.errors.split(separator: "\n").count == 5)
    }
  }

  @Test("Results of other versions, and dense networks alone, make no board")
  func noBoard() throws {
    let fixture = try ReportFixture()
    let dense = fixture.results.values.filter(\.key.isDense)
    try withStore(dense) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 2)
      #expect(outcome.errors.contains("no strategy has a result"))
    }
    let older = fixture.results.values.filter { !$0.key.isDense }.map { result in
      var result = result
      result.key.benchmarkVersion += 1000
      return result
    }
    try withStore(older) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("\(older.count) results of another version of the benchmark"))
    }
  }

  @Test(
    "Two builds of a plugin and unequal numbers of seeds are all shown, and nothing is left out")
  func everyRow() throws {
    let fixture = try ReportFixture()
    var results = Array(fixture.results.values)
    for result in fixture.results.values where result.key.strategy == "trim" {
      var other = result
      other.key.pluginSHA256 = String(repeating: "b", count: 64)
      results.append(other)
    }
    results.removeAll { $0.key.strategy == "obd" && $0.key.replicate != 1 }
    try withStore(results) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 0)
      #expect(outcome.errors.isEmpty)
      for word in [
        "trim (build aaaa…)", "trim (build bbbb…)", "1 done, 2 not run",
        "obd: seed 1, where most have seeds 0–2; not ranked",
      ] { #expect(outcome.output.contains(word), "\(word)") }
    }
  }

  @Test("Cells of other kernels have a board of their own")
  func kernels() throws {
    let fixture = try ReportFixture(replicates: 1)
    let others = fixture.results.values.map { result in
      var result = result
      result.key.kernels = "portable"
      return result
    }
    try withStore(Array(fixture.results.values) + others) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.errors.isEmpty)
      let headers = outcome.output.split(separator: "\n").filter { $0.hasPrefix("friedman1  ") }
      #expect(headers.map { $0.hasSuffix("; avx2 kernels") } == [true, false])
      #expect(headers.map { $0.hasSuffix("; portable kernels") } == [false, true])
    }
  }

  @Test("What cannot stand on a board is left out for its own reason")
  func exclusions() throws {
    let fixture = try ReportFixture(replicates: 1)
    let cells = fixture.results.values.filter { !$0.key.isDense }
    var results = Array(fixture.results.values)
    let changes: [(inout CellKey) -> Void] = [
      { $0.benchmark = "gone" }, { $0.benchmarkVersion += 1 }, { $0.protocolVersion += 1 },
      { $0.ratios = [0.5] }, { $0.replicate = .max }, { $0.replicate = -1 },
    ]
    for change in changes {
      var result = cells[0]
      result.status = .crashed
      result.reason = "a reason"
      change(&result.key)
      results.append(result)
    }
    try withStore(results) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.code == 0)
      for reason in [
        "1 result of 'gone', no benchmark of this program",
        "1 result of another version of the benchmark",
        "1 result of another version of the protocol",
        "3 results of ratios or seeds that no comparison has",
      ] { #expect(outcome.errors.contains(reason), "\(outcome.errors)") }
    }
  }

  @Test("Without the dense network's cell the weights to leave are known from the others")
  func withoutDense() throws {
    let results = try ReportFixture().results.values.filter { !$0.key.isDense }
    try withStore(results) { folder, _ in
      let outcome = try tool.run("report", "--output", folder.path)
      #expect(outcome.output.contains("2×  275 weights to leave"))
      #expect(outcome.output.contains("dense        550 weights"))
    }
  }

  @Test func anUnknownReferenceIsQuoted() throws {
    try withStore(ReportFixture().results.values) { folder, _ in
      let wrong = try tool.run("report", "--output", folder.path, "--reference", "randm")
      #expect(wrong.code == 2)
      #expect(wrong.errors.contains("'randm'") && wrong.errors.contains("'random'"))
      let right = try tool.run("report", "--output", folder.path, "--reference", "random")
      #expect(right.output.contains("vs random"))
    }
  }

  @Test("Published results are shown where the data folder is, and the board is without it")
  func published() throws {
    let plan = try ComparisonPlan(
      benchmarks: ["mnist-300-100"], entrants: [Entrant(id: "obd")], ratios: [12], replicates: 1,
      controls: false)
    let results = (plan.denseCells + plan.cells).map { ReportFixture.result(of: $0.key) }
    try withStore(results) { folder, _ in
      let shown = try tool.run("report", "--output", folder.path)
      #expect(shown.code == 0)
      #expect(shown.errors.isEmpty)
      #expect(shown.output.contains("12×, 1.59 %: Magnitude prune+retrain, 2015\n"))
      var elsewhere = tool
      elsewhere.environment["WORKBENCH_DATASETS"] = "/nowhere"
      let bare = try elsewhere.run("report", "--output", folder.path)
      #expect(bare.code == 0)
      #expect(bare.errors.isEmpty)
      #expect(bare.output.contains("obd"))
      #expect(!bare.output.contains("published"))
    }
  }

  @Test("A document is brought up to date between its marks, and nothing else of it")
  func update() throws {
    try withStore(ReportFixture().results.values) { folder, _ in
      let page = folder.appending(path: "page.md")
      let link = folder.appending(path: "link.md")
      let (begin, end) = ("<!-- board: friedman1 -->\n", "<!-- end of board -->\n")
      try Data("before\n\(begin)old\n\(end)after".utf8).write(to: page)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: page.path)
      try FileManager.default.createSymbolicLink(
        atPath: link.path, withDestinationPath: page.lastPathComponent)
      let outcome = try tool.run("report", "--output", folder.path, "--update", link.path)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      let text = try String(contentsOf: page, encoding: .utf8)
      #expect(text.hasPrefix("before\n\(begin)\n**friedman1** Friedman 1"))
      #expect(text.hasSuffix("\n\n\(end)after"))
      #expect(text.contains("| 1 | obs\\[damping=0.01\\] | **0.0570 ± 0.0029** |"))
      let attributes = try FileManager.default.attributesOfItem(atPath: page.path)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) == "page.md")
      let again = try tool.run("report", "--output", folder.path, "--update", page.path)
      #expect(again.errors.contains("is up to date"))
      #expect(try String(contentsOf: page, encoding: .utf8) == text)
    }
  }

  @Test("A document without marks, or for a benchmark without results, stays as it is")
  func noUpdate() throws {
    try withStore(ReportFixture().results.values) { folder, _ in
      let page = folder.appending(path: "page.md")
      for (text, reason) in [
        ("nothing here\n", "has no place for a board"),
        ("<!-- board: sine -->\n<!-- end of board -->\n", "there are no results of 'sine'"),
        ("<!-- board: friedman1 -->\n", "begins a board that nothing ends"),
      ] {
        try Data(text.utf8).write(to: page)
        let outcome = try tool.run("report", "--output", folder.path, "--update", page.path)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(try String(contentsOf: page, encoding: .utf8) == text)
      }
      let csv = try tool.run(
        "report", "--output", folder.path, "--update", page.path, "--format", "csv")
      #expect(csv.code == 2)
      #expect(csv.errors.contains("--format csv"))
    }
  }

  @Test("Text on a pipe has 100 columns, or as many as COLUMNS says")
  func columns() throws {
    try withStore(ReportFixture().results.values) { folder, _ in
      for (named, most) in [("", 100), ("none", 100), ("60", 60), ("150", 150)] {
        var narrow = tool
        narrow.environment["COLUMNS"] = named
        let outcome = try narrow.run("report", "--output", folder.path)
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= most }, "\(named)")
        #expect(lines.contains { $0.hasPrefix("not shown") })
      }
      let markdown = try tool.run("report", "--output", folder.path, "--format", "markdown")
      #expect(markdown.output.hasPrefix("**friedman1**"))
      let csv = try tool.run("report", "--output", folder.path, "--format", "csv")
      #expect(csv.output.hasPrefix("benchmark,kernels,"))
    }
  }
}
