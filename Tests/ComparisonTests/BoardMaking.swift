import Comparison

/// Tests of boards of a few made up results.
protocol BoardMaking {}

extension BoardMaking {
  func board(
    _ strategies: [String], _ results: [CellResult], replicates: Int = 2
  ) throws -> Board {
    let plan = try ComparisonPlan.tiny(strategies, replicates: replicates)
    let byKey = Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    return plan.boards(byKey)[0]
  }

  func pair(
    _ strategy: String, _ errors: [Double], weights: [Int] = [275, 138]
  ) -> [CellResult] {
    errors.enumerated().map {
      .done(.tiny(strategy, replicate: $0), errors: [$1, $1], weights: weights)
    }
  }
}
