/// A strategy with its parameters, as it enters a comparison.
package struct Entrant: Codable, Hashable, Sendable {
  package var id: String
  /// Those that differ from the strategy's defaults, by name.
  package var parameters: [String: String]
  /// The library the strategy comes from; nil for built-ins.
  package var pluginPath: String?
  package var pluginSHA256: String?

  package init(
    id: String, parameters: [String: String] = [:], pluginPath: String? = nil,
    pluginSHA256: String? = nil
  ) {
    self.id = id
    self.parameters = parameters
    self.pluginPath = pluginPath
    self.pluginSHA256 = pluginSHA256
  }

  /// How it is named on a board and on the command line, such as `magnitude[scope=layer]`.
  package var text: String { strategyText(id: id, parameters: parameters) }

  /// The controls that every comparison has, so that no strategy is held against nothing: no
  /// pruning with the same extra training, random pruning, and magnitude, global and by layer.
  package static let controls = [
    Entrant(id: "none"), Entrant(id: "random"), Entrant(id: "magnitude"),
    Entrant(id: "magnitude", parameters: ["scope": "layer"]),
  ]
}

/// A strategy and its parameters in one word, parameters sorted by name.
package func strategyText(id: String, parameters: [String: String]) -> String {
  guard !parameters.isEmpty else { return id }
  let list = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  return "\(id)[\(list.joined(separator: ","))]"
}

extension CellKey {
  /// The strategy with its parameters, as on a board.
  package var strategyText: String { Comparison.strategyText(id: strategy, parameters: parameters) }
}
