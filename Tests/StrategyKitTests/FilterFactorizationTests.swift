import CWorkbench
import Testing

@Suite struct FilterFactorizationTests {
  private func entrant(_ options: [String: OptionValue], _ host: FakeHost) throws -> Entrant {
    try #require(
      Entrant(
        try loadedPlugin("FilterFactorization"), "filter-factorization", options: options,
        host: host))
  }

  /// What two factors without a non-linearity compute, as the weights of one layer.
  private func product(
    _ first: FakeHost.Specification, _ second: FakeHost.Specification
  ) -> [Float] {
    let (width, inputs, height) = (first.dimensions[0], first.dimensions[1], first.dimensions[2])
    let (outputs, columns) = (second.dimensions[0], second.dimensions[3])
    var weights = [Float](repeating: 0, count: outputs * inputs * height * columns)
    for output in 0..<outputs {
      for row in 0..<inputs * height {
        for x in 0..<columns {
          for middle in 0..<width {
            weights[(output * inputs * height + row) * columns + x] +=
              first.weights[middle * inputs * height + row]
              * second.weights[(output * width + middle) * columns + x]
          }
        }
      }
    }
    return weights
  }

  private func distance(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test func separableFiltersOfFullRankAreExact() throws {
    var random = SplitMix(state: 51)
    var layer = FakeLayer.random(1, 4, 3, kernel: (3, 5), using: &random)
    layer.stride = (2, 1)
    layer.padding = (1, 2)
    let host = FakeHost([layer])
    #expect(try entrant(["rank": .number(1000)], host).propose(goal: 0) == WB_OK)
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    try #require(layers.count == 2)
    #expect(layers.map(\.dimensions) == [[9, 3, 3, 1], [4, 9, 1, 5]])
    #expect(layers.map(\.stride) == [[2, 1], [1, 1]])
    #expect(layers.map(\.padding) == [[1, 0], [0, 2]])
    #expect(layers[0].biases.isEmpty)
    #expect(layers[1].biases == Array(layer.parameters.suffix(4)))
    #expect(distance(product(layers[0], layers[1]), layer.parameters.prefix(180)) < 1e-5)
  }

  @Test func denseFactorsOfFullRankAreExact() throws {
    var random = SplitMix(state: 52)
    let layer = FakeLayer.random(1, 6, 9, hasBiases: false, using: &random)
    let host = FakeHost([layer])
    #expect(try entrant(["rank": .number(6)], host).propose(goal: 0) == WB_OK)
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    try #require(layers.count == 2)
    #expect(layers.map(\.kind) == [WB_LAYER_DENSE, WB_LAYER_DENSE])
    #expect(layers[1].biases.isEmpty)
    #expect(distance(product(layers[0], layers[1]), layer.parameters) < 1e-5)
  }

  @Test(arguments: [20, 60, 100, 200, 300, 380])
  func budgetsAreMetAndNoLayerGrows(goal: Int) throws {
    var random = SplitMix(state: 53)
    let layers = [
      FakeLayer.random(1, 6, 1, kernel: (5, 5), using: &random),
      FakeLayer.random(2, 12, 18, using: &random), FakeLayer.random(3, 2, 2, using: &random),
    ]
    let host = FakeHost(layers)
    #expect(try entrant([:], host).propose(goal: goal) == WB_OK)
    for edit in host.edits(WB_EDIT_REPLACE) {
      let old = try #require(layers.first { $0.id == edit.target })
      #expect(edit.layers.reduce(0) { $0 + $1.weights.count } < old.weightCount)
    }
    // Factors of width 1 have 35 and 30 weights, and 2 by 2 has no factors that save.
    let reachable = max(goal, 35 + 30 + 4)
    #expect(host.measuredWeights() <= reachable)
    #expect(host.measuredWeights() > reachable - 35)
    #expect(!host.edits(WB_EDIT_REPLACE).contains { $0.target == 3 })
    #expect(host.log.contains { $0.contains("is not reached") } == (goal < reachable))
  }

  @Test func layersThatMayNotBeReplacedAreSkipped() throws {
    var random = SplitMix(state: 54)
    var layer = FakeLayer.random(1, 6, 6, using: &random)
    layer.flags = WB_FLAG_WEIGHTS_PRUNABLE
    let host = FakeHost([layer])
    #expect(try entrant([:], host).propose(goal: 1) == WB_SKIPPED)
    #expect(host.edits.isEmpty)
  }

  /// What 3 by 3 filters, one after the other, are as a 5 by 5 one.
  private func composed(
    _ first: [Float], _ second: [Float], outputs: Int, width: Int, inputs: Int
  ) -> [Float] {
    var weights = [Float](repeating: 0, count: outputs * inputs * 25)
    for output in 0..<outputs {
      for middle in 0..<width {
        for shift in 0..<9 {
          let factor = second[(output * width + middle) * 9 + shift]
          for index in 0..<inputs * 9 {
            let (input, place) = index.quotientAndRemainder(dividingBy: 9)
            let position =
              ((output * inputs + input) * 5 + place / 3 + shift / 3) * 5 + place % 3 + shift % 3
            weights[position] += factor * first[middle * inputs * 9 + index]
          }
        }
      }
    }
    return weights
  }

  /// E|W x|² of four rows of 50 weights, by the second moment of x, which has a last 1.
  private func power(_ weights: [Float], _ moment: [Float]) -> Float {
    (0..<4 * 50 * 50).reduce(0) { sum, index in
      let (row, column) = (index / 50 % 50, index % 50)
      let start = index / 2500 * 50
      return sum + weights[start + row] * moment[row * 51 + column] * weights[start + column]
    }
  }

  @Test func smallFiltersFindTheOnesThatMadeTheLayer() throws {
    var random = SplitMix(state: 58)
    var layer = FakeLayer.random(1, 4, 2, kernel: (5, 5), using: &random)
    let made = composed(
      random.floats(2 * 18), random.floats(4 * 18), outputs: 4, width: 2, inputs: 2)
    layer.parameters.replaceSubrange(0..<200, with: made)
    layer.stride = (2, 2)
    layer.padding = (2, 2)
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = random.moment(51).map { Float($0) }
    let host = FakeHost([layer])
    #expect(
      try entrant(["form": .number(1), "rank": .number(2)], host).propose(goal: 0) == WB_OK,
      "\(host.failures)")
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    try #require(layers.count == 3)
    #expect(layers[0].dimensions == [2, 2, 3, 3])
    #expect(layers[1].kind == WB_LAYER_RELU)
    #expect(layers[2].dimensions == [4, 2, 3, 3])
    #expect(layers.map(\.padding) == [[2, 2], [0, 0], [0, 0]])
    #expect(layers.map(\.stride) == [[1, 1], [1, 1], [2, 2]])
    let found = composed(
      layers[0].weights, layers[2].weights, outputs: 4, width: 2, inputs: 2)
    let moment = layer.signals[WB_SIGNAL_INPUT_MOMENT] ?? []
    #expect(
      power(zip(found, made).map { $0 - $1 }, moment) < 1e-3 * power(made, moment))

    // What the middle biases add comes off the last ones.
    #expect(layers[0].biases.allSatisfy { $0 > 0 })
    for output in 0..<4 {
      let added = (0..<18).reduce(Float(0)) {
        $0 + layers[2].weights[output * 18 + $1] * layers[0].biases[$1 / 9]
      }
      #expect(abs(layers[2].biases[output] + added - layer.parameters[200 + output]) < 1e-4)
    }
  }

  @Test func smallFiltersFitBetterWithMoreWidth() throws {
    var random = SplitMix(state: 56)
    var layer = FakeLayer.random(1, 6, 2, kernel: (5, 5), using: &random)
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = random.moment(51).map { Float($0) }
    let errors = try [1.0, 4, 12].map { rank -> Float in
      let host = FakeHost([layer])
      try #require(
        try entrant(["form": .number(1), "rank": .number(rank)], host).propose(goal: 0) == WB_OK)
      let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
      let found = composed(
        layers[0].weights, layers[2].weights, outputs: 6, width: Int(rank), inputs: 2)
      return zip(found, layer.parameters).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(errors[0] > 1.5 * errors[1])
    #expect(errors[1] > 1.5 * errors[2])
  }

  @Test func aSecondRoundNarrowsThePair() throws {
    var random = SplitMix(state: 57)
    let whole = [
      FakeLayer.random(1, 4, 3, kernel: (3, 3), using: &random),
      FakeLayer.random(2, 3, 3, using: &random),
    ]
    let first = FakeHost(whole)
    let entrant = try entrant(["rank": .number(0)], first)
    // A pair of width 3 has 9 · 3 + 12 · 3 = 63 weights.
    #expect(entrant.propose(goal: 63 + 9) == WB_OK)
    let layers = try #require(first.edits(WB_EDIT_REPLACE).first).layers
    #expect(layers.map { $0.dimensions[0] } == [3, 4])

    let second = FakeHost([
      layer(10, layers[0]), layer(11, layers[1]), whole[1],
    ])
    // The instance lives through the rounds; the host is the same to it but for its layers.
    first.table.pointee.context = second.table.pointee.context
    var round = wb_round()
    round.struct_size = UInt32(MemoryLayout<wb_round>.size)
    round.now.weights = UInt64(second.weights)
    round.weights_goal = UInt64(second.weights - 21)
    let propose = try #require(entrant.table.pointee.propose)
    #expect(propose(entrant.table, second.model, &round) == WB_OK)
    #expect(
      second.edits.map(\.kind) == [
        WB_EDIT_SET_WEIGHTS, WB_EDIT_SET_WEIGHTS, WB_EDIT_REMOVE_UNITS,
      ])
    let edits = second.edits
    try #require(edits.count == 3)
    #expect(edits[2].target == 10)
    #expect(edits[2].indices == [2])

    // The two units left have the best product of rank 2 of what the three had.
    let old = product(layers[0], layers[1]).map { Double($0) }
    var narrowed = layers
    narrowed[0].weights = edits[0].values
    narrowed[1].weights = Array(edits[1].values.prefix(36))
    #expect(Array(edits[1].values.suffix(4)) == layers[1].biases)
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
