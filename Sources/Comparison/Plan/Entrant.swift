package import PluginHost

/// A strategy with its parameters, as it enters a comparison.
package struct Entrant: Codable, Hashable, Sendable {
  package var id: String
  /// What its implementation calls itself.
  package var version: String
  /// Those that differ from the strategy's defaults, by name.
  package var parameters: [String: String]
  /// The values of the others.
  package var defaults: [String: String]
  /// From which other start its structures are trained; nil for the strategy itself.
  package var control: Control?
  /// How it moves, where that is known.
  package var course: StrategyEntry.Course?
  /// The library the strategy comes from; nil for built-ins.
  package var pluginPath: String?
  package var pluginSHA256: String?
  /// Digests of the libraries that one links to, as in ``CellKey``.
  package var libraries: [String: String]
  /// Bytes a cell may hold, for strategies whose method depends on it.
  package var memoryLimit: Int?

  package init(
    id: String, version: String = "", parameters: [String: String] = [:],
    defaults: [String: String] = [:], control: Control? = nil,
    course: StrategyEntry.Course? = nil, pluginPath: String? = nil, pluginSHA256: String? = nil,
    libraries: [String: String] = [:], memoryLimit: Int? = nil
  ) {
    self.id = id
    self.version = version
    self.parameters = parameters
    self.defaults = defaults
    self.control = control
    self.course = course
    self.pluginPath = pluginPath
    self.pluginSHA256 = pluginSHA256
    self.libraries = libraries
    self.memoryLimit = memoryLimit
  }

  /// The strategy of a stored cell; where its library lies is not stored.
  package init(of key: CellKey) {
    self.init(
      id: key.strategy, version: key.strategyVersion, parameters: key.parameters,
      defaults: key.defaults, control: key.control, pluginSHA256: key.pluginSHA256,
      libraries: key.libraries,
      memoryLimit: key.memoryLimit)
  }

  /// How it is named on a board, such as `magnitude[scope=layer]`, and `magnitude · scratch` for a
  /// control of its structures.
  package var text: String { strategyText(id: id, parameters: parameters, control: control) }

  /// The same strategy's structures from another start.
  func under(_ control: Control) -> Entrant {
    var entrant = self
    entrant.control = control
    entrant.course = nil
    return entrant
  }

  /// The strategy whose structures it trains.
  var withoutControl: Entrant {
    var entrant = self
    entrant.control = nil
    return entrant
  }

  /// As it is known from a stored cell.
  var asStored: Entrant {
    var entrant = self
    entrant.pluginPath = nil
    entrant.course = nil
    return entrant
  }

  /// The controls that every comparison has, so that no strategy is held against nothing: no
  /// pruning with the same extra training, random pruning, and magnitude: global, by layer, and
  /// beside the larger weights of a layer.
  package static let controls: [Entrant] = {
    // The strategies linked in are always there, and these are among them.
    let names = "none,random,magnitude,magnitude[scope=layer],lamp"
    return (try? StrategyCatalogue().entrants(names)) ?? []
  }()
}

/// A strategy and its parameters in one word, parameters sorted by name, and the control behind it.
package func strategyText(
  id: String, parameters: [String: String], control: Control? = nil
) -> String {
  let list = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  let text = list.isEmpty ? id : "\(id)[\(list.joined(separator: ","))]"
  return control.map { "\(text) · \($0.rawValue)" } ?? text
}

extension CellKey {
  /// The strategy with its parameters, as on a board.
  package var strategyText: String {
    Comparison.strategyText(id: strategy, parameters: parameters, control: control)
  }
}
