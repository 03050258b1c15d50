import Comparison
import Networks
import Testing

/// A strategy that chance beats says so, with what the board knows of the reason.
struct BehindRandomTests {
  /// What the row of `a` says beside random pruning with an error of 0.3 in each seed.
  private func reason(
    _ errors: [Double], effective: Int = 275, compacted: Int = 550, randomSeeds: Int? = nil
  ) throws -> Board.BehindRandom? {
    let plan = try ComparisonPlan.tiny(["a", "random"], replicates: errors.count)
    let own = errors.enumerated().map { seed, error in
      var cell = CellResult.done(.tiny("a", replicate: seed), errors: [error, error])
      cell.points[0].effectiveCounts.weights = effective
      cell.points[0].compactedCounts.weights = compacted
      return cell
    }
    let random = (0..<(randomSeeds ?? errors.count)).map {
      CellResult.done(.tiny("random", replicate: $0), errors: [0.3, 0.3])
    }
    let results = Dictionary(uniqueKeysWithValues: (own + random).map { ($0.key, $0) })
    let rows = plan.boards(results)[0].tables[0].rows
    #expect(rows.first { $0.strategy == "random" }?.result?.behindRandom == nil)
    return try #require(rows.first { $0.strategy == "a" }).result?.behindRandom
  }

  private let worse = [0.51, 0.5, 0.49]

  @Test func aheadOrLevelThereIsNothingToExplain() throws {
    #expect(try reason([0.2, 0.3, 0.2]) == nil)
    #expect(try reason([0.3, 0.3, 0.3]) == nil)
  }

  @Test func theFirstReasonThatHoldsIsTold() throws {
    #expect(try reason([0.9, 0.25, 0.26], compacted: 275) == .byChance)
    #expect(try reason(worse, effective: 100, compacted: 275) == .wholeUnits)
    #expect(try reason(worse, effective: 247) == .ineffectiveWeights)
    #expect(try reason(worse, effective: 248) == .unexplained)
  }

  @Test func oneSeedShowsNothing() throws {
    #expect(try reason([0.9]) == .byChance)
  }

  @Test func meansOverOtherSeedsAreNoComparison() throws {
    #expect(try reason(worse, randomSeeds: 2) == nil)
  }
}
