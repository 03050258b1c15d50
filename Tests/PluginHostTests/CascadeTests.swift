import Networks
import Numerics
import PluginHost
import Testing

/// The deep form of cascade correlation as the host sees it.
struct CascadeTests {
  private let growth = CascadeGrowth(form: "cascade")
  /// Those with direct weights, with and without biases.
  private static let graphs = [0, 2]

  private func names(_ network: Network) -> [String] {
    network.graph.weightedLayers.map { network.graph.nodes[$0].name }
  }

  private func units(_ network: Network) -> [Int] {
    network.graph.weightedLayers.dropLast().compactMap {
      network.graph.nodes[$0].operation.units
    }
  }

  @Test(arguments: graphs)
  func itBeginsWithoutAHiddenUnit(_ index: Int) throws {
    let network = try growth.grow(growth.network(index), to: 40).begun.surgery.network
    #expect(names(network) == ["fc2"])
    #expect(network.frozen.isEmpty)
    #expect(network.counts.weights == 6)
  }

  /// Unit u reads 3 inputs and u units, and 2 outputs read it.
  @Test(arguments: graphs)
  func eachUnitReadsThoseBeforeIt(_ index: Int) throws {
    let (_, updates, asked) = try growth.grow(growth.network(index), to: 40)
    // 6 direct weights and 5 + 6 + 7 + 8 of units: 8 are left, and the next costs 9.
    #expect(updates.count == 4)
    for (unit, (update, before)) in zip(updates, asked).enumerated() {
      let after = update.surgery.network
      #expect(units(after) == [Int](repeating: 1, count: unit + 1))
      #expect(after.counts.weights == [11, 17, 24, 32][unit])
      let place = after.graph.weightedLayers[unit]
      let slot = try #require(after.layout[place])
      #expect(slot.weights.count == 3 + unit)
      #expect(slot.all.allSatisfy { after.frozen[$0] })
      let reader = try #require(after.layout[after.graph.weightedLayers[unit + 1]])
      let columns = Set((1...2).map { reader.weights.lowerBound + $0 * (4 + unit) - 1 })
      #expect(columns.allSatisfy { !after.frozen[$0] && after.values[$0] != 0 })
      // Everything else stays as it was.
      for (place, origin) in update.surgery.origin.enumerated()
      where !columns.contains(place) && !slot.all.contains(place) {
        #expect(origin >= 0 && after.values[place] == before.values[Int(origin)])
      }
    }
  }

  @Test func everyUnitMakesTheLossSmaller() throws {
    for update in try growth.grow(growth.network(0), to: 40).updates {
      let loss = try growth.measurements(update.surgery.network).loss()
      #expect(try #require(update.prediction) < 0)
      #expect(loss < update.loss)
    }
  }

  @Test func unitsOfOnePoolDoNotReadEachOther() throws {
    let updates = try growth.grow(growth.network(0), to: 40, ["units": "2"]).updates
    // 6 + 2 · 5 + 2 · 7 + 9.
    #expect(updates.map { units($0.surgery.network) } == [[2], [2, 2], [2, 2, 1]])
    #expect(updates.last?.surgery.network.counts.weights == 39)
  }

  @Test func trainedUnitsAreNotFrozen() throws {
    let updates = try growth.grow(growth.network(0), to: 26, ["installed": "trained"]).updates
    #expect(updates.count == 3)
    #expect(updates.allSatisfy { $0.surgery.network.frozen.isEmpty })
  }

  @Test func theSameSeedGivesTheSameUnits() throws {
    let (first, second) = (
      try growth.grow(growth.network(0), to: 26), try growth.grow(growth.network(0), to: 26)
    )
    #expect(first.updates.map(\.edits) == second.updates.map(\.edits))
  }

  /// Where the output reads hidden units alone, there is nothing that units could stand beside.
  @Test func withoutDirectWeightsItIsFlat() throws {
    let flat = try CascadeGrowth(form: "flat").grow(growth.network(1), to: 40)
    let grown = try growth.grow(growth.network(1), to: 40)
    #expect(grown.begun.edits == flat.begun.edits)
    #expect(grown.updates.map(\.edits) == flat.updates.map(\.edits))
    let log = Lines()
    _ = try Fixtures.plan(
      StrategyCatalogue().entry(named: "cascade-correlation"),
      Network(
        graph: Models.multilayerPerceptron(
          inputs: 3, widths: [4], outputs: 2, activation: .tanh)
      ).initialized(seed: 1), goal: 100, log: log)
    #expect(log.all == ["'fc2' reads hidden units alone: no cascade, units lie in one layer"])
  }

  @Test func aGoalThatNoCascadeReachesIsSkipped() throws {
    let instance = try growth.instance()
    let text = message {
      _ = try instance.plan(
        Round(index: 0, total: 1, weightsGoal: 100_000), network: growth.network(0),
        measurements: growth.measurements(growth.network(0)))
    }
    #expect(text.contains("more than 300 layers of a cascade hold"), "\(text)")
  }
}
