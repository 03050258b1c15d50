import CWorkbench
import Testing

/// Which layers are factored and how far, so that a network meets its budget.
@Suite struct FilterFactorizationTests: FilterFactorizing {
  @Test(arguments: [40, 60, 100, 200, 300, 380])
  func budgetsAreMetAndNoLayerGrows(goal: Int) throws {
    var random = SplitMix(state: 53)
    let layers = [
      FakeLayer.random(1, 6, 1, kernel: (5, 5), using: &random),
      FakeLayer.random(2, 12, 18, using: &random), FakeLayer.random(3, 2, 2, using: &random),
    ].map { correlated($0, &random) }
    let host = FakeHost(layers)
    #expect(try entrant([:], host).propose(goal: goal) == WB_OK, "\(host.failures)")
    for edit in host.edits(WB_EDIT_REPLACE) {
      let old = try #require(layers.first { $0.id == edit.target })
      #expect(edit.layers.reduce(0) { $0 + $1.weights.count } < old.weightCount)
    }
    // The dearest step is a channel of the convolution: 25 weights in and 36 out.
    #expect(host.measuredWeights() <= goal)
    #expect(host.measuredWeights() > goal - 61)
    #expect(!host.edits(WB_EDIT_REPLACE).contains { $0.target == 3 })
  }

  @Test func aGoalOutOfReachIsSkipped() throws {
    var random = SplitMix(state: 67)
    let layers = [
      FakeLayer.random(1, 6, 8, using: &random), FakeLayer.random(2, 2, 6, using: &random),
    ]
    .map { uncorrelated($0) }
    let host = FakeHost(layers)
    // One unit between 8 inputs and 2 outputs.
    #expect(try entrant([:], host).propose(goal: 9) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
    #expect(host.failures.first?.contains("10 weights are left") == true)
    #expect(try entrant([:], host).propose(goal: 10) == WB_OK)
    #expect(host.measuredWeights() == 10)
  }

  @Test func layersThatMayNotBeReplacedAreSkipped() throws {
    var random = SplitMix(state: 54)
    var layer = FakeLayer.random(1, 6, 6, using: &random)
    layer.flags = WB_FLAG_WEIGHTS_PRUNABLE
    let host = FakeHost([uncorrelated(layer)])
    #expect(try entrant([:], host).propose(goal: 1) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
  }

  /// The unit that the next layer can best do without goes, and the others stand in for it.
  @Test func unitsGoThatTheNextLayerMissesLeast() throws {
    var random = SplitMix(state: 66)
    var layers = [
      FakeLayer.random(1, 6, 5, using: &random), FakeLayer.random(2, 2, 6, using: &random),
    ].map { correlated($0, &random) }
    layers[0].flags = WB_FLAG_WEIGHTS_PRUNABLE | WB_FLAG_UNITS_REMOVABLE
    layers[1].flags = WB_FLAG_WEIGHTS_PRUNABLE
    let host = FakeHost(layers)
    #expect(try entrant([:], host).propose(goal: 42 - 7) == WB_OK, "\(host.failures)")
    let gone = try #require(host.edits(WB_EDIT_REMOVE_UNITS).first)
    #expect(gone.target == 1 && gone.indices.count == 1)
    let set = host.edits(WB_EDIT_SET_WEIGHTS)
    try #require(set.map(\.target) == [1, 2] && set[1].values.count == 2 * 5 + 2)

    // Each unit's least squares with the others and a constant, by the normal equations.
    let moment = layers[1].signals[WB_SIGNAL_INPUT_MOMENT]?.map { Double($0) } ?? []
    let best = try (0..<6).map { unit -> Double in
      let kept = (0..<7).filter { $0 != unit }
      let normal = kept.flatMap { row in kept.map { moment[row * 7 + $0] } }
      let inverse = try #require(PlainAlgebra.inverse(normal, 6))
      let cross = kept.map { moment[$0 * 7 + unit] }
      let explained = PlainAlgebra.product(
        PlainAlgebra.product(cross, inverse, 1, 6, 6), cross, 1, 6, 1)[0]
      let weight = (0..<2).reduce(0.0) {
        $0 + Double(layers[1].parameters[$1 * 6 + unit] * layers[1].parameters[$1 * 6 + unit])
      }
      return weight * (moment[unit * 7 + unit] - explained)
    }
    let least = try #require(best.min())
    #expect(best[gone.indices[0]] == least)
    var widened = [Float](repeating: 0, count: 12)
    let kept = (0..<6).filter { $0 != gone.indices[0] }
    for index in 0..<10 { widened[index / 5 * 6 + kept[index % 5]] = set[1].values[index] }
    let lost = error(layers[1], widened, Array(set[1].values.suffix(2)))
    #expect(abs(lost - least) < 1e-3 * least)
  }

