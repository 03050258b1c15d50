/// What happens while a comparison runs.
package enum ComparisonEvent: Sendable {
  /// How many cells there are, dense networks included, and how many the store has already.
  case planned(total: Int, stored: Int)
  /// So many of the stored cells have to be run after all.
  case outdated(Int)
  case started(CellKey)
  /// The fraction of a running cell's work that is done.
  case progress(CellKey, Double)
  case finished(CellResult)
  /// A sentence for the user.
  case warning(String)
}

/// Every result of a comparison, those that the store had already included.
package struct ComparisonOutcome: Sendable {
  /// Of the strategies' cells and of the dense networks, by key.
  package var results: [CellKey: CellResult]
  /// How many cells were run, and not read from the store.
  package var ran: Int

  /// Whether every strategy's cell is done.
  package var isAllDone: Bool { results.values.allSatisfy { $0.status == .done } }
}
