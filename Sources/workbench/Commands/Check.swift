import ArgumentParser
import Foundation
import PluginHost
import Reports

/// Holds a library to the rules of the interface.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Test whether a library keeps the rules of the strategy interface.",
    discussion: """
      Each test runs in a confined process of its own, on small networks that it makes itself, so that \
      what a library does ends the test and nothing else. A failure says what was done, what came of it, \
      and which rule of Documentation/abi.md is broken. The tests run beside the library, so they help its \
      author, and prove nothing of one that wants to deceive.

      EXAMPLES
        workbench check build/libMine.so
        workbench check ~/strategies/mine
        workbench check build/libMine.so --only finite-scores,P9
        workbench check build/libMine.so --only-failed
        workbench check --list

      EXIT CODES
        0    no test failed
        2    the command cannot be carried out
        3    a test failed
      """)

  @Argument(help: "The shared library, or the folder of a package, which is built first.")
  var library: String?

  @Option(
    help: ArgumentHelp(
      "Only these tests, or those of these rules; separated by commas.", valueName: "names"))
  var only: String?

  @Flag(help: "Print failed tests alone.")
  var onlyFailed = false

  @Flag(help: "Print what tests there are, and run none.")
  var list = false

  @Option(help: "How the results are written.")
  var format = OutputFormat.text

  @Flag(help: "Do not confine the processes: for a debugger.")
  var noSandbox = false

  @Flag(help: "No colour, on a terminal too; the variable NO_COLOR does the same.")
  var noColor = false

  func run() throws {
    let text = ConformanceText(
      style: Terminal.style(Console.standardOutput, noColor: noColor),
      width: Terminal.width(Console.standardOutput))
    let tests = try self.tests()
    if list { return try Console.output(text.list(tests)) }
    guard let library else {
      throw CommandError(
        "no library is named; write its path, as in 'workbench check build/libMine.so'")
    }
    let path = try PluginPath.library(at: library)
    let conformance = try Conformance(path: path, isConfined: !noSandbox)
    let unconfined = try conformance.unconfined()
    if !unconfined.isEmpty {
      Console.warn("the processes are not confined by \(unconfined.joined(separator: ", "))")
    }
    let results = try format == .json ? conformance.run(tests) : print(conformance, tests, text)
    if format == .json { try Console.output(conformanceJSON(shown(results), of: path)) }
    if results.contains(where: { $0.verdict == .failed }) { throw ExitCode.rulesBroken }
  }

  /// Runs tests and prints each result as it comes.
  private func print(
    _ conformance: Conformance, _ tests: [ConformanceTest], _ text: ConformanceText
  ) throws -> [ConformanceResult] {
    var failure: (any Error)?
    var heading: String?
    let results = try conformance.run(tests) { result in
      guard failure == nil, !shown([result]).isEmpty else { return }
      do {
        let next = text.heading(result.strategy)
        if next != heading { try Console.output((heading == nil ? "" : "\n") + next) }
        heading = next
        try Console.output(text.line(result))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    try Console.output(text.summary(results))
    return results
  }

  private func shown(_ results: [ConformanceResult]) -> [ConformanceResult] {
    onlyFailed ? results.filter { $0.verdict == .failed } : results
  }

  /// The tests that `--only` names; all without it.
  private func tests() throws -> [ConformanceTest] {
    guard let only else { return ConformanceTest.all }
    var names: Set<String> = []
    for word in only.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      let named = ConformanceTest.all.filter { test in
        test.name == word || test.rules.contains { $0.id == word.uppercased() }
      }
      guard !named.isEmpty else {
        let known = ConformanceTest.all.map(\.name)
        throw CommandError(
          "there is no test '\(word)'; "
            + (nearest(to: word, among: known).map { "did you mean '\($0)'?" }
              ?? "'workbench check --list' names all"))
      }
      names.formUnion(named.map(\.name))
    }
    guard !names.isEmpty else {
      throw CommandError("--only '\(only)' names no test; 'workbench check --list' names all")
    }
    return ConformanceTest.all.filter { names.contains($0.name) }
  }
}
