import ArgumentParser
import Comparison

/// Runs one cell: what the other commands start as a process of its own.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Worker.subcommand,
    abstract: "Run the cell that a job file describes.",
    shouldDisplay: false)

  @Argument(help: "The job, as JSON.")
  var job: String

  func run() throws {
    Worker.main(jobFile: job)
  }
}
