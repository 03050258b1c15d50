import ArgumentParser
import Comparison
import Files
import Foundation
import PluginHost
import Templates

/// Writes a package with a new strategy.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a package with a new strategy, to be changed and built.",
    discussion: """
      The package builds with one command and needs neither the network nor the workbench's sources. \
      A strategy of kind score says what each weight is worth; propose masks weights off itself; \
      train acts after each step of training; grow widens a small network.

      EXAMPLES
        workbench new mine
        workbench new mine --language c --kind propose
        workbench new mine --language rust --output ~/strategies/mine
        workbench new mine --depend ~/workbench
      """)

  @Argument(help: "The word that --strategies takes: lower case letters, digits, '-' and '.'.")
  var name: String

  @Option(help: "What it is written in.")
  var language = PackageTemplate.Language.swift

  @Option(help: "How it acts.")
  var kind = PackageTemplate.Kind.score

  @Option(
    help: ArgumentHelp(
      "Take StrategyKit from the workbench's package there, in place of a copy (Swift alone).",
      valueName: "path|url"))
  var depend: String?

  @Option(
    help: ArgumentHelp(
      "The folder to be written, which must not exist (default: the name).", valueName: "folder"),
    transform: Values.folder)
  var output: String?

  func run() throws {
    let name = try StrategyName(name)
    try checkIsFree(name.id)
    let template = PackageTemplate(
      name: name, language: language, kind: kind, dependency: try dependency())
    let folder = output ?? name.id
    try PackageWriter(folder: URL(literalPath: folder), shown: folder).write(template.files)
    try Console.output(
      """
      \(folder) has the strategy '\(name.id)', in \(template.source). Build it, check it, and compare it:
        cd \(Self.quoted(folder))
        \(template.buildCommand)
        \(template.checkCommand)
        \(template.compareCommand)

      """)
  }

  private func checkIsFree(_ id: String) throws {
    let isTaken: String? =
      if try PluginOptions.parse([]).catalogue().entries.contains(where: { $0.id == id }) {
        "the workbench has a strategy '\(id)' already"
      } else if Benchmark.catalogue.contains(where: { $0.name == id }) {
        "'\(id)' is a benchmark"
      } else if id == StrategyEntry.denseId
        || Control.allCases.contains(where: { $0.rawValue == id })
      {
        "'\(id)' is a word of the workbench's own"
      } else {
        nil
      }
    guard let isTaken else { return }
    throw CommandError("\(isTaken); write another name, such as 'my-\(id)'")
  }

  private func dependency() throws -> PackageTemplate.Dependency? {
    guard let depend else { return nil }
    guard language == .swift else {
      throw CommandError(
        "--depend '\(depend)' is for Swift, and a package in \(language.rawValue) depends on nothing; "
          + "leave it out")
    }
    return try PackageTemplate.Dependency(depend)
  }

  /// As a shell reads it as one word.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._~+-".contains($0))
    }
    guard !isPlain || text.hasPrefix("~") || text.hasPrefix("-") else { return text }
    return "'" + (text.hasPrefix("-") ? "./" : "") + text.replacing("'", with: "'\\''") + "'"
  }
}

extension PackageTemplate.Language: ExpressibleByArgument {}
extension PackageTemplate.Kind: ExpressibleByArgument {}
