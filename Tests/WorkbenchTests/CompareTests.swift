import Foundation
import Testing

/// Comparisons from the command to the board, on the smallest benchmark.
@Suite struct CompareTests {
  private let tool = Tool()

  private func arguments(_ folder: URL, _ more: String...) -> [String] {
    [
      "compare", "--strategies", "obd", "--benchmarks", "sine", "--ratios", "2,4", "--seeds", "2",
      "--quick", "--output", folder.path,
    ] + more
  }

  @Test("A comparison gives a board, once in text and once for programs")
  func board() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try tool.run(arguments(folder))
    #expect(text.code == 0, "\(text.errors)")
    for word in [
      "sine", "obd", "magnitude", "magnitude[scope=layer]", "lamp", "random", "none", "±",
    ] {
      #expect(text.output.contains(word))
    }
    #expect(text.output.contains("--quick"))
    #expect(!text.output.contains("\u{1B}"))
    #expect(text.errors.contains("sine obd seed 1: done"))

    let again = try tool.run(arguments(folder, "--format", "json"))
    #expect(again.code == 0)
    #expect(!again.errors.contains("done ("), "a second run must run nothing")
    let board = try JSONDecoder().decode(Written.self, from: Data(again.output.utf8))
    #expect(board.schema == 1)
    let rows = try #require(board.boards.first?.rows)
    for ratio in [2.0, 4] {
      let names = rows.filter { $0.ratio_requested == ratio }.map(\.strategy)
      #expect(Set(names).isSuperset(of: ["obd", "magnitude", "random"]))
    }
    for row in rows {
      #expect(row.status == ["done": 2])
      #expect(row.test?.values.count == 2)
    }

