import Foundation
import PluginHost
import Reports

extension PluginOptions {
  /// All strategies: built in, beside the program, from the environment, and those named.
  ///
  /// A library beside the program that cannot be used was asked for by nobody: it is warned of and
  /// stops nothing.
  ///
  /// - Throws: `LoadError` naming the library that cannot be used, ``CommandError`` naming the package
  ///   that cannot be built.
  func catalogue() throws -> StrategyCatalogue {
    // What libraries print while they are loaded is no part of what this program prints.
    _ = Console.standardOutput
    let catalogue = try StrategyCatalogue(
      paths: plugins.map { try PluginPath.library(at: $0) }, ProcessInfo.processInfo.environment,
      Bundle.main.executableURL?.deletingLastPathComponent(),
      Isolation(isolate, isConfined: !noSandbox))
    for (path, text) in catalogue.printed {
      Console.warn("\(path) printed while it was loaded: \(printable(text))")
    }
    for replaced in catalogue.replaced { Console.warn(replaced) }
    for refused in catalogue.refused { Console.warn(refused.description) }
    if !catalogue.unconfined.isEmpty {
      Console.warn(
        "strategies' processes are not confined by \(catalogue.unconfined.joined(separator: ", "))")
    }
    return catalogue
  }
}
