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

  @Test func onceTheWidthsAreReachedNothingMoreGoes() throws {
    let host = FakeHost(network())
    let trimming = try #require(try entrant(["widths": .text("1-1")], host))
    #expect(trimming.propose(goal: 131) == WB_OK)
    #expect(removed(host) == [1: [1, 2, 3], 2: [0, 1, 2, 3]])
    host.clear()
    #expect(trimming.propose(goal: 131, index: 1, total: 3) == WB_OK)
    #expect(trimming.propose(goal: 130, index: 2, total: 3) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
    #expect(host.failures.count == 1)
    #expect(host.failures.first?.contains("nothing is left to remove") == true)
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
    #expect(try entrant([:], all)?.propose(goal: 131 - 4 * 19) == WB_OK)
    #expect(removed(all) == [2: [0, 1, 2, 3]])
  }

  @Test func aGoalOutOfReachIsSkippedWithoutAnEdit() throws {
    let host = FakeHost(network())
    #expect(try entrant([:], host)?.propose(goal: 131 - 4 * 19 - 1) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
    #expect(host.failures.first?.contains("55 weights are left") == true)
    #expect(host.failures.first?.contains("the goal is 54") == true)
  }

  /// Dense layers of equal width, with silence of their own kind in each.
  private func chain(_ rates: [[Float]], inputs: Int = 20, outputs: Int = 2) -> [FakeLayer] {
    var random = SplitMix(state: 33)
    var layers: [FakeLayer] = []
    for (index, rates) in rates.enumerated() {
      let fanIn = layers.last?.outputs ?? inputs
      var layer = FakeLayer.random(UInt64(index + 1), rates.count, fanIn, using: &random)
      layer.signals[WB_SIGNAL_ACTIVATION_ZERO_RATE] = rates
      layers.append(layer)
    }
    var last = FakeLayer.random(
      UInt64(rates.count + 1), outputs, layers.last?.outputs ?? inputs, using: &random)
    last.flags = WB_FLAG_WEIGHTS_PRUNABLE
    return layers + [last]
  }

  /// One layer is silent nine times as often as the other. The cut is the same all the same.
  @Test func layersAreHeldAgainstTheirOwnMean() throws {
    let shape: [Float] = [0.09, 0.02, 0.05, 0.1, 0.03, 0.07, 0.04, 0.06, 0.01, 0.08]
    let host = FakeHost(
      chain([shape.map { $0 + 0.89 }, shape.map { $0 / 2 }], inputs: 4, outputs: 4))
    // 40 + 100 + 40 weights, and units of 14 in both layers, 52 for four of them.
    #expect(try entrant([:], host)?.propose(goal: 180 - 52) == WB_OK)
    #expect(removed(host) == [1: [0, 3], 2: [0, 3]])
  }

  /// APoZ above the mean plus a standard deviation, in two layers that are silent in different measure.
  @Test(arguments: 0..<8)
  func thePapersRuleCutsAStandardDeviationAboveEachMean(seed: Int) throws {
    var random = SplitMix(state: UInt64(70 + seed))
    let rates = [
      (0..<30).map { _ in Float.random(in: 0.8...1, using: &random) },
      (0..<20).map { _ in Float.random(in: 0...0.4, using: &random) },
    ]
    let host = FakeHost(chain(rates))
    let trimming = try #require(try entrant(["rule": .number(1)], host))
    #expect(trimming.propose(goal: 1) == WB_OK)
    for (layer, rates) in rates.enumerated() {
      let mean = rates.reduce(0) { $0 + Double($1) } / Double(rates.count)
      let variance =
        rates.reduce(0) { $0 + Double($1) * Double($1) } / Double(rates.count) - mean * mean
      let above = rates.indices.filter { Double(rates[$0]) > mean + variance.squareRoot() }
      #expect(removed(host)[UInt64(layer + 1)] == above)
      #expect(!above.isEmpty && 2 * above.count < rates.count)
    }
  }

  @Test func thePapersRuleStopsOnceTheGoalIsMetAndMayEmptyNoLayer() throws {
    let equal = [Float](repeating: 0.5, count: 4)
    let host = FakeHost(chain([[0.1, 0.2, 0.1, 0.95], equal]))
    let trimming = try #require(try entrant(["rule": .number(1)], host))
    #expect(trimming.propose(goal: host.weights) == WB_OK)
    #expect(host.edits.isEmpty)
    #expect(trimming.propose(goal: 1) == WB_OK)
    #expect(removed(host) == [1: [3]])
  }

  @Test func aLeadingDenseLayerIsTrimmedByDefault() throws {
    let rates: [Float] = [0.9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]
    let host = FakeHost(chain([rates]))
    #expect(try entrant([:], host)?.propose(goal: 8 * 22 - 44) == WB_OK)
    #expect(removed(host) == [1: [0, 7]])
  }

  @Test func unitsThatAreAlwaysSilentGoFirst() throws {
    // The first stands out less in its layer than the one of 0.9 does in the other.
    let host = FakeHost(chain([[1, 1, 1, 0, 0, 0.5], [0.1, 0.1, 0.1, 0.1, 0.1, 0.9]]))
    #expect(try entrant([:], host)?.propose(goal: 168 - 3 * 26) == WB_OK)
    #expect(removed(host) == [1: [0, 1, 2]])
  }

  /// Units into which nearly all weights lead are not spared by emptying the layer behind them.
  @Test func aLayerOfFewWeightsKeepsWhatTellsTheClassesApart() throws {
    var random = SplitMix(state: 34)
    let rates = (0..<2).map { _ in (0..<12).map { _ in Float.random(in: 0...0.9, using: &random) } }
    for goal in stride(from: 1200, through: 420, by: -60) {
      let host = FakeHost(chain(rates, inputs: 100, outputs: 4))
      #expect(try entrant([:], host)?.propose(goal: goal) == WB_OK)
      #expect(host.measuredWeights() <= goal)
      #expect((removed(host)[2] ?? []).count <= 8)
      // What is left over is less than the cheapest unit that went.
      let dearest = 100 + 12
      #expect(goal - host.measuredWeights() < dearest)
    }
  }

  @Test func maskedWeightsAreNotCountedTwice() throws {
    var layers = network()
    layers[1].masked = Set(32..<48)
    let host = FakeHost(layers)
    #expect(try entrant([:], host)?.propose(goal: 115 - 4) == WB_OK)
    // The most silent unit is masked: only its 3 weights out count, which are not enough. The next
    // one saves 19, so that the first is needed no more.
    #expect(removed(host) == [2: [0]])
    #expect(host.measuredWeights() == 115 - 19)
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
    #expect(try entrant(["protect": .number(0)], host)?.propose(goal: 324 - 108) == WB_OK)
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
    for (library, ids) in [
      ("NetworkTrimming", ["network-trimming"]), ("FilterFactorization", ["filter-factorization"]),
      ("StochasticDepth", ["stochastic-depth", "block-pruning"]), ("MagnitudeInC", ["magnitude-c"]),
    ] {
      let plugin = try loadedPlugin(library)
      #expect(descriptors(of: plugin).map { String(cString: $0.pointee.id) } == ids)
      let id = try #require(ids.first)
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
