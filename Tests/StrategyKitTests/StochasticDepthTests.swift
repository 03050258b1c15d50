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

  private func entrant(_ host: FakeHost, survival: Double = 0.5) throws -> Entrant {
    try #require(
      Entrant(
        try loadedPlugin("StochasticDepth"), "stochastic-depth",
        options: ["survival": .number(survival)], host: host))
  }

  @Test func gatesAreOpenAsOftenAsTheLawSays() throws {
    let depth = try entrant(host(), survival: 0.2)
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

  @Test func scoresAreThePowerAgainstTheStreamBefore() throws {
    let (status, scores) = try entrant(host()).score(0, count: 4)
    #expect(status == WB_OK)
    let wanted: [Float] = [1 / 1, 4 / 2, 1 / 6, 2 / 7]
    #expect(zip(scores, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func leastUsefulBlocksGoAndTheRestAreScaled() throws {
    let host = host()
    // Each layer has 36 weights: 180 together.
    #expect(try entrant(host).propose(goal: 120) == WB_OK)
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
    #expect(try entrant(host).propose(goal: 180) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).isEmpty)
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).map(\.target) == [101, 103, 104])
    #expect(host.edits(WB_EDIT_SCALE_BLOCK).flatMap(\.values) == [0.875, 0.625, 0.5])
  }

  @Test func blocksThatMustStayStay() throws {
    let host = host()
    #expect(try entrant(host).propose(goal: 1) == WB_OK)
    #expect(host.edits(WB_EDIT_DROP_BLOCK).map(\.target) == [103, 104, 101])
    #expect(host.log.contains { $0.contains("no more blocks") })
  }

  @Test func aNetworkWithoutBlocksIsSkipped() throws {
    var random = SplitMix(state: 42)
    let host = FakeHost([FakeLayer.random(1, 2, 2, using: &random)])
    #expect(try entrant(host).propose(goal: 1) == WB_SKIPPED)
    #expect(host.failures == ["the network has no residual blocks"])
  }
}
