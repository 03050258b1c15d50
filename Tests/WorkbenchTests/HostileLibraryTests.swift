import Comparison
import Foundation
import TestSupport
import Testing

/// Whatever a library does in its process harms its own row alone. `HostileCase` has them all.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct HostileLibraryTests {
  /// All are compared once; each test looks at a part of what came of it.
  private static let run = Result { try HostileRun() }
  private var run: HostileRun { get throws { try Self.run.get() } }

  @Test("It has the row that it must get", arguments: HostileCase.all.filter(\.isEntered))
  func row(_ one: HostileCase) throws {
    let run = try run
    let result = try #require(run.results[one.name])
    switch one.ending {
    case .done(let words):
      #expect(result.status == .done, "\(result.reason ?? "")")
      #expect(run.statuses[one.name] == ["done": 1])
      for line in result.log where !words.isEmpty { #expect(line.hasSuffix(": \(words)")) }
      #expect(words.isEmpty || !result.log.isEmpty)
      // Its scores are those of magnitude, and the judge counts and measures as ever.
      #expect(result.points.map(\.timeless) == run.alone?.points.map(\.timeless))
    case .failed(let status, let words):
      #expect(result.status == status, "\(result.reason ?? "")")
      #expect(run.statuses[one.name] == [status.rawValue: 1])
      let reason = try #require(result.reason)
      #expect(reason.contains(words), "\(reason)")
      #expect(reason.utf8.count <= CellResult.longestReason)
      #expect(result.points.isEmpty)
    case .ownFigures:
      #expect(result.status == .done, "\(result.reason ?? "")")
      #expect(result.points.count == 1)
    case .refused: break
    }
    #expect(result.log.count <= LogLines.mostLines + 1)
    #expect(
      result.log.count <= LogLines.mostLines
        || result.log.last?.hasSuffix("more lines were left out") == true)
    #expect(result.log.allSatisfy { $0.count <= LogLines.longestLine })
  }

  @Test(
    "It is not compared, and what is said names it and the reason",
    arguments: HostileCase.all.filter { !$0.isEntered })
  func refusal(_ one: HostileCase) throws {
    guard case .refused(let words) = one.ending else { return }
    let outcome = try #require(try run.refusals[one.name])
    #expect(outcome.code == 2 && !outcome.isSignalled)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.contains("lib\(one.name).so"))
    #expect(outcome.errors.utf8.count < 2000)
  }

  @Test("The rows beside it are what they are without it")
  func others() throws {
    let run = try run
    let beside = try #require(run.results["magnitude"])
    let alone = try #require(run.alone)
    #expect(beside.status == .done && beside.points.count == 1)
    #expect(beside.points.map(\.timeless) == alone.points.map(\.timeless))
    #expect(beside.files[Store.modelName] == alone.files[Store.modelName])
    for control in ["none", "random", "magnitude[scope=layer]", "lamp"] {
      #expect(run.results[control]?.status == .done, "\(control)")
    }
  }

  @Test("Nothing is left of it: no process, no file, no change of one")
  func remains() throws {
    let run = try run
    #expect(run.processesLeft.isEmpty)
    #expect(run.filesChanged.isEmpty)
    #expect(run.filesAdded.isEmpty)
  }

  @Test("The board is whole, and moves no cursor")
  func board() throws {
    let run = try run
    for one in HostileCase.all where one.isEntered {
      #expect(run.board.contains("  \(one.name) "), "\(one.name)")
    }
    #expect(!run.board.hasControls)
    #expect(run.board.utf8.count < 60_000)
  }

  @Test("What it says of itself moves no cursor", arguments: ["list", "info"])
  func description(_ command: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = try HostileLibrary.build("painted.c", named: "painted", in: folder)
    let arguments = [command] + (command == "info" ? ["painted"] : [])
    let outcome = try Tool().run(arguments + ["--plugin", library.path])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("[31mred"))
    #expect(!(outcome.output + outcome.errors).hasControls)
  }

  @Test("The verdicts stand: the same command runs no cell again")
  func verdicts() throws {
    let errors = try run.again.errors
    #expect(!errors.contains(" seed 0: "), "\(errors)")
  }

  @Test("The documentation has a table of them")
  func documentation() throws {
    try expectSection(
      (["| library | what it does | row |", "| --- | --- | --- |"] + HostileCase.all.map(\.line))
        .joined(separator: "\n"), "hostile libraries", of: "isolation.md")
  }
}

extension TrajectoryPoint {
  /// It, without what the clock decides.
  fileprivate var timeless: TrajectoryPoint {
    var point = self
    point.scoreSeconds = 0
    point.trainSeconds = 0
    point.denseMicroseconds = 0
    point.prunedMicroseconds = 0
    return point
  }
}

extension String {
  /// Whether it has characters that a terminal obeys, beside the ends of lines.
  fileprivate var hasControls: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" }
  }
}
