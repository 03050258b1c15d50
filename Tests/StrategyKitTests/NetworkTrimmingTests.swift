import CWorkbench
import Testing

@Suite struct NetworkTrimmingTests {
  /// A convolution, a dense layer on its map of 2 by 2, and a classifier.
  private func network() -> [FakeLayer] {
    var random = SplitMix(state: 31)
    var layers = [
      FakeLayer.random(1, 4, 1, kernel: (3, 3), using: &random),
      FakeLayer.random(2, 5, 16, using: &random), FakeLayer.random(3, 3, 5, using: &random),
    ]
    layers[2].flags = WB_FLAG_WEIGHTS_PRUNABLE
    layers[0].signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = [0.1, 0.9, 0.2, 0.9]
    layers[1].signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = [0.8, 0.3, 0.95, 0.5, 0.1]
    layers[2].signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = [0, 0, 0]
    return layers
  }

  private func entrant(_ options: [String: OptionValue], _ host: FakeHost) throws -> Entrant? {
    Entrant(try loadedPlugin("NetworkTrimming"), "network-trimming", options: options, host: host)
  }

  private func removed(_ host: FakeHost) -> [UInt64: [Int]] {
    Dictionary(
      uniqueKeysWithValues: host.edits(WB_EDIT_REMOVE_UNITS).map { ($0.target, $0.indices) })
  }

  @Test func scoreIsOneMinusTheZeroRate() throws {
    let host = FakeHost(network())
    let scores = try #require(try entrant([:], host)).scores(network()[0], count: 4)
    #expect(zip(scores, [0.9, 0.1, 0.8, 0.1]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func widthsAreLeftExactly() throws {
    let host = FakeHost(network())
    let trimming = try #require(try entrant(["widths": .text("3-2")], host))
    #expect(trimming.propose(goal: 1) == WB_OK)
    #expect(removed(host) == [1: [1], 2: [0, 2, 3]])
  }

  @Test(arguments: ["3", "3-2-1", "9-2", "3-two", "3--2", "0-1", "-3"])
  func widthsThatDoNotFitAreRefused(text: String) throws {
    let host = FakeHost(network())
    if let trimming = try entrant(["widths": .text(text)], host) {
      #expect(trimming.propose(goal: 1) == WB_FAILED)
    }
    #expect(host.failures.first?.contains("'widths'") == true)
    #expect(host.edits.isEmpty)
  }

  @Test func theMostSilentGoUntilTheBudgetIsMet() throws {
    // 36 + 80 + 15 weights; a unit of the dense layer has 16 in and 3 out.
    let host = FakeHost(network())
    #expect(try entrant([:], host)?.propose(goal: 131 - 20) == WB_OK)
    #expect(removed(host) == [2: [0, 2]])
    #expect(host.measuredWeights() == 131 - 38)
  }

  @Test func leadingLayersAreLeftAloneUnlessAsked() throws {
    let host = FakeHost(network())
    #expect(try entrant(["protect": .number(0)], host)?.propose(goal: 100) == WB_OK)
    #expect(removed(host) == [1: [1], 2: [2]])
    #expect(host.measuredWeights() == 131 - 19 - 9 - 16)

    let all = FakeHost(network())
    #expect(try entrant([:], all)?.propose(goal: 0) == WB_OK)
    #expect(removed(all) == [2: [0, 1, 2, 3]])
    #expect(all.log.contains { $0.contains("goal is 0") })
  }

  @Test func maskedWeightsAreNotCountedTwice() throws {
    var layers = network()
    layers[1].masked = Set(32..<48)
    let host = FakeHost(layers)
    #expect(try entrant([:], host)?.propose(goal: 115 - 4) == WB_OK)
    // The most silent unit is masked: only its 3 weights out count.
    #expect(removed(host) == [2: [0, 2]])
    #expect(host.measuredWeights() == 115 - 3 - 19)
  }

  @Test func unitsThatMeetInAResidualSumAreLeftAlone() throws {
    var random = SplitMix(state: 32)
    var layers = (1...4).map { FakeLayer.random($0, 3, 3, kernel: (3, 3), using: &random) }
    for index in layers.indices {
      layers[index].signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = [0.5, 0.9, 0.1]
    }
    layers[1].block = 9
    layers[2].block = 9
    let host = FakeHost(layers)
    #expect(try entrant(["protect": .number(0)], host)?.propose(goal: 0) == WB_OK)
    #expect(removed(host) == [2: [0, 1]])
  }

  @Test func aNetworkWithoutRemovableUnitsIsSkipped() throws {
    let host = FakeHost([network()[2]])
    #expect(try entrant([:], host)?.propose(goal: 1) == WB_SKIPPED)
  }

  /// A network of tanh units has no zero activations to go by.
  @Test(arguments: ["", "3-2"])
  func aNetworkWithoutSilenceIsSkipped(widths: String) throws {
    var layers = network()
    for index in layers.indices {
      layers[index].signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = [Float](
        repeating: 0, count: layers[index].outputs)
    }
    let host = FakeHost(layers)
    let trimming = try #require(try entrant(["widths": .text(widths)], host))
    #expect(trimming.propose(goal: 100) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
    // Units that stay awake are no news once others have gone.
    #expect(trimming.propose(goal: 100, index: 1, total: 2) == WB_OK)
  }

  @Test func unknownIdGivesNullAndAText() throws {
    for (library, id) in [
      ("NetworkTrimming", "network-trimming"), ("FilterFactorization", "filter-factorization"),
      ("StochasticDepth", "stochastic-depth"), ("MagnitudeInC", "magnitude-c"),
    ] {
      let plugin = try loadedPlugin(library)
      #expect(descriptors(of: plugin).map { String(cString: $0.pointee.id) } == [id])
      let host = FakeHost()
      #expect(Entrant(plugin, id + "x", host: host) == nil)
      #expect(Entrant(plugin, "", host: host) == nil)
      #expect(host.failures.count == 2)
      #expect(Entrant(plugin, id, host: host) != nil)
    }
  }

  @Test func magnitudeInC() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.parameters = [-2, 0, 1, -9]
    let host = FakeHost([layer])
    let entrant = try #require(
      Entrant(try loadedPlugin("MagnitudeInC"), "magnitude-c", host: host))
    #expect(try entrant.scores(layer) == [2, 0, 1])
    #expect(entrant.score(2, count: 3).status == WB_UNSUPPORTED)
    #expect(entrant.score(1, count: 5).status == WB_FAILED)
    #expect(host.failures.count == 1)
  }
}
