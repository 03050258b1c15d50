import ArgumentParser
import Comparison
import Networks
import Reports

/// Says what a strategy did to a network.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a strategy did to each layer of a network, when, and by which scores.",
    discussion: """
      A result is named by its folder, by the name of its folder in the folder of results or the beginning \
      of it, or as benchmark/strategy/seed.

      EXAMPLES
        workbench explain friedman1/obd/0
        workbench explain 'mnist-300-100/obs[damping=1e-3]/2' --format json
        workbench explain results/1755203f451d04dc191b1442421c483f82a650409c9ca61fb9c622bc04183824
      """)

  @Argument(help: "The result: a folder, or a name in the folder of results.")
  var result: String

  @OptionGroup var place: OutputOptions

  @Option(help: "How it is written.")
  var format = OutputFormat.text

  func run() async throws {
    let (store, result) = try StoredCell.named(result, in: place).found
    guard !result.key.isDense else {
      throw CommandError(
        "'\(self.result)' is a dense network, which no strategy changed; 'workbench show' shows it")
    }
    let benchmark = store.catalogue(of: [result]).first {
      ComparisonPlan.exclusion(of: result.key, catalogue: [$0]) == nil
    }
    let explanation = Explanation(
      result, rounds: store.rounds(of: result.key),
      dense: try benchmark?.network().weightsByLayer ?? [:])
    switch format {
    case .text:
      try place.print(
        ExplanationText(style: place.style, width: place.width).render(explanation))
    case .json:
      try place.print(explanationJSON(explanation, version: Provenance.programVersion))
    }
  }
}
