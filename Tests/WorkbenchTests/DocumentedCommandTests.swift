import Foundation
import TestSupport
import Testing

/// Every command of the program that a document shows: what can be planned is planned, and of what needs files of a
/// reader the options are looked up.
@Suite("Documented commands")
struct DocumentedCommandTests {
  struct Command: Sendable, CustomTestStringConvertible {
    var document: String
    var words: [String]
    var testDescription: String { "\(document): \(words.joined(separator: " "))" }
    /// What a reader has and a test has not: libraries, tables and files of their own.
    var namesFiles: Bool {
      words.contains { word in
        [
          "./", "~/", ".json", ".onnx", ".safetensors", ".so:", "libmine", "mine", "OUT/", "FILE",
          "NAME", "/usr/share",
        ]
        .contains {
          word.contains($0)
        } || word == "."
      }
    }
  }

  static let commands: [Command] = documents.flatMap { file in
    ((try? String(contentsOf: file, encoding: .utf8)) ?? "")
      .replacingOccurrences(of: "\\\n", with: " ")
      .components(separatedBy: "\n").compactMap { line in
        let text = line.trimmingCharacters(in: .whitespaces)
        let command = text.hasPrefix("$ ") ? String(text.dropFirst(2)) : text
        guard command.hasPrefix("workbench ") else { return nil }
        return Command(document: file.lastPathComponent, words: words(command))
      }
  }

  private static var documents: [URL] {
    let root = packageRoot.appending(path: "Documentation")
    let pages =
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "md" } ?? []
    return [packageRoot.appending(path: "README.md")] + pages.sorted { $0.path < $1.path }
  }

  /// As a shell takes a line apart: words in quotes are one, and a # begins a remark.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in line {
      switch character {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case " " where !isQuoted:
        if let whole = word { words.append(whole) }
        word = nil
      case "#" where !isQuoted && word == nil: return Array(words.dropFirst())
      case "&" where !isQuoted && word == nil: return Array(words.dropFirst())
      default: word = (word ?? "") + String(character)
      }
    }
    return Array((words + (word.map { [$0] } ?? [])).dropFirst())
  }

  @Test func thereAreCommands() {
    #expect(Self.commands.count > 50)
    #expect(Self.commands.count { !$0.namesFiles } > 40)
  }

  @Test("What can be planned is planned", arguments: commands.filter { !$0.namesFiles })
  func planned(_ command: Command) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = try #require(command.words.first)
    var words = command.words
    switch name {
    case "compare", "run", "sensitivity", "reproduce":
      guard !words.contains("--list") else { break }
      if let index = words.firstIndex(of: "--plugin") { words.removeSubrange(index...index + 1) }
      words += ["--dry-run", "--output", folder.path]
    case "list", "info": break
    default: return try expectOptions(of: command)
    }
    let outcome = try Tool().run(words)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test("The options of the others are there", arguments: commands.filter(\.namesFiles))
  func described(_ command: Command) throws { try expectOptions(of: command) }

  private func expectOptions(of command: Command) throws {
    let name = try #require(command.words.first)
    let help = try Tool().run(name, "--help")
    #expect(help.code == 0, "\(help.errors)")
    for option in command.words where option.hasPrefix("--") {
      #expect(help.output.contains(option), "\(option) of \(name)")
    }
  }
}
