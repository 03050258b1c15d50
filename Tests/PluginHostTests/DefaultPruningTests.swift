import Networks
import Numerics
import PluginHost
import Testing

/// Pruning by score, over random networks, masks and scores.
struct WeightPruningTests {
  struct Case {
    var network: Network
    var layers: [WeightPruning.Layer]
    var pruning: WeightPruning
    var goal: Int

    /// - Parameter ties: how many different scores there are.
    init(seed: UInt64, ties: Int) throws {
      var random = RandomStream(seed: seed, name: "case")
      let widths = (0..<1 + random.index(below: 3)).map { _ in 1 + random.index(below: 9) }
      network = try Fixtures.perceptron(
        seed, inputs: 1 + random.index(below: 9), widths: widths,
        prunesBiases: random.index(below: 2) == 0)
      layers = []
      for place in network.graph.weightedLayers {
        let range = network.prunable(at: place)
        for index in range where random.uniform() < 0.3 {
          network.mask[index] = 0
          network.values[index] = 0
        }
        layers.append(
          .init(
            id: network.graph.nodes[place].id, positions: range,
            scores: range.map { _ in Float(random.index(below: ties)) - Float(ties / 2) }))
      }
      pruning = WeightPruning(layers: layers, mask: network.mask)
      goal = random.index(below: network.counts.weights + 1)
    }

    /// For each flat position its score, where live.
    var scores: [Int: Float] {
      var scores: [Int: Float] = [:]
      for layer in layers {
        for (index, flat) in layer.positions.enumerated() where network.mask[flat] != 0 {
          scores[flat] = layer.scores[index]
        }
      }
      return scores
    }
  }

  @Test(arguments: 0..<40)
  func theGoalIsMetExactlyByTheLowest(seed: Int) throws {
    let test = try Case(seed: UInt64(seed), ties: seed.isMultiple(of: 2) ? 3 : 1000)
    let edits = test.pruning.edits(to: test.goal, sameShareOfEveryLayer: false)
    let after = try test.network.applying(edits).network
    #expect(after.counts.weights == test.goal)
    // A plain sort by score, then by flat index, says the same.
    let scores = test.scores
    let order = scores.keys.sorted { (scores[$0] ?? 0, $0) < (scores[$1] ?? 0, $1) }
    let masked = Set(order.prefix(order.count - test.goal))
    for flat in scores.keys { #expect((after.mask[flat] == 0) == masked.contains(flat)) }
  }

  @Test(arguments: 0..<40)
  func localScoresTakeTheSameShareOfEveryLayer(seed: Int) throws {
    let test = try Case(seed: UInt64(seed), ties: 5)
    let edits = test.pruning.edits(to: test.goal, sameShareOfEveryLayer: true)
    let after = try test.network.applying(edits).network
    #expect(after.counts.weights == test.goal)
    let live = test.network.counts.weights
    for layer in test.layers {
      let before = test.network.live(in: layer.positions)
      let lost = before - after.live(in: layer.positions)
      let exact = Double(before) * Double(live - test.goal) / Double(max(live, 1))
      #expect(abs(Double(lost) - exact) < 1)
      // Whatever went scores no higher than whatever stayed.
      let gone = layer.positions.filter { test.network.mask[$0] != 0 && after.mask[$0] == 0 }
      let kept = layer.positions.filter { after.mask[$0] != 0 }
      let scores = test.scores
      if let highest = gone.compactMap({ scores[$0] }).max(),
        let lowest = kept.compactMap({ scores[$0] }).min()
      {
        #expect(highest <= lowest)
      }
    }
  }

  @Test func signsOfZeroTie() {
    let layer = WeightPruning.Layer(id: 5, positions: 0..<4, scores: [0, -0.0, -1, 0])
    let pruning = WeightPruning(layers: [layer], mask: [1, 1, 1, 1])
    #expect(
      pruning.edits(to: 2, sameShareOfEveryLayer: false)
        == [.maskOff(layer: 5, positions: [0, 2])])
  }

