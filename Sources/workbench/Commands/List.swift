import ArgumentParser
import Comparison
import Foundation
import Networks
import PluginHost
import Reports

/// Prints what there is to compare.
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the benchmarks and the strategies.",
    discussion: """
      Strategies are built in, or come from libraries beside the program, from \
      WORKBENCH_PLUGIN_PATH or from --plugin. C functions are found as they are named: \
      'workbench info ffi'.

      EXAMPLES
        workbench list
        workbench list --plugin build/libMine.so
      """)

  @OptionGroup var plugins: PluginOptions

  @Flag(help: "No colour, on a terminal too; the variable NO_COLOR does the same.")
  var noColor = false

  func run() async throws {
    let catalogue = try plugins.catalogue()
    var sizes: [String: Counts] = [:]
    for benchmark in Benchmark.catalogue { sizes[benchmark.name] = try benchmark.network().counts }
    let text = CatalogueText(
      style: Terminal.style(Console.standardOutput, noColor: noColor),
      width: Terminal.width(Console.standardOutput))
    try Console.output(
      text.list(benchmarks: Benchmark.catalogue, sizes: sizes, strategies: catalogue.entries))
  }
}
