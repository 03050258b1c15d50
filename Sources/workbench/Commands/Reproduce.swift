import ArgumentParser
import Comparison
import Datasets
import PluginHost
import Reports

/// Holds the program against published figures.
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Run the recipes of published figures, and hold what comes of it against them.",
    usage: "workbench reproduce <name> ... | --all | --list [<options>]",
    discussion: """
      A figure is met as 'better', 'reproduced' or 'not reached', with the mean and the interval over \
      seeds. Its cells are stored as those of compare: the same command goes on where it was interrupted. \
      With --quick each figure takes the short training and a bound of its own, which a wrong \
      implementation would not reach.

      EXAMPLES
        workbench reproduce --list
        workbench reproduce han-lenet-300-100
        workbench reproduce obs-monks obs-xor --quick
        workbench reproduce --all --format json

      EXIT CODES
        1    a figure was not reached
      """)

  @Argument(help: "Names of figures, as --list shows them.")
  var names: [String] = []

  @Flag(help: "Run all figures.")
  var all = false

  @Flag(help: "Print what figures there are, and run none.")
  var list = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Replicates of everything (default: each figure's own).", valueName: "count"),
    transform: { try Values.count($0, of: "seeds", upTo: 1000) })
  var seeds: Int?

  @OptionGroup var plugins: PluginOptions
  @OptionGroup var cells: CellOptions
  @OptionGroup var place: OutputOptions

  @Option(help: "How it is written.")
  var format = OutputFormat.text

  func run() async throws {
    let figures = try figures()
    let text = FigureText(style: place.style, width: place.width)
    let version = Provenance.programVersion
    guard !list else {
      return try place.print(
        format == .json
          ? figuresJSON(figures, version: version) : text.list(figures))
    }
    let catalogue = try plugins.catalogue()
    let planned: [PlannedFigure] = try figures.map { figure in
      let parts = try figure.plans(quick: cells.quick, seeds: seeds) { name in
        // A recipe names one strategy at a time.
        guard let entrant = try catalogue.entrants(name, memoryLimit: cells.memory).first else {
          throw CommandError("'\(figure.name)' names no strategy")
        }
        return entrant
      }
      return (figure: figure, parts: parts)
    }
    guard !cells.dryRun else {
      let commands = planned.flatMap { $0.parts.flatMap(\.commands) }
      return try place.print(
        format == .json
          ? figuresJSON(planned, version: version) : commands.map { $0 + "\n" }.joined())
    }
    var results: [CellKey: CellResult] = [:]
    for plan in planned.flatMap({ $0.parts.flatMap(\.plans) }) {
      results.merge(try await cells.run(plan, plugins: plugins, place: place).results) { $1 }
    }
    let outcomes = try await outcomes(of: planned, results, catalogue)
    switch format {
    case .text: try place.print(text.render(outcomes))
    case .json: try place.print(figuresJSON(outcomes, version: version))
    }
    if outcomes.contains(where: { $0.verdict == .notReached }) { throw ExitCode.someFailed }
  }

  private typealias PlannedFigure = (figure: Figure, parts: [Figure.PlannedPart])

  private func outcomes(
    of planned: [PlannedFigure], _ results: [CellKey: CellResult], _ catalogue: StrategyCatalogue
  ) async throws -> [Figure.Outcome] {
    let names = planned.flatMap { $0.parts.compactMap(\.entrants.first?.id) }
    let entries = Dictionary(
      try names.map { ($0, try catalogue.entry(named: $0)) },
      uniquingKeysWith: { first, _ in first })
    let store = Store(place.folder)
    return try await cancelledByInterrupts { [threads = cells.threads] in
      try planned.map { figure, parts in
        try figure.outcome(of: parts, results) { part, seed in
          guard let entry = part.entrants.first.flatMap({ entries[$0.id] }) else { return [] }
          return try part.deletions(by: entry, seed: seed, store: store, threads: threads) {
            try DataDirectory.locate()
          }
        }
      }
    }
  }

  private func figures() throws -> [Figure] {
    guard names.isEmpty else {
      if all {
        throw CommandError(
          "--all runs every figure, '\(names[0])' among them; leave one of the two out")
      }
      let figures = try Figure.named(names)
      if cells.quick, let figure = figures.first(where: { !$0.hasQuickForm }) {
        throw CommandError(
          "'\(figure.name)' has no quick form: a small budget shows nothing of it; leave out --quick"
        )
      }
      return figures
    }
    guard all || list else {
      throw CommandError(
        "no figure is named; write 'workbench reproduce \(Figure.catalogue[0].name)', or --all; "
          + "'workbench reproduce --list' shows all of them")
    }
    guard cells.quick, !list else { return Figure.catalogue }
    let others = Figure.catalogue.filter { !$0.hasQuickForm }.map(\.name)
    if !others.isEmpty { Console.warn("without a quick form: \(others.joined(separator: ", "))") }
    return Figure.catalogue.filter(\.hasQuickForm)
  }
}