  @Test func aGoalThatIsMetAlreadyChangesNothing() {
    let layer = WeightPruning.Layer(id: 5, positions: 0..<4, scores: [1, 2, 3, 4])
    let pruning = WeightPruning(layers: [layer], mask: [1, 0, 1, 0])
    #expect(pruning.edits(to: 2, sameShareOfEveryLayer: false).isEmpty)
    #expect(pruning.edits(to: 99, sameShareOfEveryLayer: true).isEmpty)
  }

  @Test(arguments: [
    (0, [3, 4], [0, 0]), (7, [3, 4], [3, 4]), (2, [1, 1, 1], [1, 1, 0]),
    (5, [10, 5, 5], [3, 1, 1]), (1, [0, 0], [0, 0]), (3, [], []),
  ])
  func sharesAddUp(total: Int, weights: [Int], expected: [Int]) {
    #expect(largestRemainders(of: total, over: weights) == expected)
  }
}

struct UnitPruningTests {
  private func scores(of network: Network, seed: UInt64) -> [Int: [Float]] {
    var random = RandomStream(seed: seed, name: "scores")
    var scores: [Int: [Float]] = [:]
    for place in network.graph.weightedLayers.dropLast() {
      let units = network.graph.nodes[place].operation.units ?? 0
      scores[place] = (0..<units).map { _ in Float(random.uniform()) }
    }
    return scores
  }

  @Test(arguments: 0..<20)
  func theFewestLowestGo(seed: Int) throws {
    let network = try Fixtures.perceptron(UInt64(seed), widths: [9, 7])
    let scores = scores(of: network, seed: UInt64(seed))
    let goal = network.counts.weights * (seed + 2) / 24
    let edits = UnitPruning(network: network, scores: scores, areLocal: false).edits(to: goal)
    let after = try network.applying(edits).network
    #expect(
      after.counts.weights <= goal
        || after.graph.weightedLayers.allSatisfy {
          (after.graph.nodes[$0].operation.units ?? 0) <= 3
        })
    // Every unit that went scores lower than every unit that stayed, but for a layer's last one.
    var gone: [Int: Set<Int>] = [:]
    for case .removeUnits(let layer, let units) in edits {
      gone[try #require(network.graph.place(of: layer))] = Set(units)
    }
    var lost: [Float] = []
    var kept: [Float] = []
    for (place, list) in scores {
      let goneHere = gone[place] ?? []
      lost += goneHere.map { list[$0] }
      guard list.count - goneHere.count > 1 else { continue }
      kept += list.indices.filter { !goneHere.contains($0) }.map { list[$0] }
    }
    if let highest = lost.max(), let lowest = kept.min() { #expect(highest < lowest) }
    // One unit fewer would not have been enough.
    let count = lost.count
    if count > 0, after.counts.weights <= goal {
      let last = try #require(lost.max())
      let (place, unit) = try #require(
        scores.lazy.compactMap { place, list in
          list.firstIndex(of: last).map { (place, $0) }
        }.first)
      let fewer = gone.map { key, units in
        Edit.removeUnits(
          layer: network.graph.nodes[key].id,
          units: units.filter { key != place || $0 != unit }.sorted())
      }
      #expect(try network.applying(fewer).network.counts.weights > goal)
    }
  }

