import Comparison
import Foundation
import TestSupport
import Testing

/// What others do to a strategy is no verdict on it, and the next run tries again.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct ExternalEndingTests {
  @Test("Somebody kills its process; its file is overwritten while it is at work; nothing happens")
  func endings() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = try HostileLibrary.build("outliving.c", named: "outliving", in: folder)
    let contents = try Data(contentsOf: library)
    let comparison = Comparison(library: library, folder: folder)

    let killed = try comparison.run { kill($0, SIGKILL) }
    #expect(killed.status == .stopped)
    #expect(killed.reason?.contains("its process was ended by SIGKILL") == true)

    let overwritten = try comparison.run { _ in truncate(library.path, 0) }
    #expect(overwritten.status == .stopped)
    #expect(
      overwritten.reason?.hasPrefix("its library was changed or removed while it ran") == true,
      "\(overwritten.reason ?? "")")

    try contents.write(to: library)
    #expect(try comparison.run { _ in 0 }.status == .done)
  }

  /// A comparison that is disturbed.
  private struct Comparison {
    let library: URL
    let folder: URL

    /// - Parameter disturb: Is given the strategy's process, which is at work.
    func run(_ disturb: (pid_t) -> Int32) throws -> CellResult {
      let results = folder.appending(path: "results")
      let mark = folder.appending(path: "mark").path
      var tool = Tool()
      tool.environment["PATH"] = "/usr/bin:/bin:\(mark)"
      let running = try tool.start([
        "compare", "--strategies", "outliving", "--plugin", library.path, "--benchmarks", "sine",
        "--ratios", "2", "--seeds", "1", "--quick", "--quiet", "--output", results.path,
      ])
      let process = try #require(find(mark, while: running))
      #expect(disturb(process) == 0)
      _ = try running.finish()
      let stored = try Store(results).contents().results
      return try #require(stored.first { $0.key.strategy == "outliving" })
    }

    /// The strategy's process of a cell. One that only says what the library is ends at once; this one scores
    /// for two seconds.
    private func find(_ mark: String, while running: Running) -> pid_t? {
      func isOfACell(_ id: pid_t) -> Bool {
        ProcessTable.environment(of: id).contains(mark)
          && ProcessTable.commandLine(of: id).hasSuffix(" strategy ")
          && ProcessTable.parent(of: id).map {
            ProcessTable.commandLine(of: $0).contains(" worker ")
          } == true
      }
      while running.process.isRunning {
        if let id = ProcessTable.ids.first(where: isOfACell) {
          usleep(700_000)
          if isOfACell(id) { return id }
        }
        usleep(5000)
      }
      return nil
    }
  }
}
