import Comparison
import Foundation

/// What one comparison of all hostile libraries left behind.
struct HostileRun: Sendable {
  private(set) var results: [String: CellResult] = [:]
  private(set) var statuses: [String: [String: Int]] = [:]
  /// What was said of libraries that cannot be compared.
  private(set) var refusals: [String: Tool.Outcome] = [:]
  /// `magnitude` without company.
  private(set) var alone: CellResult?
  /// The text of the board.
  private(set) var board = ""
  /// Of the cells that the same command ran again.
  private(set) var again: Tool.Outcome
  private(set) var processesLeft: [String] = []
  private(set) var filesChanged: [String] = []
  private(set) var filesAdded: [String] = []

  init() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let surroundings = try Surroundings(in: folder)
    let refused = try HostileCase.all.filter { !$0.isEntered }
      .map { ($0.name, try surroundings.start(["magnitude"], [$0], to: $0.name)) }

    let rows = HostileCase.all.filter(\.isEntered)
    _ = try surroundings.start(["magnitude"], [], to: "alone").finish()
    let before = try surroundings.watchedFiles()
    let names = ["magnitude"] + rows.map(\.name)
    let outcome = try surroundings.start(names, rows, to: "together").finish()
    again = try surroundings.start(names, rows, to: "together").finish()
    for (name, running) in refused { refusals[name] = try running.finish() }
    processesLeft = surroundings.processes()
    let after = try surroundings.watchedFiles()
    filesChanged = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    filesAdded = try surroundings.filesOfNobody(in: "together")

    statuses = try outcome.statuses()
    alone = try surroundings.results("alone").first { $0.key.strategyText == "magnitude" }
    for result in try surroundings.results("together") {
      results[result.key.strategyText] = result
    }
    board = try Tool().run("report", "--output", surroundings.folder("together").path).output
  }
}

/// Folders, libraries and processes of such a comparison.
private struct Surroundings {
  private let root: URL
  private var libraries: [String: URL] = [:]
  /// Stands in the environment of every process of the comparison, and in that of no other.
  private let mark: String
  private var home: URL { root.appending(path: "home") }
  private var built: URL { root.appending(path: "libraries") }

  init(in root: URL) throws {
    self.root = root
    mark = root.appending(path: "mark").path
    for folder in [home, built] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let kept = home.appending(path: "kept")
    for file in [kept, home.appending(path: "data")] { try Data("kept".utf8).write(to: file) }
    let places = [
      "DATA": home.appending(path: "data"), "HOME": home, "RESULTS": folder("together"),
      "KEPT": kept,
    ]
    let lines = places.map { "#define \($0) \"\($1.path)\"\n" }
    try Data(lines.joined().utf8).write(to: built.appending(path: "surroundings.h"))
    for one in HostileCase.all {
      libraries[one.name] = try HostileLibrary.build(
        one.source, named: one.name, flags: ["-DPLACE=\(one.place.rawValue)", "-lpthread"],
        in: built)
    }
  }

  func folder(_ name: String) -> URL { root.appending(path: "results-\(name)") }

  func start(_ strategies: [String], _ cases: [HostileCase], to name: String) throws -> Running {
    var tool = Tool()
    tool.environment["HOME"] = home.path
    tool.environment["PATH"] = "/usr/bin:/bin:\(mark)"
    return try tool.start(
      [
        "compare", "--strategies", strategies.joined(separator: ","), "--benchmarks", "sine",
        "--ratios", "2", "--seeds", "1", "--quick", "--jobs", "2", "--strategy-timeout", "3s",
        "--timeout", "60s", "--memory", "256M", "--format", "json", "--output", folder(name).path,
      ] + cases.flatMap { ["--plugin", libraries[$0.name]?.path ?? $0.name] })
  }

  func results(_ name: String) throws -> [CellResult] {
    let (results, refused) = try Store(folder(name)).contents()
    if let first = refused.first { throw first }
    return results
  }

  /// The command lines of processes that are still there.
  func processes() -> [String] {
    var left: [String] = []
    // The kernel ends what lost its parent a moment later.
    for _ in 0..<100 {
      left = ProcessTable.ids.filter { ProcessTable.environment(of: $0).contains(mark) }
        .map(ProcessTable.commandLine)
      if left.isEmpty { break }
      usleep(20_000)
    }
    return left
  }

  /// The contents of what no strategy has any business with, by path.
  func watchedFiles() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for folder in [home, built, self.folder("alone")] {
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
        let path = folder.appending(path: name).path
        files[path] = FileManager.default.contents(atPath: path) ?? Data()
      }
    }
    return files
  }

  /// Files among results that the program does not write.
  func filesOfNobody(in name: String) throws -> [String] {
    func parts(_ name: String) throws -> [[Substring]] {
      try FileManager.default.subpathsOfDirectory(atPath: folder(name).path)
        .map { $0.split(separator: "/") }
    }
    let known = Set(
      [
        Store.resultName, Store.keyName, Store.metricsName, Store.modelName, Store.earlyName,
        Store.structuresName, Store.changesName, Store.standardErrorName,
      ].map { $0[...] })
    let others = Set(try parts("alone").map { $0[0] }.filter { !isCell($0) })
    return try parts(name).filter { path in
      path.count == 1
        ? !isCell(path[0]) && !others.contains(path[0])
        : !isCell(path[0]) || path.count > 2 || !known.contains(path[1])
    }
    .map { $0.joined(separator: "/") }
  }

  private func isCell(_ name: Substring) -> Bool {
    name.count == 64 && name.allSatisfy(\.isHexDigit)
  }
}
