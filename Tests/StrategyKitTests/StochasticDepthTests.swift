import CWorkbench
import Testing

@Suite struct StochasticDepthTests {
  /// A first convolution and four blocks of one convolution each, with these powers.
  private func host(powers: [Float] = [1, 1, 4, 1, 2]) -> FakeHost {
    var random = SplitMix(state: 41)
    let layers = powers.enumerated().map { index, power in
      var layer = FakeLayer.random(UInt64(index + 1), 2, 2, kernel: (3, 3), using: &random)
      layer.block = index == 0 ? nil : UInt64(100 + index)
      layer.signals[WB_SIGNAL_ACTIVATION_MEAN] = [0, power.squareRoot()]
      layer.signals[WB_SIGNAL_ACTIVATION_VARIANCE] = [power, 0]
      return layer
    }
    var blocks = (1..<powers.count).map { FakeBlock(id: UInt64(100 + $0), name: "block\($0)") }
    blocks[1].isDroppable = false
    return FakeHost(layers, blocks: blocks)
  }

  private func depth(_ host: FakeHost, survival: Double = 0.5) throws -> Entrant {
    try #require(
      Entrant(
        try loadedPlugin("StochasticDepth"), "stochastic-depth",
        options: ["survival": .number(survival)], host: host))
  }

  private func entrant(_ host: FakeHost) throws -> Entrant {
    try #require(Entrant(try loadedPlugin("StochasticDepth"), "block-pruning", host: host))
  }

  @Test func gatesAreOpenAsOftenAsTheLawSays() throws {
    let depth = try depth(host(), survival: 0.2)
    var open = [0, 0, 0, 0]
    for _ in 0..<5000 {
      let (status, gates) = depth.beginStep(blocks: 4)
      try #require(status == WB_OK)
      #expect(gates.allSatisfy { $0 == 0 || $0 == 1 })
      for index in gates.indices where gates[index] == 1 { open[index] += 1 }
    }
    for (count, wanted) in zip(open, [0.8, 1, 0.4, 0.2]) {
      // Four standard deviations of a share of 5000 draws.
      #expect(abs(Double(count) / 5000 - wanted) < 4 * (0.25 / 5000).squareRoot())
    }
    #expect(open[1] == 5000)
  }

  /// The paper's expected depth at a last survival of one half: (3 L − 1) / 4.
  @Test(arguments: [1, 4, 54])
  func theExpectedDepthIsThePapers(count: Int) throws {
    let host = FakeHost([], blocks: (1...count).map { FakeBlock(id: UInt64($0), name: "b\($0)") })
    #expect(try depth(host).propose(goal: 0) == WB_OK)
    let survivals = host.edits(WB_EDIT_SCALE_BLOCK).flatMap(\.values)
    #expect(abs(survivals.reduce(0, +) - (3 * Float(count) - 1) / 4) < 1e-4)
  }

  @Test func scoresAreThePowerAgainstTheStreamBefore() throws {
    let (status, scores) = try entrant(host()).score(0, count: 4)
    #expect(status == WB_OK)
    let wanted: [Float] = [1 / 1, 4 / 2, 1 / 6, 2 / 7]
    #expect(zip(scores, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func leastUsefulBlocksGo() throws {
    let host = host()
    // Each layer has 36 weights: 180 together.
    let pruning = try entrant(host)
    #expect(pruning.table.pointee.begin_step == nil)
    #expect(pruning.propose(goal: 120) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).map(\.target) == [103, 104])
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).isEmpty)
  }

  /// All blocks train with gates first; those that have to go do at the update point, and the rest are
  /// scaled as the blocks of a network of that depth.
  @Test func blocksGoAtTheUpdatePointAndTheRestAreScaled() throws {
    let host = host()
    let depth = try depth(host)
    #expect(depth.propose(goal: 120) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).isEmpty)
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).flatMap(\.values) == [0.875, 0.625, 0.5])
    #expect(depth.propose(goal: 120, atStep: 75) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).map(\.target) == [103, 104])
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).map(\.target) == [101])
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).map(\.values) == [[0.75]])
  }

  /// The least useful block is small, and needless once the next one, a large one, has gone.
  @Test func whatALargeBlockMakesNeedlessStays() throws {
    var random = SplitMix(state: 43)
    let layers = [(2, 10), (1, 1), (8, 5)].enumerated().map { index, layer in
      let (width, mean) = layer
      var layer = FakeLayer.random(
        UInt64(index + 1), width, 2, kernel: (3, 3), using: &random)
      layer.block = index == 0 ? nil : UInt64(100 + index)
      layer.signals[WB_SIGNAL_ACTIVATION_MEAN] = [Float](
        repeating: Float(mean), count: width)
      layer.signals[WB_SIGNAL_ACTIVATION_VARIANCE] = [Float](repeating: 0.1, count: width)
      return layer
    }
    let blocks = [1, 2].map { FakeBlock(id: UInt64(100 + $0), name: "block\($0)") }
    let host = FakeHost(layers, blocks: blocks)
    #expect(try entrant(host).propose(goal: 60) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).map(\.target) == [102])
  }

  @Test func allBlocksAreScaledWhenNoneHasToGo() throws {
    let host = host()
    #expect(try depth(host).propose(goal: 180) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).isEmpty)
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).map(\.target) == [101, 103, 104])
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).flatMap(\.values) == [0.875, 0.625, 0.5])
  }

  @Test func blocksThatMustStayStay() throws {
    let host = host()
    #expect(try entrant(host).propose(goal: 180 - 3 * 36) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).map(\.target) == [101, 103, 104])

    let beyond = self.host()
    #expect(try entrant(beyond).propose(goal: 180 - 3 * 36 - 1) == WB_SKIPPED)
    #expect(beyond.edits.isEmpty)
    #expect(beyond.failures.first?.contains("72 weights would be left") == true)
    // What cannot be met is said before anything is trained.
    #expect(try depth(beyond).propose(goal: 180 - 3 * 36 - 1) == WB_SKIPPED)
  }

  /// Blocks of unequal size, each of one layer with `widths` outputs, and random powers.
  private func unequalHost(_ seed: UInt64, count: Int) -> FakeHost {
    var random = SplitMix(state: seed)
    let layers = (0...count).map { index in
      let width = Int.random(in: 1...9, using: &random)
      var layer = FakeLayer.random(UInt64(index + 1), width, 2, kernel: (3, 3), using: &random)
      layer.block = index == 0 ? nil : UInt64(100 + index)
      layer.signals[WB_SIGNAL_ACTIVATION_MEAN] = random.floats(width)
      layer.signals[WB_SIGNAL_ACTIVATION_VARIANCE] = [Float](repeating: 0.1, count: width)
      return layer
    }
    return FakeHost(
      layers, blocks: (1...count).map { FakeBlock(id: UInt64(100 + $0), name: "block\($0)") })
  }

  /// The rule, over all subsets: within a hundredth of the goal the least score, else the most
  /// weights.
  @Test(arguments: 0..<30)
  func theSubsetIsTheBestOfAll(seed: Int) throws {
    let host = unequalHost(UInt64(60 + seed), count: 6)
    let least = host.layers[0].weightCount
    var random = SplitMix(state: UInt64(seed))
    let goal = Int.random(in: least...host.weights, using: &random)
    let pruning = try entrant(host)
    let scores = pruning.score(0, count: 6).scores
    #expect(pruning.propose(goal: goal) == WB_OK)
    let dropped = host.edits(WB_EDIT_DROP_BLOCK).map { Int($0.target) - 101 }

    func left(_ subset: [Int]) -> Int {
      host.weights - subset.reduce(0) { $0 + host.layers[$1 + 1].weightCount }
    }
    func score(_ subset: [Int]) -> Double { subset.reduce(0) { $0 + Double(scores[$1]) } }
    let subsets = (0..<64).map { bits in (0..<6).filter { bits & (1 << $0) != 0 } }
      .filter { left($0) <= goal }
    let near = subsets.filter { Double(left($0)) >= 0.99 * Double(goal) }
    let most = subsets.map(left).max() ?? 0
    let wanted = (near.isEmpty ? subsets.filter { left($0) == most } : near)
      .min { score($0) < score($1) }
    #expect(dropped.sorted() == wanted)
  }

  @Test func manyBlocksMeetTheGoalToo() throws {
    for share in [0.9, 0.5, 0.2] {
      let host = unequalHost(90, count: 40)
      let goal = Int(Double(host.weights) * share)
      #expect(try entrant(host).propose(goal: goal) == WB_OK)
      let left = host.measuredWeights()
      #expect(left <= goal)
      // None that went could have stayed: the largest block has 162 weights.
      #expect(left > goal - 162)
    }
  }

  @Test func onceAllBlocksAreGoneItSaysSo() throws {
    var random = SplitMix(state: 42)
    let host = FakeHost([FakeLayer.random(1, 2, 2, using: &random)])
    let pruning = try entrant(host)
    #expect(pruning.propose(goal: 4, index: 1, total: 3) == WB_OK)
    #expect(pruning.propose(goal: 3, index: 2, total: 3) == WB_SKIPPED)
    #expect(host.failures.first?.contains("no residual block is left") == true)
  }

  @Test func aNetworkWithoutBlocksIsSkipped() throws {
    var random = SplitMix(state: 42)
    let host = FakeHost([FakeLayer.random(1, 2, 2, using: &random)])
    #expect(try entrant(host).propose(goal: 1) == WB_SKIPPED)
    #expect(try depth(host).propose(goal: 1) == WB_SKIPPED)
    #expect(
      host.failures == ["the network has no residual blocks", "the network has no residual blocks"])
  }
}
