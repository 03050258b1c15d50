import ArgumentParser
import PluginHost

/// The process of a strategy: what the other commands start to load a library in.
struct StrategyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Isolation.subcommand,
    abstract: "Load a library for the workbench that started this process.",
    shouldDisplay: false)

  func run() { StrategyServer.main() }
}
