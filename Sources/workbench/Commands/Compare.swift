import ArgumentParser
import Comparison
import PluginHost
import Reports

/// Holds strategies against each other.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Hold strategies against each other and print the leaderboard.",
    usage: "workbench compare --strategies <names> [<options>]",
    discussion: """
      Every strategy starts from the same trained networks and gets the same training. The controls \
      none, random, magnitude, magnitude[scope=layer] and lamp always take part. Finished cells \
      are stored: the same command goes on where it was interrupted.

      With --controls the final structures of the strategies asked for are trained again from \
      another start, as rows of their own:
      \(Control.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

      EXAMPLES
        workbench compare --strategies obd,obs
        workbench compare --strategies 'obs[damping=1e-4|1e-2]'
        workbench compare --strategies obd --ratios 4,16 --seeds 5 --format json
        workbench compare --strategies obd,obs --format csv
        workbench compare --strategies mine --plugin ~/strategies/mine --quick
        workbench compare --strategies 'libm.so.6:fabs(weight),magnitude'
        workbench compare --strategies obd,obs --dataset ~/data/houses.csv --target price
        workbench compare --strategies rigl,magnitude --controls scratch,shuffled,small-dense
      """)

  @Option(
    help: ArgumentHelp(
      "Names between commas; parameters in brackets, alternatives between bars. A C function is one, "
        + "too ('workbench info ffi').",
      valueName: "names"))
  var strategies: [String] = []

  @Option(
    help: ArgumentHelp(
      "Names between commas, or files that 'workbench benchmark' wrote (default: teacher,friedman1,mnist-300-100).",
      valueName: "names"),
    transform: Values.words)
  var benchmarks: [[String]] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Compression ratios between commas: weights of the dense network over weights left "
        + "(default: each benchmark's own, as 'workbench info' tells).",
      valueName: "numbers"),
    transform: Values.ratios)
  var ratios: [[Double]] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Replicates of everything (default: each benchmark's own number, more where they are cheap).",
      valueName: "count"),
    transform: { try Values.count($0, of: "seeds", upTo: 1000) })
  var seeds: Int?

  @Option(help: ArgumentHelp("The strategy that differences are taken to.", valueName: "name"))
  var reference = "magnitude"

  @Option(
    help: ArgumentHelp(
      "Names between commas: other starts for the structures that the strategies find, and "
        + "strategies to be held against.", valueName: "names"))
  var controls: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var plugins: PluginOptions
  @OptionGroup var cells: CellOptions
  @OptionGroup var board: BoardOptions

  private static let defaultBenchmarks = ["teacher", "friedman1", "mnist-300-100"]

  func run() async throws {
    guard !strategies.isEmpty else {
      throw CommandError(
        "no strategy is named; write --strategies obd,obs, 'workbench list' shows all of them")
    }
    let catalogue = try plugins.catalogue()
    let asked = try controls.map { try catalogue.controls($0, memoryLimit: cells.memory) }
    let chosen = try data.chosen(benchmarks.flatMap(\.self), usual: Self.defaultBenchmarks)
    try data.noteGiven(chosen)
    let plan = try ComparisonPlan(
      benchmarks: chosen.names,
      entrants: strategies.flatMap { try catalogue.entrants($0, memoryLimit: cells.memory) },
      structureControls: asked.flatMap(\.ofStructures), others: asked.flatMap(\.entrants),
      ratios: ratios.isEmpty ? nil : ratios.flatMap(\.self), replicates: seeds, quick: cells.quick,
      reference: ForeignFunction.title(of: reference), catalogue: chosen.catalogue)
    guard !cells.dryRun else {
      return try board.place.printPlan(plan, cells, as: board.format.ofPlan)
    }
    let outcome = try await cells.run(plan, plugins: plugins, place: board.place)
    try board.place.print(board.rendered([plan], outcome.results))
    try outcome.throwIfSomeFailed()
  }
}
