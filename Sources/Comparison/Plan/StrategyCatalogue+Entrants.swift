package import PluginHost

extension StrategyCatalogue {
  /// The entrants that a list such as `obd,obs[damping=1e-4|1e-2]` stands for.
  ///
  /// - Parameter memoryLimit: Bytes that a cell may hold: part of what those are whose method depends
  ///   on it.
  /// - Throws: ``ReferenceError`` that quotes the word that is wrong and names the nearest.
  package func entrants(
    _ text: String, memoryLimit: Int? = nil
  ) throws(ReferenceError) -> [Entrant] {
    try entrants(StrategyReference.list(text), memoryLimit: memoryLimit)
  }

  /// The controls that a list such as `scratch,shuffled,small-dense` stands for: other starts of the
  /// structures that strategies find, and strategies to be held against.
  ///
  /// - Throws: ``ReferenceError`` that quotes the word that is neither.
  package func controls(
    _ text: String, memoryLimit: Int? = nil
  ) throws(ReferenceError) -> (ofStructures: [Control], entrants: [Entrant]) {
    var controls: [Control] = []
    var references: [StrategyReference] = []
    for reference in try StrategyReference.list(text) {
      let control = reference.parameters.isEmpty ? Control(rawValue: reference.id) : nil
      if let control { controls.append(control) }
      // One is both: a strategy for sizes that are asked for, and a control of those that are found.
      if control == nil || control == .smallDense {
        let names = Control.allCases.map(\.rawValue)
        let isFunction = ForeignFunction.isMeant(by: reference.id)
        guard isFunction || entries.contains(where: { $0.id == reference.id }) else {
          let hint = nearest(to: reference.id, among: names + entries.map(\.id))
          throw ReferenceError(
            "'\(reference.id)' is neither a strategy nor another start of structures, which are "
              + names.joined(separator: ", ") + (hint.map { "; did you mean '\($0)'?" } ?? ""))
        }
        references.append(reference)
      }
    }
    return (controls, try entrants(references, memoryLimit: memoryLimit))
  }

  private func entrants(
    _ references: [StrategyReference], memoryLimit: Int?
  ) throws(ReferenceError) -> [Entrant] {
    var entrants: [Entrant] = []
    for reference in references {
      let entry = try entry(named: reference.id)
      let parameters = try entry.parameters(reference)
      var entrant = Entrant(
        id: entry.id, version: entry.version, parameters: parameters,
        defaults: entry.defaults(without: parameters), course: entry.course,
        memoryLimit: entry.usesMemoryLimit ? memoryLimit : nil)
      if let library = entry.origin.library {
        entrant.pluginPath = library.path
        entrant.pluginSHA256 = library.sha256
        entrant.libraries = library.libraries
      }
      entrants.append(entrant)
    }
    return entrants
  }
}
