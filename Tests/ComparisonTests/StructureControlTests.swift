import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// The structures that a strategy finds, trained from other starts.
struct StructureControlTests {
  private let cell: PluggedRun
  private let magnitude: CellOutcome

  init() throws {
    cell = try PluggedRun()
    magnitude = try cell.outcome(of: FakeStrategy(.smallest))
  }

  private func run(
    _ control: Control, of outcome: CellOutcome? = nil
  ) throws -> CellOutcome {
    let outcome = outcome ?? magnitude
    return try cell.runner.run(
      control,
      of: ControlledCell(
        result: outcome.result, structures: outcome.structures, early: cell.early),
      from: cell.network, dense: cell.dense)
  }

  private func live(_ network: Network?) throws -> [Int] {
    let network = try #require(network)
    return network.mask.indices.filter { network.mask[$0] != 0 }
  }

  @Test func structuresAreThoseOfThePoints() throws {
    #expect(magnitude.structures.map(\.ratio) == [2, 4])
    let last = try magnitude.structures[1].network(prunesBiases: false)
    #expect(last.mask == magnitude.network?.mask)
    #expect(last.counts == magnitude.result.points[1].counts)
    let count = last.layout.count
    #expect(magnitude.structures[1].places(in: count) == (0..<count).map { $0 })
  }

  @Test func structuresAreKeptAsTheyAre() throws {
    let data = try CanonicalJSON.encode(magnitude.structures)
    #expect(try CanonicalJSON.decode([Structure].self, from: data) == magnitude.structures)
    #expect(data.count < 8000)
  }

  @Test("Whatever runs a file has, no place lies outside of the dense network")
  func hostileRuns() throws {
    let whole = try JSONSerialization.jsonObject(
      with: try CanonicalJSON.encode(magnitude.structures[0]))
    let object = try #require(whole as? [String: Any])
    for runs in [[0], [0, -5], [0, 1 << 40], [590, 100], [-7, 3], [9_000_000, 2], []] {
      var object = object
      object["ancestry"] = runs
      let data = try JSONSerialization.data(withJSONObject: object)
      let structure = try CanonicalJSON.decode(Structure.self, from: data)
      let places = structure.places(in: 601)
      #expect(places.count == 601)
      #expect(places.compactMap { $0 }.allSatisfy { 0..<601 ~= $0 })
    }
  }

