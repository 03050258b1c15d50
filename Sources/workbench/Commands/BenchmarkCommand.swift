import ArgumentParser
import Comparison
import Files
import Foundation
import Networks
import Reports

/// Makes a benchmark of a user's data, or writes one down.
struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Make a benchmark of your own data, show it, and write it to a file.",
    usage: "workbench benchmark [<name>] [--dataset <path>] [<options>]",
    discussion: """
      Shows what 'workbench compare --dataset' would run: what was found in the data, the network, \
      training and ratios. With --to it is written as JSON, to be changed, kept and shared; wherever \
      a benchmark is named, such a file is one.

      EXAMPLES
        workbench benchmark --dataset ~/data/houses.csv --target price
        workbench benchmark --dataset /usr/share/datasets/fashion-mnist --network lenet5 --to fashion.json
        workbench compare --strategies obd,obs --benchmarks fashion.json
        workbench benchmark mnist-lenet5 --to mine.json
      """)

  @Argument(help: "A benchmark of the program, or a file of one.")
  var name: String?

  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("The file to write it to.", valueName: "file"))
  var to: String?

  @Flag(help: "No colour, on a terminal too; the variable NO_COLOR does the same.")
  var noColor = false

  func run() async throws {
    guard (name == nil) != (data.dataset == nil) else {
      throw CommandError("name a benchmark, or data of your own by --dataset")
    }
    let chosen = try data.chosen(name.map { [$0] } ?? [], usual: [])
    guard let benchmark = chosen.catalogue.first(where: { $0.name == chosen.names.first }) else {
      throw PlanError.unknownBenchmark(
        chosen.names.first ?? "", known: chosen.catalogue.map(\.name))
    }
    try data.noteGiven(chosen)
    if let to {
      try DurableFile.write(try BenchmarkFile.encode(benchmark), to: URL(literalPath: to))
      Console.note(
        "wrote \(to); 'workbench compare --benchmarks \(to) --strategies obd,obs' runs it")
    }
    let text = CatalogueText(
      style: Terminal.style(Console.standardOutput, noColor: noColor),
      width: Terminal.width(Console.standardOutput))
    try Console.output(text.info(benchmark, counts: benchmark.network().counts))
  }
}
