import ArgumentParser
import Comparison
import Files
import Foundation
import Networks
import PluginHost
import Reports

/// Says what is known of one strategy or benchmark.
struct InfoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a strategy or a benchmark is.",
    discussion: """
      Of a strategy: its paper, what it reads and proposes, its options with their bounds. Of a \
      benchmark: its task, network, ratios and training. Of 'ffi': how a C function becomes a strategy.

      EXAMPLES
        workbench info obd
        workbench info mnist-300-100
        workbench info mine --plugin build/libMine.so
        workbench info ffi
        workbench info 'libm.so.6:fabs(weight)'
      """)

  @Argument(help: "A strategy or a benchmark, as 'workbench list' names it; a C function; or ffi.")
  var name: String

  @OptionGroup var plugins: PluginOptions

  @Flag(help: "No colour, on a terminal too; the variable NO_COLOR does the same.")
  var noColor = false

  /// The word for C functions in general.
  private static let functions = "ffi"
  /// The word for how a network is written.
  private static let network = "network"

  func run() async throws {
    let catalogue = try plugins.catalogue()
    let text = CatalogueText(
      style: Terminal.style(Console.standardOutput, noColor: noColor),
      width: Terminal.width(Console.standardOutput))
    if let benchmark = Benchmark.catalogue.first(where: { $0.name == name }) {
      return try Console.output(text.info(benchmark, counts: benchmark.network().counts))
    }
    if name.hasSuffix(BenchmarkFile.suffix) {
      let benchmark = try BenchmarkFile.read(URL(literalPath: name))
      return try Console.output(text.info(benchmark, counts: benchmark.network().counts))
    }
    if name == Self.network { return try Console.output(text.network(of: "mnist-lenet5")) }
    if let strategy = catalogue.entries.first(where: { $0.id == name }) {
      return try Console.output(text.info(strategy))
    }
    if ForeignFunction.isMeant(by: name) {
      return try Console.output(text.info(catalogue.function(name)))
    }
    if name == Self.functions { return try Console.output(text.functions) }
    let known =
      catalogue.entries.map(\.id) + Benchmark.catalogue.map(\.name) + [
        Self.functions, Self.network,
      ]
    throw CommandError(
      "there is no strategy or benchmark '\(name)'; "
        + (nearest(to: name, among: known).map { "did you mean '\($0)'?" }
          ?? "'workbench list' names all"))
  }
}
