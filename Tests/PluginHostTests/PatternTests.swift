import Networks
import Numerics
import PluginHost
import Testing

/// Masks with N of each M weights.
@Suite struct PatternTests {
  private func entry(_ id: String) throws -> StrategyEntry {
    try StrategyCatalogue().entry(named: id)
  }

  private func pattern(_ text: String) throws -> MaskPattern { try #require(MaskPattern(text)) }

  private func reference(_ text: String) throws -> StrategyReference {
    let all = try StrategyReference.list(text)
    return try #require(all.first)
  }

  @Test(arguments: [
    "", "2", "2:", ":4", "4:2", "4:4", "0:4", "-1:4", "2:4:8", "+2:4", "2: 4", "a:b", "٢:٤",
    "1:65537", "1:99999999999999999999",
  ])
  func othersAreNone(text: String) {
    #expect(MaskPattern(text) == nil)
  }

  @Test func aRowKeepsItsShareRoundedDown() throws {
    #expect(try pattern("02:4").description == "2:4")
    #expect(try (0...9).map(pattern("2:4").kept(ofRow:)) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    #expect(try (0...9).map(pattern("1:4").kept(ofRow:)) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    #expect(try (0...6).map(pattern("3:5").kept(ofRow:)) == [0, 0, 1, 1, 2, 3, 3])
  }

  @Test(arguments: zip(["2:4", "1:4", "1:3"], [133_100, 66_550, 88_630]))
  func whatAPatternLeavesOfLeNet(text: String, weights: Int) throws {
    let network = Network(graph: try Models.leNet300())
    #expect(try pattern(text).weights(in: network) == weights)
    #expect(try pattern(text).obstacle(to: weights, in: network) == nil)
    #expect(try pattern(text).obstacle(to: weights * 101 / 100, in: network) == nil)
    let obstacle = try pattern(text).obstacle(to: weights - 1, in: network) ?? ""
    #expect(obstacle.hasPrefix("pattern=\(text) leaves \(weights) of 266200 weights, which is "))
    #expect(try pattern(text).obstacle(to: 2 * weights, in: network) != nil)
  }

  /// Dense layers, and convolutions whose rows do not come out even.
  private static let networks: [@Sendable () throws -> Network] = [
    { try Fixtures.perceptron(2, inputs: 8, widths: [12, 8]) },
    { try Fixtures.perceptron(2, inputs: 8, widths: [12, 8], prunesBiases: true) },
    {
      var builder = GraphBuilder(input: Shape(2, 6, 6), layout: .spatial)
      builder.add(.convolution(.init(channels: 5, kernel: Extent(3))))
      builder.add(.relu)
      builder.add(.flatten)
      builder.add(.dense(units: 3, bias: true))
      return Network(graph: try builder.graph()).initialized(seed: 2)
    },
  ]

  /// The live positions of each group of a layer's rows.
  private func groups(of network: Network, _ group: Int) -> [(length: Int, live: [Int], all: [Int])]
  {
    network.layout.slots.filter { network.graph.weightedLayers.contains($0.place) }.flatMap {
      slot in
      let units = network.graph.shapes[slot.place].channels
      let row = slot.weights.count / units
      return (0..<units).flatMap { unit in
        stride(from: 0, to: row, by: group).map { first in
          let start = slot.weights.lowerBound + unit * row
          let all = Array(start + first..<start + min(first + group, row))
          return (all.count, all.filter { network.mask[$0] != 0 }, all)
        }
      }
    }
  }

  @Test(arguments: networks.indices, ["2:4", "1:4", "3:5"])
  func exactlyTheBestOfEachGroupStay(index: Int, text: String) throws {
    let network = try Self.networks[index]()
    let pattern = try pattern(text)
    let plan = try Fixtures.plan(
      entry("magnitude"), network, goal: pattern.weights(in: network),
      parameters: ["pattern": text])
    let after = plan.surgery.network
    #expect(after.counts.weights == pattern.weights(in: network))
    for group in groups(of: after, pattern.group) {
      let count = group.length * pattern.kept / pattern.group
      let best = group.all.sorted { abs(network.values[$0]) > abs(network.values[$1]) }
      #expect(Set(group.live) == Set(best.prefix(count)))
    }
    if network.prunesBiases {
      for slot in after.layout.slots { #expect(slot.biases.allSatisfy { after.mask[$0] != 0 }) }
    }
  }

  /// On the way to 1:4 each group keeps its best, and otherwise the lowest go.
  @Test func aLargerBudgetIsMetOnTheWay() throws {
    let network = try Self.networks[0]()
    let half = network.counts.weights / 2
    let after = try Fixtures.plan(
      entry("magnitude"), network, goal: half, parameters: ["pattern": "1:4"]
    ).surgery.network
    #expect(after.counts.weights == half)
    var gone: [Float] = []
    var kept: [Float] = []
    for group in groups(of: after, 4) {
      let best = group.all.max { abs(network.values[$0]) < abs(network.values[$1]) }
      #expect(best.map(group.live.contains) == true)
      for place in group.all where place != best {
        let size = abs(network.values[place])
        if after.mask[place] == 0 { gone.append(size) } else { kept.append(size) }
      }
    }
    #expect((gone.max() ?? 0) <= (kept.min() ?? 0) && !gone.isEmpty && !kept.isEmpty)
  }

  @Test func groupsWithFewerLiveWeightsKeepThose() throws {
    var network = try Self.networks[0]()
    for index in 0..<7 { network.mask[index] = 0 }
    network.zeroMasked()
    let pattern = try pattern("2:4")
    let after = try Fixtures.plan(
      entry("lamp"), network, goal: pattern.weights(in: network), parameters: ["pattern": "2:4"]
    ).surgery.network
    #expect(groups(of: after, 4).allSatisfy { $0.live.count <= 2 })
    #expect(after.counts.weights == pattern.weights(in: network) - 3)
  }

  @Test func aBudgetBelowThePatternIsSkippedInWords() throws {
    let network = try Self.networks[0]()
    let entry = try entry("magnitude")
    let text = message {
      _ = try Fixtures.plan(entry, network, goal: 40, parameters: ["pattern": "2:4"])
    }
    #expect(
      text.contains("pattern=2:4 leaves 108 of 216 weights, which is 2×, and the budget is 40"),
      "\(text)")
  }

  @Test func aRowThatWouldBeEmptyIsSkippedInWords() throws {
    let network = try Fixtures.perceptron(2, inputs: 3, widths: [8])
    let entry = try entry("magnitude")
    let text = message {
      _ = try Fixtures.plan(entry, network, goal: 16, parameters: ["pattern": "1:4"])
    }
    #expect(text.contains("pattern=1:4 leaves none of the 3 weights of a unit of 'fc1'"), "\(text)")
  }

  // MARK: - Who can be asked

  @Test(arguments: ["magnitude", "obd", "lamp", "snip", "grasp", "taylor"])
  func whatScoresWeightsTakesIt(id: String) throws {
    let entry = try entry(id)
    #expect(entry.takesPattern)
    let reference = try reference("\(id)[pattern=02:4]")
    #expect(try entry.parameters(reference) == ["pattern": "2:4"])
    #expect(entry.defaults(without: [:])["pattern"] == nil)
    let network = try Self.networks[0]()
    let after = try Fixtures.plan(
      entry, network, goal: 108, parameters: ["pattern": "2:4"]
    ).surgery.network
    #expect(groups(of: after, 4).allSatisfy { $0.live.count == 2 })
  }

  @Test(arguments: [
    "random", "obs", "filter-norm", "taylor-units", "synflow", "none", "rigl", "random-growth",
  ])
  func othersSayWhyTheyCannot(id: String) throws {
    let entry = try entry(id)
    #expect(!entry.takesPattern)
    let reference = try reference("\(id)[pattern=2:4]")
    let text = message { _ = try entry.parameters(reference) }
    #expect(text.contains("'\(id)' cannot have 'pattern'"), "\(text)")
  }

  @Test(arguments: [
    ("magnitude[pattern=4:2]", "'pattern=4:2' of 'magnitude' is no pattern; write N:M"),
    (
      "magnitude[patern=2:4]",
      "no parameter 'patern'; did you mean 'pattern'?; it has scope, pattern"
    ),
    ("lamp[patern=2:4]", "'lamp' has no parameters, so no 'patern'; did you mean 'pattern'?"),
  ])
  func wrongOnesAreQuoted(text: String, sentence: String) throws {
    let reference = try reference(text)
    let entry = try entry(reference.id)
    let text = message { _ = try entry.parameters(reference) }
    #expect(text.contains(sentence), "\(text)")
  }

  /// A library that knows nothing of it.
  @Test(.enabled(if: PluginCompiler.isThere)) func aStrangersScoreTakesIt() throws {
    let entry = try StrategyCatalogue().function("libm.so.6:fabs(weight)")
    let network = try Self.networks[0]()
    let plan = { (entry: StrategyEntry) in
      try Fixtures.plan(entry, network, goal: 108, parameters: ["pattern": "2:4"])
        .surgery.network
    }
    #expect(try plan(entry) == plan(self.entry("magnitude")))
  }
}
