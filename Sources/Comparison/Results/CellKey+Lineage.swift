extension CellKey {
  /// What a model file says of where its network comes from: all that decides it, so that equal cells have
  /// equal files, and nothing of when and where they ran.
  ///
  /// - Parameters:
  ///   - startSHA256: Of the file of the dense network that the cell started from; nil for dense cells.
  ///   - givenSHA256: Of the file of a network that was trained elsewhere; nil without one.
  func lineage(startSHA256: String?, givenSHA256: String?) -> [String: String] {
    func list(_ values: [String: String]) -> String? {
      let words = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return words.isEmpty ? nil : words.joined(separator: ",")
    }
    let members: [String: String?] = [
      "program": "workbench \(Provenance.programVersion)",
      "benchmark": benchmark,
      "benchmarkVersion": "\(benchmarkVersion)",
      "benchmarkSHA256": benchmarkSHA256,
      "strategy": strategyText,
      "strategyVersion": strategyVersion.isEmpty ? nil : strategyVersion,
      "defaults": list(defaults),
      "pluginSHA256": pluginSHA256,
      "replicate": "\(replicate)",
      "seed": "\(seed)",
      "quick": quick ? "true" : nil,
      "kernels": kernels,
      "cell": hash,
      "startSHA256": startSHA256,
      "givenSHA256": givenSHA256,
    ]
    return members.compactMapValues { $0 }
  }
}
