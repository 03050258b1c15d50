import ArgumentParser
import Timing
import Datasets
import Files
import Foundation
import Reports

/// Times the program's own work.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time training, inference, curvature and the kernels on this machine.",
    discussion: """
      Rows are timed in rounds over all of them, so that whatever else the machine does meets all. \
      Masked networks have the same share of every layer's weights masked, at random.

      EXAMPLES
        workbench bench --list
        workbench bench --filter train/,machine/
        workbench bench --threads 2 --format json > before.json
        workbench bench --threads 2 --against before.json
      """)

  @Option(
    help: ArgumentHelp("Only rows whose names contain one of these words.", valueName: "words"),
    transform: Values.words)
  var filter: [[String]] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Times each row is measured (default: 5).", valueName: "count"),
    transform: { try Values.count($0, of: "rounds", upTo: 1000) })
  var rounds: Int = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that share the work of training, inference and curvature (default: 1).",
      valueName: "count"),
    transform: { try Values.count($0, of: "threads", upTo: 256) })
  var threads: Int = 1

  @Option(
    help: ArgumentHelp(
      "An earlier result in JSON, to print ratios to.", valueName: "file"))
  var against: String?

  @Option(help: ArgumentHelp("text or json (default: text).", valueName: "format"))
  var format: BenchFormat = .text

  @Flag(help: "Print the names of the rows, and time nothing.")
  var list = false

  @Flag(help: "Do not say what is being timed.")
  var quiet = false

  @Flag(help: "Print without colours (so does NO_COLOR in the environment).")
  var noColor = false

  func run() throws {
    // A file that cannot be read is said before minutes are spent.
    let other = try against.map { try BenchReport(contentsOf: URL(literalPath: $0)) }
    let bench = try Bench(filter: filter.flatMap(\.self), threads: threads, rounds: rounds) {
      try DataDirectory.locate()
    }
    guard !list else { return try Console.output(bench.names.map { $0 + "\n" }.joined()) }
    let report = try bench.run { round, row in
      guard !quiet else { return }
      Console.note("round \(round + 1) of \(rounds): \(row)\n")
    }
    switch format {
    case .json: try Console.output(String(decoding: report.json(), as: UTF8.self))
    case .text:
      let table = BenchText(
        report, against: other.map { ($0, against ?? "") },
        style: Terminal.style(Console.standardOutput, noColor: noColor))
      try Console.output(table.rendered(width: Terminal.width(Console.standardOutput)))
    }
  }
}

/// How a bench report is printed.
enum BenchFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
