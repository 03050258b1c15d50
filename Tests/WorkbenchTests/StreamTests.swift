import Foundation
import Testing

/// What becomes of the program when its streams, its folder or its terminal are not as usual.
@Suite struct StreamTests {
  private let tool = Tool()

  /// Runs a line of shell with the program as `$1`, in a folder of its own.
  private func shell(_ line: String) throws -> Tool.Outcome {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, "sh", try Tool.executable.path]
    process.currentDirectoryURL = folder
    return try Running(process).finish()
  }

  private static let one =
    "--benchmarks sine --quick --seeds 1 --ratios 2 --quiet --output results"

  @Test(
    "What cannot be written is an error, on a full disk and to a closed stream",
    arguments: [">/dev/full", ">&-"])
  func unwritable(_ redirection: String) throws {
    for command in [
      "list", "info obd", "--help", "--version", "bench --list",
      "compare --strategies obd --dry-run", "run --strategy obd --dry-run",
    ] {
      let outcome = try shell("\"$1\" \(command) \(redirection)")
      #expect(outcome.code == 2, "\(command): \(outcome.code)")
      #expect(outcome.errors.contains("cannot be written to standard output"), "\(command)")
    }
  }

  @Test("A board that cannot be written is no board, and its cells are kept")
  func unwritableBoard() throws {
    let outcome = try shell(
      "\"$1\" compare --strategies obd \(Self.one) >/dev/full; echo $? >&2; "
        + "\"$1\" report --output results >/dev/full; echo $? >&2; "
        + "\"$1\" report --output results")
    #expect(outcome.errors.split(separator: "\n").count { $0 == "2" } == 2, "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("\n2\n"), "\(outcome.errors)")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("obd"))
  }

  @Test("Paths are taken as they are written, and an empty one is refused")
  func literalPaths() throws {
    let outcome = try shell(
      "\"$1\" compare --strategies obd \(Self.one.replacing("results", with: "'~daemon'")) && ls")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").last == "~daemon")
    let empty = try tool.run("compare", "--strategies", "obd", "--output", "", "--dry-run")
    #expect(empty.code == 2)
    #expect(empty.errors.contains("'' names no folder"))
    let plugin = try shell(
      "mkdir '~' && echo 'no library' >'~/x.so' && \"$1\" list --plugin '~/x.so'")
    #expect(plugin.code == 2)
    #expect(plugin.errors.contains("cannot load this as a shared library"), "\(plugin.errors)")
  }

  @Test("A list that is given twice is one list")
  func repeatedLists() throws {
    let outcome = try tool.run(
      "compare", "--strategies", "obd", "--strategies", "obs", "--benchmarks", "sine",
      "--benchmarks", "teacher", "--ratios", "2", "--ratios", "3", "--seeds", "1", "--dry-run",
      "--output", "/nowhere")
    #expect(outcome.code == 0, "\(outcome.errors)")
    for word in ["obd", "obs", "sine", "teacher", "2× 3×"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
  }

  @Test("The line of progress is as wide as the terminal is now")
  func progressOnATerminal() throws {
    let outcome = try shell(
      // Once it has begun, however long that takes.
      "script -qec 'stty cols 40; "
        + "(until [ -d results ]; do sleep 0.02; done; sleep 0.15; stty cols 20 </dev/tty) & "
        + "'\"$1\"' compare --strategies obd,obs --benchmarks sine --seeds 1 --ratios 2 --quick "
        + "--output results --no-color >/dev/null' /dev/null")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let drawn = outcome.output.components(separatedBy: "\u{1B}[J").dropFirst()
      .compactMap { $0.components(separatedBy: .controlCharacters).first }
      // Lines that stay are whole, however long.
      .filter { !$0.contains(" seed ") }.map(\.count)
    #expect(drawn.contains { $0 > 19 } && drawn.contains(19))
    #expect(drawn.filter { $0 > 39 }.isEmpty)
    #expect(outcome.output.contains("\u{1B}[1A\r\u{1B}[J"))
  }
}
