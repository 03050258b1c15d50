import PluginHost

/// Why a comparison cannot be planned: the word that is wrong and the nearest right one.
package struct PlanError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package static func unknownBenchmark(_ name: String, known: [String]) -> PlanError {
    let hint =
      nearest(to: name, among: known).map { "did you mean '\($0)'?" }
      ?? "there are \(known.joined(separator: ", "))"
    return PlanError("there is no benchmark '\(name)'; \(hint)")
  }
}
