import ArgumentParser
import Comparison
import Foundation
import PluginHost

/// How what is no board is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// How a board is written.
enum BoardFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, csv, json, html

  /// How a plan is written by a command that was asked for a board like this.
  var ofPlan: OutputFormat { self == .json ? .json : .text }
}

/// Where results are and how they are shown.
struct OutputOptions: ParsableArguments {
  @Option(
    help: "The folder of results: finished cells are kept here and not run again.",
    transform: Values.folder)
  var output = "results"

  @Flag(help: "No colour, on a terminal too; the variable NO_COLOR does the same.")
  var noColor = false
}

/// What every command that prints a board takes.
struct BoardOptions: ParsableArguments {
  @OptionGroup var place: OutputOptions

  @Option(help: "How the board is written.")
  var format = BoardFormat.text

  @Flag(help: "Draw the curves below the text, too.")
  var plot = false

  func validate() throws {
    guard plot, format != .text else { return }
    throw ValidationError(
      "--plot draws below text; leave out --plot, or '--format \(format.rawValue)'"
        + (format == .html ? ": HTML has drawings" : ""))
  }
}

/// Where strategies come from beside the built-in ones.
struct PluginOptions: ParsableArguments {
  @Option(
    name: .customLong("plugin"),
    help: ArgumentHelp(
      "A shared library with strategies, or the folder of a package, which is built first; may be "
        + "given several times. Libraries beside the program and those in WORKBENCH_PLUGIN_PATH are "
        + "found without it.",
      valueName: "path"))
  var plugins: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which strategies run in processes of their own, away from the data and the verdict: those of "
        + "plugins, all, or none.",
      valueName: "scope"))
  var isolate = Isolation.Scope.plugins

  @Flag(
    help: "Do not confine the processes of strategies: for a debugger. The board says so.")
  var noSandbox = false
}

extension Isolation.Scope: ExpressibleByArgument {}

/// What every command that runs cells takes.
struct CellOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Cells that run at a time; the number of cores unless given.",
    transform: { try Values.count($0, of: "jobs", upTo: 1024) })
  var jobs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The time a cell may take, such as 90s, 10m or 2h; then it is stopped and the row says so.",
      valueName: "time"),
    transform: Values.duration)
  var timeout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The time a strategy may take of it by itself, in its own process (--isolate).",
      valueName: "time"),
    transform: Values.duration)
  var strategyTimeout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The memory a cell may hold, such as 500M or 2G.", valueName: "amount"),
    transform: Values.bytes)
  var memory: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that share the work of each cell (default: 1, so that times can be compared). Cells "
        + "that run at a time are as many fewer.", valueName: "count"),
    transform: { try Values.count($0, of: "threads", upTo: 256) })
  var threads: Int = 1

  @Flag(help: "Print what would run, and run nothing.")
  var dryRun = false

  @Flag(help: "Train far shorter: for trying out, not for conclusions.")
  var quick = false

  @Flag(help: "Run cells again that are stored already.")
  var force = false

  @Flag(
    help: """
      Run cells again that crashed, diverged, were invalid or reached a limit. What something \
      outside stopped is run again without it, and what a limit ended under a larger one.
      """)
  var retryFailed = false

  /// Those of every cell.
  var limits: CellLimits {
    CellLimits(seconds: timeout, memory: memory, strategySeconds: strategyTimeout)
  }

  @Flag(help: "Say nothing of progress.")
  var quiet = false
}