  @Test func aSecondRoundNarrowsThePair() throws {
    var random = SplitMix(state: 57)
    let whole = [
      FakeLayer.random(1, 4, 3, kernel: (3, 3), using: &random),
      FakeLayer.random(2, 3, 3, using: &random),
    ].map { uncorrelated($0) }
    let first = FakeHost(whole)
    let entrant = try entrant(["rank": .number(0)], first)
    // A pair of width 3 has 9 · 3 + 12 · 3 = 63 weights.
    #expect(entrant.propose(goal: 63 + 9) == WB_OK)
    let layers = try #require(first.edits(WB_EDIT_REPLACE).first).layers
    #expect(layers.map { $0.dimensions[0] } == [3, 4])

    // What uncorrelated inputs of the first factor make of the second one's: columns do not
    // correlate, and the units do as their filters overlap.
    var behind = layer(11, layers[1])
    behind.signals[WB_SIGNAL_INPUT_MOMENT] = (0..<100).map { index in
      let (row, column) = (index / 10, index % 10)
      guard row < 9, column < 9 else { return row == column ? 1 : 0 }
      guard row % 3 == column % 3 else { return 0 }
      return (0..<9).reduce(0) {
        $0 + layers[0].weights[row / 3 * 9 + $1] * layers[0].weights[column / 3 * 9 + $1]
      }
    }
    let second = FakeHost([uncorrelated(layer(10, layers[0])), behind, whole[1]])
    // The instance lives through the rounds; the host is the same to it but for its layers.
    first.table.pointee.context = second.table.pointee.context
    #expect(entrant.propose(goal: second.weights - 21, of: second) == WB_OK)
    #expect(
      second.edits.map(\.kind) == [
        WB_EDIT_REMOVE_UNITS, WB_EDIT_SET_WEIGHTS, WB_EDIT_SET_WEIGHTS,
      ])
    let edits = second.edits
    try #require(edits.count == 3)
    #expect(edits[0].target == 10)
    #expect(edits[0].indices == [2])

    // The two units left have the best product of rank 2 of what the three had.
    let old = product(layers[0], layers[1]).map { Double($0) }
    var narrowed = layers
    narrowed[0].dimensions[0] = 2
    narrowed[1].dimensions[1] = 2
    narrowed[0].weights = edits[1].values
    narrowed[1].weights = Array(edits[2].values.prefix(24))
    #expect(Array(edits[2].values.suffix(4)) == layers[1].biases)
    let new = product(narrowed[0], narrowed[1]).map { Double($0) }
    let lost = zip(old, new).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let matrix = (0..<9 * 12).map { index in
      let (row, column) = (index / 12, index % 12)
      return old[(column / 3 * 9 + row) * 3 + column % 3]
    }
    let third = PlainAlgebra.singularValues(matrix, 9, 12).s[2]
    #expect(abs(lost - third * third) < 1e-5)
  }

  private func layer(_ id: UInt64, _ made: FakeHost.Specification) -> FakeLayer {
    FakeLayer(
      id: id, name: "made\(id)", kind: made.kind, outputs: made.dimensions[0],
      inputs: made.dimensions[1], kernel: (made.dimensions[2], made.dimensions[3]),
      hasBiases: !made.biases.isEmpty, parameters: made.weights + made.biases)
  }
}
