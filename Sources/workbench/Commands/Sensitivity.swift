import ArgumentParser
import Comparison
import Datasets
import Foundation
import PluginHost
import Reports

/// Prunes or grows each layer of a trained network alone.
struct SensitivityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "Prune or grow each layer of a trained network alone, and say what that costs.",
    usage: "workbench sensitivity --strategy <name> --benchmark <name> [<options>]",
    discussion: """
      Each layer is pruned over a range of densities while all others stay as they are, and all layers at \
      once at the same densities; a strategy that grows networks is asked for densities above 1. Errors and \
      losses are those right after that, before any further training. Of \
      strategies that predict the rise of the loss, such as obd and obs, it says down to which density the \
      prediction holds. The trained networks are those of the other commands, and kept with them.

      EXAMPLES
        workbench sensitivity --strategy obd --benchmark mnist-lenet5
        workbench sensitivity --strategy obs --benchmark monks-1 --densities 0.9,0.7,0.5 --seeds 5
        workbench sensitivity --strategy magnitude --benchmark mnist-300-100 --quick --format json
        workbench sensitivity --strategy gradmax --benchmark friedman1 --densities 1.1,1.5
      """)

  @Option(help: ArgumentHelp("A name, parameters in brackets.", valueName: "name"))
  var strategy: String?

  @Option(help: ArgumentHelp("The name of a benchmark.", valueName: "name"))
  var benchmark: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Weights that a layer is to have over those that it has, between commas (default: 0.9 to 0.1 in steps "
        + "of 0.1, 0.05; of growers 1.1, 1.25, 1.5, 2).",
      valueName: "numbers"),
    transform: Values.densities)
  var densities: [[Double]] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "By which factor a predicted rise may differ from the measured one (default: 2).",
      valueName: "factor"),
    transform: Values.factor)
  var tolerance: Double = 2

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Trained networks to prune (default: 1).", valueName: "count"),
    transform: { try Values.count($0, of: "seeds", upTo: 1000) })
  var seeds: Int = 1

  @OptionGroup var plugins: PluginOptions
  @OptionGroup var cells: CellOptions
  @OptionGroup var place: OutputOptions

  @Option(help: "How it is written.")
  var format = OutputFormat.text

  private static let pruningDensities = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
  private static let growingDensities = [1.1, 1.25, 1.5, 2]

  func run() async throws {
    guard let strategy else {
      throw CommandError(
        "no strategy is named; write --strategy obd, 'workbench list' shows all of them")
    }
    guard let benchmark else {
      throw CommandError(
        "no benchmark is named; write --benchmark mnist-lenet5, 'workbench list' shows all of them")
    }
    let catalogue = try plugins.catalogue()
    let entrants = try catalogue.entrants(strategy, memoryLimit: cells.memory)
    guard let entrant = entrants.first, entrants.count == 1 else {
      throw CommandError(
        "'\(strategy)' names \(entrants.count) strategies; sensitivity looks at one, such as "
          + "--strategy obd")
    }
    let entry = try catalogue.entry(named: entrant.id)
    let densities = densities(for: entry)
    if let reason = Sensitivity.unsuitability(of: entry)
      ?? Sensitivity.unsuitability(of: densities, for: entry)
    {
      throw CommandError(reason)
    }
    let plan = try ComparisonPlan(
      denseNetworksOf: benchmark, replicates: seeds, quick: cells.quick)
    guard !cells.dryRun else { return try place.printPlan(plan, cells, as: format) }
    let outcome = try await cells.run(plan, plugins: plugins, place: place)
    if let failed = outcome.results.values.first(where: { $0.status != .done }) {
      throw CommandError(
        "no network of '\(benchmark)' could be trained for seed \(failed.key.replicate): "
          + "\(failed.reason ?? "no reason was given")")
    }
    let sensitivity = try await measure(entry, entrant, plan, densities)
    try place.print(rendered(sensitivity))
  }

  private func densities(for entry: StrategyEntry) -> [Double] {
    let asked = densities.flatMap(\.self)
    guard asked.isEmpty else { return asked }
    return entry.course == .grow ? Self.growingDensities : Self.pruningDensities
  }

  private func measure(
    _ entry: StrategyEntry, _ entrant: Entrant, _ plan: ComparisonPlan, _ densities: [Double]
  ) async throws -> Sensitivity {
    let progress = cells.quiet ? nil : ShareProgress(noColor: place.noColor)
    defer { progress?.clear() }
    let store = Store(place.folder)
    let total = seeds
    return try await cancelledByInterrupts { [tolerance, threads = cells.threads] in
      try Sensitivity.measure(
        entry, entrant, on: plan, store: store, densities: densities, tolerance: tolerance,
        threads: threads, datasets: { try DataDirectory.locate() }
      ) { seed, fraction in
        progress?.show(
          "layers of network \(seed + 1) of \(total)",
          (Double(seed) + fraction) / Double(total))
      }
    }
  }

  private func rendered(_ sensitivity: Sensitivity) throws -> String {
    switch format {
    case .text: SensitivityText(style: place.style, width: place.width).render(sensitivity)
    case .json: try sensitivityJSON(sensitivity, version: Provenance.programVersion)
    }
  }
}