  @Test(arguments: [Control.scratch, .shuffled, .reinit, .rewind])
  func eachIsShownAsMuchAsTheStrategy(_ control: Control) throws {
    let outcome = try run(control)
    #expect(outcome.result.status == .done)
    #expect(
      outcome.result.points.map { $0.cost?.samples }
        == magnitude.result.points.map { $0.cost?.samples })
    #expect(outcome.result.points.map(\.weightsGoal) == magnitude.result.points.map(\.weightsGoal))
    let again = try run(control)
    #expect(again.result.withoutTimes == outcome.result.withoutTimes)
  }

  @Test func equalOperations() throws {
    let scratch = try run(.scratchOperations)
    for (point, own) in zip(scratch.result.points, magnitude.result.points) {
      let operations = try #require(point.cost).operations
      let wanted = try #require(own.cost).operations
      #expect(abs(operations / wanted - 1) < 0.01)
    }
    let equal = try #require(try run(.scratch).result.points[1].cost)
    let longer = try #require(scratch.result.points[1].cost)
    #expect(longer.samples > equal.samples)
  }

  @Test("A network of hardly a weight is not trained for ever")
  func mostSamples() throws {
    let cell = try PluggedRun(ratios: [275])
    let outcome = try cell.outcome(of: cell.strategy("random"))
    let controlled = ControlledCell(
      result: outcome.result, structures: outcome.structures, early: cell.early)
    func run(_ control: Control) throws -> CellResult {
      try cell.runner.run(control, of: controlled, from: cell.network, dense: cell.dense).result
    }
    let (equal, longer) = (try run(.scratch), try run(.scratchOperations))
    let samples = (equal.points.first?.cost?.samples, longer.points.first?.cost?.samples)
    #expect(samples.1 == samples.0.map { 32 * $0 })
    #expect(equal.log.isEmpty && longer.log.count == 1)
    #expect(longer.log.first?.hasPrefix("at 275.0× it was shown 32 times the samples") == true)
  }

  @Test func theMaskStaysOrMoves() throws {
    let own = try live(magnitude.network)
    let (reinit, rewind) = (try live(run(.reinit).network), try live(run(.rewind).network))
    #expect(reinit == own && rewind == own)
    let network = try #require(try run(.shuffled).network)
    let shuffled = try live(network)
    #expect(shuffled != own)
    for slot in network.layout.slots {
      for range in [slot.weights, slot.biases] {
        #expect(shuffled.count { range.contains($0) } == own.count { range.contains($0) })
      }
    }
  }

  @Test func scratchIsWhatCompactionLeaves() throws {
    let outcome = try run(.scratch)
    #expect(
      outcome.result.points.map(\.counts) == magnitude.result.points.map(\.effectiveCounts))
  }

  @Test("The early weights are those of the same training, cut short")
  func earlyWeights() throws {
    let benchmark = Benchmark.tiny
    let key = CellKey.tiny("a")
    var recipe = benchmark.recipes.dense
    // So that the schedule is the same, only the steps are fewer.
    recipe.schedule = .cosine
    var random = RandomStream(seed: key.seed, name: "dense batches of start 0")
    let start = try benchmark.network().initialized(seed: key.seed, by: benchmark.initialization)
    let period = try Trainer(loss: benchmark.loss).begin(
      start, state: OptimizerState(parameters: start.layout.count), on: cell.runner.splits.training,
      recipe: recipe, random: &random)
    try period.advance(to: Int((0.05 * Double(period.total)).rounded()))
    #expect(period.network == cell.early)
    #expect(cell.early != cell.network && cell.early != start)
  }

  @Test("Where the strategy ended, its controls end, and say so")
  func partWay() throws {
    let outcome = try cell.outcome(of: FakeStrategy(.failing))
    #expect(outcome.structures.map(\.ratio) == [2])
    let control = try run(.reinit, of: outcome).result
    #expect(control.points.map(\.ratioRequested) == [2])
    #expect(control.status == .skipped)
    #expect(control.reason?.contains("it proposed nonsense") == true)
  }

  @Test func aDenseStructureHasNoMaskToShuffle() throws {
    let outcome = try cell.outcome(of: FakeStrategy(.none))
    let control = try run(.shuffled, of: outcome).result
    #expect(control.status == .skipped && control.points.isEmpty)
    #expect(control.reason?.contains("no mask") == true)
  }

  @Test func nothingGrownIsRewound() throws {
    let outcome = try cell.outcome(of: cell.strategy("random-growth"))
    let control = try run(.rewind, of: outcome).result
    #expect(control.status == .skipped)
    #expect(control.reason?.contains("rewound") == true)
    let scratch = try run(.scratch, of: outcome)
    #expect(scratch.result.points.count == outcome.result.points.count)
  }

  @Test("A dense network of as many weights has no mask, and is hardly smaller")
  func smallDense() throws {
    let outcome = try run(.smallDense)
    for (point, structure) in zip(outcome.result.points, magnitude.result.points) {
      #expect(point.counts == point.compactedCounts)
      #expect(point.counts.weights <= structure.counts.weights)
      // A unit has 11 weights.
      #expect(point.counts.weights > structure.counts.weights - 11)
      #expect(point.cost?.samples == structure.cost?.samples)
    }
    #expect(outcome.result.points.map(\.widths) == [[25, 1], [12, 1]])
  }

  @Test("It is of strategies that choose their size, and a strategy for sizes that are asked for")
  func smallDenseIsBoth() throws {
    let (controls, entrants) = try StrategyCatalogue().controls("scratch,small-dense")
    #expect(controls == [.scratch, .smallDense])
    #expect(entrants.map(\.text) == ["small-dense"])
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1"],
      entrants: [Entrant(id: "own", course: .free), Entrant(id: "cut", course: .prune)],
      structureControls: controls, others: entrants, replicates: 1, controls: false,
      catalogue: [.tiny])
    #expect(
      plan.cells.map(\.key.strategyText) == [
        "own", "own · scratch", "own · small-dense", "cut", "cut · scratch", "small-dense",
      ])
  }
}
