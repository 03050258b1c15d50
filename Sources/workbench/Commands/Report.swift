import ArgumentParser
import Comparison
import Foundation
import PluginHost
import Reports

/// Prints boards from stored results.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print the boards of stored results, and run nothing.",
    discussion: """
      With --update it writes them into a document instead, in Markdown, between lines that say \
      which benchmarks are to stand there:

        <!-- board: mnist-300-100 -->
        <!-- end of board -->

      Cells of one benchmark, one set of ratios, one length of training and one variant of the \
      numeric kernels make a board.

      EXAMPLES
        workbench report
        workbench report --output results --format json
        workbench report --format html > report.html
        workbench report --plot
        workbench report --latency
        workbench report --update README.md
        workbench report --reference random --benchmarks mnist-300-100
      """)

  @OptionGroup var selection: ResultSelection

  @Option(
    help: ArgumentHelp(
      "A document whose boards are brought up to date, between its marks; nothing is printed.",
      valueName: "file"))
  var update: String?

  @Flag(
    help: ArgumentHelp(
      "Measure what each row's compacted network takes in onnxruntime, beside the dense one. Needs a Python with "
        + "onnxruntime: python3, or what WORKBENCH_PYTHON names."))
  var latency = false

  @OptionGroup var board: BoardOptions

  func validate() throws {
    guard update != nil else { return }
    if board.format != .text, board.format != .markdown {
      throw ValidationError(
        "--update writes Markdown; leave out '--format \(board.format.rawValue)'")
    }
    if !selection.benchmarks.isEmpty {
      throw ValidationError(
        "--update takes the benchmarks that the document names; leave out --benchmarks")
    }
  }

  func run() async throws {
    let document = try update.map { try MarkedDocument($0) }
    let chosen = try selection.boards(
      in: board.place, also: document?.boards.names ?? [], warn: Console.warn)
    if let document {
      return try document.update(
        from: board.place.boards(chosen.plans, chosen.results, latency: latency))
    }
    try board.place.print(try board.rendered(chosen.plans, chosen.results, latency: latency))
  }
}
