import Comparison
import Foundation
import PluginHost

extension PluginOptions {
  /// All strategies: built in, beside the program, from the environment, and those named.
  ///
  /// A library beside the program that cannot be used was asked for by nobody: it is warned of and
  /// stops nothing.
  ///
  /// - Throws: `LoadError` naming the library that cannot be used.
  func catalogue() throws -> StrategyCatalogue {
    let catalogue = try StrategyCatalogue(
      paths: plugins, ProcessInfo.processInfo.environment,
      Bundle.main.executableURL?.deletingLastPathComponent())
    for refused in catalogue.refused { Console.warn(refused.description) }
    return catalogue
  }
}

extension StrategyCatalogue {
  /// What the words of a command line enter into a comparison, grids expanded.
  ///
  /// - Throws: `ReferenceError` that quotes the offending word.
  func entrants(_ words: String) throws -> [Entrant] {
    try StrategyReference.list(words).map { reference in
      let entry = try entry(named: reference.id)
      var path: String?
      var sha256: String?
      if case .plugin(let file, let digest) = entry.origin { (path, sha256) = (file, digest) }
      return Entrant(
        id: entry.id, parameters: try entry.parameters(reference), pluginPath: path,
        pluginSHA256: sha256)
    }
  }
}