    let report = try tool.run("report", "--output", folder.path)
    #expect(report.code == 0)
    #expect(report.output == text.output)
  }

  @Test func jsonHasTheKeysOfItsSchema() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(arguments(folder, "--format", "json", "--quiet", "--seeds", "1"))
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let top = try #require(object as? [String: Any])
    for key in ["schema", "workbench", "machine", "protocol", "boards", "published"] {
      #expect(top[key] != nil, "\(key) is missing")
    }
    let board = try #require((top["boards"] as? [[String: Any]])?.first)
    for key in ["benchmark", "metric", "dense", "rows"] {
      #expect(board[key] != nil, "\(key) is missing")
    }
    let row = try #require((board["rows"] as? [[String: Any]])?.first)
    for key in [
      "rank", "strategy", "parameters", "origin", "plugin_sha256", "ratio_requested",
      "ratio_achieved", "weights", "parameters_left", "flops", "test", "validation",
      "before_finetune", "difference", "score_seconds", "train_seconds", "inference", "status",
      "reason",
    ] {
      #expect(row[key] != nil, "\(key) is missing")
    }
  }

  @Test("Killed half-way, the same command finishes the rest and gives the same board")
  func resume() throws {
    let whole = try temporaryFolder()
    let cut = try temporaryFolder()
    defer {
      try? FileManager.default.removeItem(at: whole)
      try? FileManager.default.removeItem(at: cut)
    }
    let expected = try tool.run(arguments(whole, "--format", "json"))
    let victim = try tool.start(arguments(cut, "--jobs", "1"))
    victim.wait { $0.contains("[4/") }
    kill(victim.process.processIdentifier, SIGKILL)
    #expect(try victim.finish().isSignalled)
    let rest = try tool.run(arguments(cut, "--format", "json"))
    #expect(rest.code == 0)
    #expect(rest.errors.contains("are stored already"))
    #expect(try measured(rest.output) == measured(expected.output))
  }

  @Test("An interrupt ends with 130 and keeps what is finished")
  func interrupt() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let running = try tool.start(arguments(folder, "--jobs", "1"))
    running.wait { $0.contains("[2/") }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(!outcome.isSignalled)
    #expect(outcome.code == 130)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("interrupted"))
    let rest = try tool.run(arguments(folder))
    #expect(rest.code == 0)
    #expect(rest.errors.contains("are stored already"))
  }

  @Test func dryRunRunsNothing() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "results")
    let outcome = try tool.run(arguments(output, "--dry-run"))
    #expect(outcome.code == 0)
    // Two seeds of a dense network and of obd, none, random, lamp and two kinds of magnitude.
    #expect(outcome.output.contains("14 cells: 0 stored, 14 to run"))
    #expect(!FileManager.default.fileExists(atPath: output.path))
  }

  @Test("What would run is told to programs, too")
  func dryRunAsJSON() throws {
    struct Planned: Decodable {
      struct Cell: Decodable {
        var benchmark: String
        var strategy: String
        var seed: Int
        var ratios: [Double]
        var stored: Bool
      }
      var schema: Int
      var quick: Bool
      var cells: [Cell]
      var training_samples: Int
    }
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func planned(_ command: String...) throws -> Planned {
      let outcome = try tool.run(
        command + ["--quick", "--dry-run", "--format", "json", "--output", folder.path])
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(Planned.self, from: Data(outcome.output.utf8))
    }
    let run = ["run", "--strategy", "obd", "--benchmark", "sine", "--ratios", "2,4", "--quick"]
    let before = try planned("run", "--strategy", "obd", "--benchmark", "sine", "--ratios", "2,4")
    #expect(before.schema == 1 && before.quick && before.training_samples > 0)
    #expect(before.cells.map(\.strategy) == ["dense", "obd"])
    #expect(before.cells.map(\.ratios) == [[], [2, 4]])
    #expect(before.cells.allSatisfy { $0.benchmark == "sine" && $0.seed == 0 && !$0.stored })
    #expect(try tool.run(run + ["--output", folder.path]).code == 0)
    let after = try planned("run", "--strategy", "obd", "--benchmark", "sine", "--ratios", "2,4")
    #expect(after.cells.allSatisfy(\.stored) && after.training_samples == 0)
    #expect(
      try planned("sensitivity", "--strategy", "obd", "--benchmark", "sine").cells.map(\.strategy)
        == ["dense"])
  }

  @Test("Without --ratios each benchmark is asked for its own")
  func ownRatios() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "compare", "--strategies", "obd", "--benchmarks", "friedman1,monks-1", "--seeds", "1",
      "--dry-run", "--output", folder.path)
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("friedman1") && $0.contains("2× 4× 8× 16× 24× 32×") })
    #expect(lines.contains { $0.hasPrefix("monks-1") && $0.contains("2× 3× 4× 5× 6×") })
  }

  @Test("A strategy that cannot act on a network is skipped, and that is no failure")
  func skipped() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "compare", "--strategies", "stochastic-depth", "--benchmarks", "sine", "--ratios", "2",
      "--seeds", "1", "--quick", "--output", folder.path)
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("1 skipped"))
  }

  @Test("Every strategy ends on small networks as it should, however few weights are asked for")
  func smallNetworks() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "compare", "--strategies",
      "obd,obs,network-trimming,filter-factorization,stochastic-depth,block-pruning",
      "--benchmarks", "monks-1,monks-2,friedman1,teacher", "--ratios", "1.25,1.5,2,4,8,16,32",
      "--seeds", "2", "--quick", "--format", "json", "--output", folder.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("nan"))
    for row in try measured(outcome.output) {
      // Two weights may well be too few for two layers; more than that is a fault.
      let endings = Set(row.status.keys).subtracting(row.ratio_requested < 8 ? [] : ["collapsed"])
      #expect(
        endings.isSubset(of: ["done", "skipped"]),
        "\(row.title) at \(row.ratio_requested): \(row.status)")
    }
  }

  @Test("A cell that takes too long is stopped, its row says so, and the code is 1")
  func timeout() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "compare", "--strategies", "obd", "--benchmarks", "mnist-lenet5", "--ratios", "2",
      "--seeds", "1", "--timeout", "1s", "--output", folder.path)
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("mnist-lenet5"))
    #expect(outcome.errors.contains("timeout"))
  }

  @Test func runFollowsATrajectory() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "run", "--strategy", "obd", "--benchmark", "sine", "--ratios", "2,3,4", "--quick", "--output",
      folder.path)
    #expect(outcome.code == 0)
    for word in ["dense", "2×", "3×", "4×", "before tuning"] {
      #expect(outcome.output.contains(word))
    }
  }

  /// Of a board only what does not depend on the clock.
  private func measured(_ json: String) throws -> [Written.Row] {
    try JSONDecoder().decode(Written.self, from: Data(json.utf8)).boards.flatMap(\.rows)
  }
}

/// The part of a board's JSON that repeats from run to run.
private struct Written: Decodable {
  var schema: Int
  var boards: [Board]

  struct Board: Decodable {
    var rows: [Row]
  }

  struct Row: Decodable, Equatable {
    var rank: Int?
    var strategy: String
    var title: String
    var ratio_requested: Double
    var ratio_achieved: Double?
    var weights: Double?
    var flops: Double?
    var test: Estimate?
    var validation: Estimate?
    var before_finetune: Estimate?
    var status: [String: Int]
  }

  struct Estimate: Decodable, Equatable {
    var mean: Double
    var values: [Double]
  }
}
