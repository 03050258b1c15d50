import Foundation
import Testing

/// The transcript of the documentation, typed again in an empty folder.
@Suite struct FirstStrategyTests {
  /// A command and what it printed.
  private struct Entry {
    var command: String
    var lines: [String]
  }

  /// What is written and built in place of the Swift package of the transcript.
  struct Language: CustomTestStringConvertible {
    var name: String
    var begin = FirstStrategyTests.begin
    var build = FirstStrategyTests.build
    var testDescription: String { name }

    /// Whether all programs that it takes are there.
    var isThere: Bool {
      let compilers = ["C": "cc", "C++": "g++"]
      let tool = build.split(separator: " ").first.map(String.init) ?? build
      return ([tool] + [compilers[name]].compactMap(\.self)).allSatisfy(WorkbenchTests.isThere)
    }
  }

  private static let begin = "workbench new mine"
  private static let build = "swift build -c release"
  private static let page = packageRoot.appending(path: "Documentation/first-strategy.md")

  /// The transcript's own, and those of the page's table.
  private static let languages: [Language] = {
    let rows = (try? part("LANGUAGES"))?.components(separatedBy: "\n").dropFirst(2) ?? []
    return [Language(name: "Swift")]
      + rows.compactMap { row in
        let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
        return cells.count == 4 ? Language(name: cells[0], begin: cells[1], build: cells[2]) : nil
      }
  }()

  @Test func allLanguagesAreTold() {
    #expect(Self.languages.map(\.name) == ["Swift", "C", "C++", "Rust"])
  }

  @Test("What is typed prints what the page says", arguments: languages.filter(\.isThere))
  func transcript(language: Language) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let entries = try Self.entries()
    let commands = entries.map { $0.command == Self.begin ? language.begin : $0.command }
      .map { $0 == Self.build ? language.build : $0 }
    #expect(commands.contains(language.begin) && commands.contains(language.build))
    let printed = try type(commands, in: folder)
    for (entry, lines) in zip(entries, printed) {
      // What is written is another file, and compilers say what they like.
      if language.begin != Self.begin, entry.command == Self.begin { continue }
      let wanted = entry.lines.map { $0.replacing(Self.build, with: language.build) }
      let found = Set(lines.map(Self.shape))
      for line in wanted where line != "…" {
        #expect(found.contains(Self.shape(line)), "'\(entry.command)' does not print:\n\(line)")
      }
      if !wanted.contains("…") { #expect(lines.count == wanted.count, "\(entry.command)") }
    }
    let rows = ["mine", "magnitude"].compactMap { name in
      printed.last?.first { $0.contains(" \(name)  ") && $0.contains("2 done") }
    }
    #expect(rows.count == 2)
    #expect(Set(rows.map { $0.firstMatch(of: /\d\.\d+ ± \d\.\d+/)?.output }).count == 1, "\(rows)")
  }

  /// What each command prints to both streams, one after the other in one shell.
  private func type(_ commands: [String], in folder: URL) throws -> [[String]] {
    let mark = "— end of a command —"
    let program = try Tool.executable.deletingLastPathComponent().path
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.currentDirectoryURL = folder
    process.arguments = [
      "-c",
      "PATH='\(program)':$PATH; exec 2>&1; set -e; "
        + commands.map { "\($0); echo '\(mark)'" }.joined(separator: "; "),
    ]
    let outcome = try Running(process).finish()
    #expect(outcome.code == 0, "\(outcome.output)")
    let printed = outcome.output.components(separatedBy: mark + "\n").dropLast()
    try #require(printed.count == commands.count, "\(outcome.output)")
    return printed.map { $0.split(separator: "\n").map(String.init) }
  }

  /// A line without its figures, stars and the width of its columns.
  private static func shape(_ line: String) -> String {
    line.replacing(/[+-]?\d[\d.,]*k?/, with: "0").replacing("*", with: "")
      .replacing("portable kernels", with: "avx0 kernels")
      .split(separator: " ").joined(separator: " ")
  }

  private static func entries() throws -> [Entry] {
    var entries: [Entry] = []
    for line in try part("TRANSCRIPT").components(separatedBy: "\n") where !line.hasPrefix("```") {
      if line.hasPrefix("$ ") {
        entries.append(Entry(command: String(line.dropFirst(2)), lines: []))
      } else if let last = entries.indices.last {
        entries[last].lines.append(line)
      }
    }
    return entries
  }

  /// The text between two marks of the page.
  private static func part(_ name: String) throws -> String {
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- BEGIN \(name) -->\n"))
    let end = try #require(text.range(of: "\n<!-- END \(name) -->"))
    return String(text[start.upperBound..<end.lowerBound])
  }
}
