import Comparison
import Foundation
import Networks
import PluginHost
import Testing

/// What a strategy did is kept, round by round.
struct RoundRecordTests {
  private let cell: PluggedRun

  init() throws { cell = try PluggedRun() }

  @Test func aPrunersRounds() throws {
    let outcome = try cell.outcome(of: cell.strategy("obd"))
    let rounds = outcome.rounds
    #expect(rounds.map(\.step) == [nil, nil])
    #expect(rounds.map(\.weights) == [275, 138])
    #expect(rounds[0].weightsBefore == 550)
    // What has no effect is masked before a round.
    #expect(rounds[1].weightsBefore <= 275)
    for round in rounds {
      #expect(round.proposal.edits == [.maskOff: round.weightsBefore - round.weights])
      #expect(round.proposal.scores?.count == round.weightsBefore)
      let scores = try #require(round.proposal.scores)
      #expect(0 <= scores.least && scores.least < scores.mean && scores.mean < scores.largest)
      #expect(round.layers.map(\.units) == [50, 1])
      #expect(round.layers.reduce(0) { $0 + $1.weights } == round.weights)
    }
    let points = outcome.result.points
    #expect(rounds[0].samples == points[0].cost.map { $0.samples - points[0].trainSamples })
    #expect(rounds[1].samples == points[0].cost?.samples)
  }

  @Test("The losses are those of the networks before and after surgery")
  func losses() throws {
    let round = try #require(try cell.outcome(of: cell.strategy("magnitude")).rounds.first)
    let (before, after) = (try #require(round.lossBefore), try #require(round.lossAfter))
    #expect(before > 0 && after > before)
    let unpruned = try #require(try cell.outcome(of: cell.strategy("none")).rounds.first)
    #expect(unpruned.lossBefore == before && unpruned.lossAfter == before)
  }

  @Test("A grower's prediction stands beside what surgery did")
  func growth() throws {
    let outcome = try cell.outcome(of: cell.strategy("random-growth"))
    // Some update points find no room for a unit.
    let updates = outcome.rounds.filter { $0.step != nil && !$0.proposal.edits.isEmpty }
    #expect(!updates.isEmpty)
    for update in updates {
      #expect(update.weights > update.weightsBefore)
      #expect(update.proposal.edits[.widen] ?? 0 > 0)
      #expect(update.proposal.predictedLossChange == 0)
      let (before, after) = (try #require(update.lossBefore), try #require(update.lossAfter))
      #expect(abs(after - before) < 1e-6 * before)
      #expect(update.samples == (update.step ?? 0) * 32)
    }
  }

  @Test func linesAreReadAsTheyWereWritten() async throws {
    let folder = try TemporaryFolder()
    let store = Store(folder.url.appending(path: "results"))
    let plan = try ComparisonPlan.tiny(["magnitude"])
    _ = try await plan.run(store: store, executor: FakeExecutor())
    let rounds = store.rounds(of: .tiny("magnitude"))
    #expect(rounds.map(\.weights) == [275, 138])
    #expect(store.rounds(of: .tiny("nobody")).isEmpty)
  }
}