  @Test func coupledChannelsGoTogetherByTheirMean() throws {
    let network = try Fixtures.residual()
    var scores: [Int: [Float]] = [:]
    for group in network.unitGroups() where group.removable {
      for member in group.members {
        let units = network.graph.nodes[member.place].operation.units ?? 0
        scores[member.place, default: Array(repeating: 5, count: units)][member.unit] = 5
      }
    }
    // The channels of a stage are shared by its skip and the last convolution of its branch.
    let shared = try #require(
      network.unitGroups().first { $0.removable && $0.members.count > 1 })
    for member in shared.members { scores[member.place]?[member.unit] = -1 }
    let edits = UnitPruning(network: network, scores: scores, areLocal: false)
      .edits(to: network.counts.weights - 1)
    let after = try network.applying(edits).network
    for member in shared.members {
      #expect(
        (after.graph.nodes[member.place].operation.units ?? 0)
          == (network.graph.nodes[member.place].operation.units ?? 0) - 1)
    }
    #expect(after.counts.weights == network.counts(removing: [shared]).weights)
  }

  @Test func noLayerLosesItsLastUnit() throws {
    let network = try Fixtures.perceptron(widths: [4, 4])
    let scores = scores(of: network, seed: 1)
    for areLocal in [false, true] {
      let edits = UnitPruning(network: network, scores: scores, areLocal: areLocal).edits(to: 0)
      let after = try network.applying(edits).network
      #expect(
        after.graph.weightedLayers.map { after.graph.nodes[$0].operation.units } == [1, 1, 3])
    }
  }

  @Test func localScoresTakeTheSameShareOfUnits() throws {
    let network = try Fixtures.perceptron(widths: [20, 10])
    var scores = scores(of: network, seed: 2)
    let first = network.graph.weightedLayers[0]
    scores[first] = scores[first]?.map { $0 + 100 }
    let edits = UnitPruning(network: network, scores: scores, areLocal: true)
      .edits(to: network.counts.weights / 3)
    let after = try network.applying(edits).network
    let widths = after.graph.weightedLayers.compactMap { after.graph.nodes[$0].operation.units }
    #expect(abs(widths[0] - 2 * widths[1]) <= 2)
  }
}

struct BlockPruningTests {
  @Test func theLowestBlocksGoFirst() throws {
    let network = try Fixtures.residual(blocks: 2)
    let ids = network.graph.residualSums.map { network.graph.nodes[$0].id }
    let scores: [Float] = [3, 1, 2, 1, 5, 4]
    let one = blockDrops(scores: scores, in: network, to: network.counts.weights - 1)
    #expect(one == [.dropBlock(block: ids[1])])
    let all = blockDrops(scores: scores, in: network, to: 0)
    #expect(all == [1, 3, 2, 0, 5, 4].map { .dropBlock(block: ids[$0]) })
    #expect(try network.applying(all).network.graph.residualSums.isEmpty)
  }

  @Test func aGoalThatIsMetDropsNothing() throws {
    let network = try Fixtures.residual()
    #expect(blockDrops(scores: [1, 2, 3], in: network, to: network.counts.weights).isEmpty)
  }
}

/// The linked-in strategies through the whole way.
struct PlanTests {
  @Test(arguments: ["random", "magnitude", "lamp", "obd", "obs"])
  func aBuiltInStrategyMeetsTheGoal(id: String) throws {
    let network = try Fixtures.perceptron()
    let entry = try StrategyCatalogue().entry(named: id)
    let plan = try Fixtures.plan(entry, network, goal: 60)
    #expect(plan.surgery.network.counts.weights == 60)
    #expect(try Fixtures.plan(entry, network, goal: 60).edits == plan.edits)
  }

  @Test func theControlChangesNothing() throws {
    let network = try Fixtures.perceptron()
    let plan = try Fixtures.plan(StrategyCatalogue().entry(named: "none"), network, goal: 10)
    #expect(plan.surgery.network == network)
  }

  @Test func anEmptyBranchIsNoCollapse() throws {
    var network = try Fixtures.residual()
    let place = try #require(
      network.graph.weightedLayers.first { network.graph.nodes[$0].block != nil })
    let weights = try #require(network.layout[place]?.weights)
    for index in weights { network.values[index] *= 1e-12 }
    let goal = network.counts.weights - weights.count
    let plan = try Fixtures.plan(
      StrategyCatalogue().entry(named: "magnitude"), network, goal: goal)
    #expect(plan.surgery.network.live(in: weights) == 0)
    #expect(plan.surgery.network.counts.weights == goal)
  }

  @Test func pruningToNothingCollapses() throws {
    let network = try Fixtures.perceptron()
    let entry = try StrategyCatalogue().entry(named: "magnitude")
    let text = message { _ = try Fixtures.plan(entry, network, goal: 0) }
    #expect(text.contains("collapsed: its plan leaves layer 'fc1' with none of its 48 weights"))
  }
}
