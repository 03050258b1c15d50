import Comparison
import Networks
import PluginHost
import Testing

/// Patterns of masks in a cell: which budgets have a result, and what the others say.
struct PatternRunTests {
  /// 10-50-1: 2:4 leaves 5 of 10 and 25 of 50.
  @Test(arguments: zip(["magnitude", "snip"], [[2, 4], [1.5, 2, 4]]))
  func onlyTheBudgetThatThePatternLeavesHasAResult(_ id: String, ratios: [Double]) throws {
    let cell = try PluggedRun(ratios: ratios)
    let others = ratios.count == 3 ? "1.5×, 4×" : "4×"
    let (result, network) = try cell.run(cell.strategy(id, ["pattern": "2:4"]))
    #expect(result.status == .skipped)
    #expect(
      result.reason
        == "pattern=2:4 leaves 275 of 550 weights, which is 2×: it has no result at \(others)")
    #expect(result.points.map(\.ratioRequested) == [2])
    #expect(result.points.first?.counts.weights == 275)
    let mask = try #require(network).mask
    for start in stride(from: 0, to: 500, by: 10) {
      #expect(mask[start..<start + 4].reduce(0, +) == 2)
      #expect(mask[start + 4..<start + 8].reduce(0, +) == 2)
      #expect(mask[start + 8..<start + 10].reduce(0, +) == 1)
    }
    // As many samples as without a pattern.
    let (plain, _) = try cell.run(cell.strategy(id))
    #expect(
      result.points.first?.cost?.samples
        == plain.points.first { $0.ratioRequested == 2 }?.cost?.samples)
  }

  @Test func allBudgetsMetIsDone() throws {
    let cell = try PluggedRun(ratios: [2])
    #expect(try cell.run(cell.strategy("obd", ["pattern": "2:4"])).0.status == .done)
  }

  @Test func aPatternThatFitsNoBudgetSaysSo() throws {
    let cell = try PluggedRun(ratios: [2, 4])
    let (result, _) = try cell.run(cell.strategy("magnitude", ["pattern": "1:20"]))
    #expect(result.status == .skipped && result.points.isEmpty)
    #expect(
      result.reason
        == "pattern=1:20 leaves none of the 10 weights of a unit of 'fc1': it has no result at 2×, 4×"
    )
  }

  /// The rounds before the one that the pattern leaves are those of every strategy. In them units lose
  /// their only reader, and what led to these counts as pruned.
  @Test func aSmallPatternPassesThroughTheSameRounds() throws {
    let cell = try PluggedRun(ratios: [2, 5])
    // 1:5 leaves 2 of 10 and 10 of 50: a fifth.
    let (result, network) = try cell.run(cell.strategy("magnitude", ["pattern": "1:5"]))
    #expect(result.points.map(\.ratioRequested) == [5])
    let mask = try #require(network).mask
    for start in stride(from: 0, to: 500, by: 5) {
      #expect(mask[start..<start + 5].reduce(0, +) <= 1)
    }
    #expect((30...110).contains(result.points.first?.counts.weights ?? 0))
    let (plain, _) = try cell.run(cell.strategy("magnitude"))
    #expect(result.points.last?.cost?.samples == plain.points.last?.cost?.samples)
  }

  @Test func itIsPartOfTheKeyAndTheName() throws {
    let entrants = try StrategyCatalogue().entrants("magnitude[pattern=2:4|1:2]")
    #expect(entrants.map(\.text) == ["magnitude[pattern=2:4]", "magnitude[pattern=1:2]"])
    let keys = entrants.map { entrant in
      var key = CellKey.tiny(entrant.id)
      key.parameters = entrant.parameters
      return key
    }
    #expect(Set(keys.map(\.hash)).count == 2)
  }
}
