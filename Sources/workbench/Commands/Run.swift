import ArgumentParser
import Comparison
import Reports

/// Follows one strategy down to few weights.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Follow a strategy on a benchmark, ratio by ratio.",
    usage: "workbench run --strategy <name> [<options>]",
    discussion: """
      Prints a line for each ratio, with the error before and after fine-tuning and the widths of \
      the layers, size and error over the samples, and a timeline of what the strategy changed \
      and why. In any other format than text it prints the board of these cells; JSON has the timeline, \
      too, under 'runs', and HTML draws it.

      EXAMPLES
        workbench run --strategy obd
        workbench run --strategy 'obs[damping=1e-3]' --benchmark friedman1,teacher
        workbench run --strategy elastic --benchmark teacher
        workbench run --strategy magnitude --benchmark mnist-lenet5 --ratios 4,16,64
      """)

  @Option(
    help: ArgumentHelp(
      "A name, parameters in brackets; several between commas.", valueName: "name"))
  var strategy: [String] = []

  @Option(
    help: ArgumentHelp("A name; several between commas (default: friedman1).", valueName: "name"),
    transform: Values.words)
  var benchmark: [[String]] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Compression ratios between commas; the benchmark's own trajectory unless given.",
      valueName: "numbers"),
    transform: Values.ratios)
  var ratios: [[Double]] = []

  @Option(
    help: ArgumentHelp(
      "Replicates, each with its own trajectory (default: 1).", valueName: "count"),
    transform: { try Values.count($0, of: "seeds", upTo: 1000) })
  var seeds: Int = 1

  @OptionGroup var data: DataOptions
  @OptionGroup var plugins: PluginOptions
  @OptionGroup var cells: CellOptions
  @OptionGroup var board: BoardOptions

  func run() async throws {
    guard !strategy.isEmpty else {
      throw CommandError(
        "no strategy is named; write --strategy obd, 'workbench list' shows all of them")
    }
    let catalogue = try plugins.catalogue()
    let chosen = try data.chosen(benchmark.flatMap(\.self), usual: ["friedman1"])
    try data.noteGiven(chosen)
    let plan = try ComparisonPlan(
      benchmarks: chosen.names,
      entrants: strategy.flatMap { try catalogue.entrants($0, memoryLimit: cells.memory) },
      ratios: ratios.isEmpty ? nil : ratios.flatMap(\.self),
      replicates: seeds, quick: cells.quick, trajectory: true, controls: false,
      catalogue: chosen.catalogue)
    guard !cells.dryRun else {
      return try board.place.printPlan(plan, cells, as: board.format.ofPlan)
    }
    let outcome = try await cells.run(plan, plugins: plugins, place: board.place)
    if board.format == .text {
      try board.place.print(trajectories(of: plan, outcome))
    } else {
      let runs = traced(plan, outcome)
      try board.place.print(board.rendered([plan], outcome.results, runs: runs))
    }
    try outcome.throwIfSomeFailed()
  }

  private func trajectories(of plan: ComparisonPlan, _ outcome: ComparisonOutcome) -> String {
    let text = TrajectoryText(style: board.place.style, width: board.place.width)
    let benchmarks = plan.contests.map(\.benchmark)
    let trajectories = traced(plan, outcome).compactMap { run -> String? in
      guard let benchmark = benchmarks.first(where: { $0.name == run.result.key.benchmark })
      else { return nil }
      return text.render(run.result, of: benchmark, rounds: run.rounds)
    }
    return trajectories.joined(separator: "\n") + (board.plot ? plots(of: plan, outcome) : "")
  }

  /// How the networks' sizes went, and what became of predictions: a drawing a benchmark.
  private func plots(of plan: ComparisonPlan, _ outcome: ComparisonOutcome) -> String {
    let runs = traced(plan, outcome)
    return plan.contests.map(\.benchmark.name).map { name in
      board.place.plot.render(runs.filter { $0.result.key.benchmark == name }, benchmark: name)
    }.joined()
  }

  private func traced(_ plan: ComparisonPlan, _ outcome: ComparisonOutcome) -> [TracedRun] {
    let store = Store(board.place.folder)
    return plan.cells.compactMap { cell in
      outcome.results[cell.key].map { TracedRun($0, rounds: store.rounds(of: cell.key)) }
    }
  }
}
