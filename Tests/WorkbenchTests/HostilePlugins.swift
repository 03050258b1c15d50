import Foundation
import TestSupport

/// A comparison with a strategy that does harm.
struct HostileComparison {
  let folder: URL
  let library: URL
  /// Of `compare`, but for the name of the results' folder.
  private let arguments: [String]

  /// - Parameters:
  ///   - source: The name of a file in `HostilePlugins`.
  ///   - isolate: Which strategies run in processes of their own.
  init(_ source: String, in folder: URL, isolate: String) throws {
    self.folder = folder
    library = try HostileLibrary.build("\(source).c", named: nil, in: folder)
    arguments = [
      "compare", "--strategies", "obd,hostile", "--plugin", library.path, "--benchmarks", "sine",
      "--ratios", "2", "--seeds", "1", "--quick", "--jobs", "1", "--isolate", isolate, "--output",
    ]
  }

  var results: URL { folder.appending(path: "results") }

  /// - Parameter limit: A command of the shell before the comparison, such as one that sets a limit.
  func run(_ more: String..., limit: String? = nil) throws -> Tool.Outcome {
    let arguments = arguments + [results.path] + more
    guard let limit else { return try Tool().run(arguments) }
    var tool = Tool()
    tool.shellCommand = limit
    return try tool.run(arguments)
  }
}

extension Tool.Outcome {
  /// The board's rows by strategy: how many cells ended in each way.
  func statuses() throws -> [String: [String: Int]] {
    let board = try JSONDecoder().decode(Board.self, from: Data(output.utf8))
    let rows = board.boards.flatMap(\.rows).map { ($0.title, $0.status) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  private struct Board: Decodable {
    struct One: Decodable { var rows: [Row] }
    struct Row: Decodable {
      var title: String
      var status: [String: Int]
    }
    var boards: [One]
  }
}

/// A library of the folder `HostilePlugins`.
enum HostileLibrary {
  /// Builds it in a folder, which has the headers that are made for it.
  ///
  /// - Parameter id: Of its strategy; nil for the one that it has unless told.
  static func build(
    _ source: String, named id: String?, flags: [String] = [], in folder: URL
  ) throws -> URL {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let library = folder.appending(path: "lib\(id ?? String(source.prefix { $0 != "." })).so")
    try LibraryCompiler.build(
      tests.appending(path: "HostilePlugins").appending(path: source), as: library,
      headers: [
        "HostilePlugins", "../../Sources/CWorkbench/include", "../PluginHostTests/BadPlugins",
      ]
      .map { tests.appending(path: $0) } + [folder],
      flags: flags + (id.map { ["-DID=\"\($0)\""] } ?? []))
    return library
  }
}
