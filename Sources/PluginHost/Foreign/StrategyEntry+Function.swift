extension StrategyEntry {
  /// A C function as a strategy: it scores single weights, and the declaration says what it reads.
  ///
  /// - Parameter table: Of a process that has the function.
  init(_ function: ForeignFunction, origin: Origin, table: PluginTable) {
    let signals = function.signals.map(\.signal)
    self.init(
      id: function.id, name: function.symbol,
      summary: "Removes the weights for which a C function gives the least.",
      citation: "the C function '\(function.symbol)'", version: Self.functionVersion, options: [],
      reads: signals.map(\.word), emits: [], granularity: .weights, course: .prune,
      scoresAreLocal: false, scoresAreLosses: false, needsConvolutions: false, needsBlocks: false,
      origin: origin, signals: signals.reduce(0) { $0 | $1.bit }, edits: 0, table: table)
  }

  /// To be raised when the same declaration is called in another way: it is part of what a result is of.
  private static let functionVersion = "1"
}
