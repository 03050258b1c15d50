import ArgumentParser
import Comparison
import Foundation
import Serving

/// Shows the report of stored results to browsers of this machine, as it is at any time.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show the report of stored results in a browser, live.",
    discussion: """
      The page follows a comparison that writes to the same folder. Browsers of this machine alone can \
      ask for it, and nothing can be changed through it. An interrupt (Ctrl-C) ends it.

      EXAMPLES
        workbench serve
        workbench serve --output results --port 9000
        workbench serve --benchmarks mnist-300-100
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen on 127.0.0.1; 0 for any port that is free.", valueName: "port"))
  var port: UInt16 = 8080

  @OptionGroup var selection: ResultSelection

  @OptionGroup var place: OutputOptions

  func run() async throws {
    // What is left out is said once, and not each time that the page is made anew.
    do { _ = try selection.boards(in: place, warn: Console.warn) } catch let error as CommandError {
      Console.warn(error.description)
    }
    let server = ReportServer(folder: place.folder, port: port) { [selection, place] in
      let chosen = try selection.boards(in: place) { _ in }
      return ServedPage(
        html: try place.page(chosen.plans, chosen.results, isServed: true),
        json: try place.rendered(chosen.plans, chosen.results, as: .json))
    }
    do {
      try await cancelledByInterrupts { [place] in
        try await server.run { address in
          try place.print("\(address.absoluteString)\n")
          Console.note("serves the results of '\(place.output)'; an interrupt (Ctrl-C) ends it\n")
        }
      }
    } catch is CancellationError {
      return
    } catch let error as ServingError {
      throw CommandError(error.description)
    }
  }
}
