/// What a comparison has, and what it has still to run, in order.
struct Agenda {
  private(set) var results: [CellKey: CellResult]
  private(set) var queue: [PlannedCell] = []
  private let cells: [PlannedCell]

  /// - Parameter results: Those that stand.
  init(_ plan: ComparisonPlan, results: [CellKey: CellResult]) {
    self.results = results
    cells = plan.cells
    let missing = plan.denseCells.filter { results[$0.key] == nil }
    // Where nothing starts from them, they are what was asked for.
    if cells.isEmpty { queue = missing }
    // Dense networks stand directly before the first cell that needs them.
    for cell in cells where results[cell.key] == nil {
      if let network = missing.first(where: { $0.key == cell.key.dense }), !queue.contains(network)
      {
        queue.append(network)
      }
      queue.append(cell)
    }
  }

  /// Takes the first cell that can start: what it starts from is there, or has failed.
  mutating func next() -> PlannedCell? {
    let index = queue.firstIndex { cell in
      cell.key.prerequisites.allSatisfy { results[$0] != nil }
    }
    return index.map { queue.remove(at: $0) }
  }

  /// Keeps a result.
  ///
  /// - Returns: The cells that have to be run after all: what was stored of them started from
  ///   something else than what this result left.
  mutating func finish(_ result: CellResult) -> [PlannedCell] {
    results[result.key] = result
    guard !result.key.isDense || result.status == .done else { return [] }
    let check = StartCheck([result])
    let again = cells.filter { cell in
      guard cell.key.prerequisites.contains(result.key), let stored = results[cell.key] else {
        return false
      }
      return !check.isSound(stored)
    }
    for cell in again { results[cell.key] = nil }
    queue += again
    return again
  }
}
