import ArgumentParser
import Comparison
import PluginHost

/// The command line: strategies for pruning neural networks, held against each other.
@main
struct Workbench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbench",
    abstract: "A workbench on which pruning strategies for neural networks compete.",
    discussion: """
      EXAMPLES
        workbench compare --strategies obd,obs
        workbench run --strategy obd --benchmark friedman1
        workbench list
        workbench info obd
        workbench new mine
        workbench check build/libMine.so

      Boards go to standard output, progress and warnings to standard error.

      EXIT CODES
        0    all is done; a strategy that does not apply to a network is skipped,
             one that cuts all ways from input to output has collapsed:
             neither is a failure
        1    some cells failed; the board is printed all the same
        2    the command cannot be carried out, or a plugin cannot be loaded
        3    a library fails a test of 'check'
        130  interrupted; finished cells are kept
      """,
    version: Provenance.programVersion,
    subcommands: [
      CompareCommand.self, RunCommand.self, ReportCommand.self, SensitivityCommand.self,
      ReproduceCommand.self, ExplainCommand.self, ShowCommand.self, ServeCommand.self,
      BenchmarkCommand.self, ExportCommand.self,
      ListCommand.self, InfoCommand.self, NewCommand.self, CheckCommand.self, BenchCommand.self,
      WorkerCommand.self,
      StrategyCommand.self,
    ])

  static func main() async {
    Console.prepare()
    do {
      try checkSubcommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Console.leave(.success)
    } catch {
      Console.exit(for: error)
    }
  }

  /// Catches a misspelt subcommand, of which the parser says no more than that it is unexpected.
  private static func checkSubcommand(_ word: String?) throws {
    guard let word, !word.hasPrefix("-") else { return }
    let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !known.contains(word) else { return }
    let hidden = [
      WorkerCommand.configuration.commandName, StrategyCommand.configuration.commandName,
    ]
    let shown = known.filter { !hidden.contains($0) }
    throw CommandError(
      "there is no command '\(word)'; "
        + (nearest(to: word, among: shown).map { "did you mean '\($0)'?" }
          ?? "there are \(shown.joined(separator: ", "))"))
  }
}
