import CWorkbench
import Testing

@Suite struct FilterFactorizationTests {
  private func entrant(_ options: [String: OptionValue], _ host: FakeHost) throws -> Entrant {
    try #require(
      Entrant(
        try loadedPlugin("FilterFactorization"), "filter-factorization", options: options,
        host: host))
  }

  /// The moment of uncorrelated inputs of mean 0 and variance 1, with the 1 for a bias behind.
  private func uncorrelated(_ layer: FakeLayer) -> FakeLayer {
    var layer = layer
    let side = layer.fanIn + (layer.hasBiases ? 1 : 0)
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = (0..<side * side).map { $0 % (side + 1) == 0 ? 1 : 0 }
    return layer
  }

  /// The moment of correlated inputs with means, with the 1 for a bias behind.
  private func correlated(_ layer: FakeLayer, _ random: inout SplitMix) -> FakeLayer {
    var layer = layer
    let size = layer.fanIn
    let side = size + (layer.hasBiases ? 1 : 0)
    var moment = [Double](repeating: 0, count: side * side)
    let mixing = random.floats(size * size)
    let count = 3 * size
    for _ in 0..<count {
      let sources = random.floats(size)
      let x = (0..<side).map { row -> Double in
        guard row < size else { return 1 }
        return (0..<size).reduce(0.3) { $0 + Double(mixing[row * size + $1] * sources[$1]) }
      }
      for index in moment.indices { moment[index] += x[index / side] * x[index % side] }
    }
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = moment.map { Float($0 / Double(count)) }
    return layer
  }

  /// E|(W − W′) x + b − b′|² for the moment of a layer with biases.
  private func error(_ layer: FakeLayer, _ weights: [Float], _ biases: [Float]) -> Double {
    let moment = layer.signals[WB_SIGNAL_INPUT_MOMENT] ?? []
    let (size, side) = (layer.fanIn, layer.fanIn + 1)
    return (0..<layer.outputs).reduce(0) { sum, output in
      let change = (0..<side).map { column -> Double in
        column < size
          ? Double(layer.parameters[output * size + column] - weights[output * size + column])
          : Double(layer.parameters[layer.weightCount + output] - biases[output])
      }
      return (0..<side * side).reduce(sum) {
        $0 + change[$1 / side] * Double(moment[$1]) * change[$1 % side]
      }
    }
  }

  /// W C Wᵀ with C the covariance of the inputs; its eigenvalues are what a rank carries.
  private func outputCovariance(_ layer: FakeLayer) -> [Double] {
    let moment = layer.signals[WB_SIGNAL_INPUT_MOMENT]?.map { Double($0) } ?? []
    let (size, side) = (layer.fanIn, layer.fanIn + 1)
    let covariance = (0..<size * size).map { index in
      let (row, column) = (index / size, index % size)
      return moment[row * side + column] - moment[row * side + size] * moment[column * side + size]
    }
    let weights = layer.parameters.prefix(layer.weightCount).map { Double($0) }
    let weighted = PlainAlgebra.product(weights, covariance, layer.outputs, size, size)
    return PlainAlgebra.product(
      weighted, PlainAlgebra.transposed(weights, layer.outputs, size), layer.outputs, size,
      layer.outputs)
  }

  /// The plain singular value decomposition of 6 by 9 weights, cut off.
  private func cutOff(_ layer: FakeLayer, rank: Int) -> (weights: [Double], values: [Double]) {
    let parts = PlainAlgebra.singularValues(layer.parameters.prefix(54).map { Double($0) }, 6, 9)
    var weights = [Double](repeating: 0, count: 54)
    for index in 0..<54 {
      let (row, column) = (index / 9, index % 9)
      for part in 0..<rank {
        let right = parts.vt[part * 9 + column]
        weights[index] += parts.u[row * 6 + part] * parts.s[part] * right
      }
    }
    return (weights, parts.s)
  }

  private func pair(
    _ layer: FakeLayer, rank: Int
  ) throws -> (first: FakeHost.Specification, second: FakeHost.Specification) {
    let host = FakeHost([layer])
    #expect(
      try entrant(["rank": .number(Double(rank))], host).propose(goal: 0) == WB_OK,
      "\(host.failures)")
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    try #require(layers.count == 2)
    return (layers[0], layers[1])
  }

  /// What is dropped is what the smallest eigenvalues of the output's covariance carry, and no other
  /// product of the rank drops less; the plain decomposition drops more.
  @Test(arguments: 1...5)
  func denseFactorsAreTheBestForTheData(rank: Int) throws {
    var random = SplitMix(state: UInt64(600 + rank))
    let layer = correlated(FakeLayer.random(1, 6, 9, using: &random), &random)
    let (first, second) = try pair(layer, rank: rank)
    let lost = error(layer, product(first, second), second.biases)
    let parts = PlainAlgebra.singularValues(outputCovariance(layer), 6, 6).s
    let least = parts.dropFirst(rank).reduce(0, +)
    #expect(abs(lost - least) < 1e-3 * least + 1e-5)

    let cut = cutOff(layer, rank: rank).weights.map { Float($0) }
    #expect(lost <= error(layer, cut, Array(layer.parameters.suffix(6))))
  }

  @Test(arguments: 1...6)
  func uncorrelatedInputsGiveThePlainDecomposition(rank: Int) throws {
    var random = SplitMix(state: UInt64(620 + rank))
    let layer = uncorrelated(FakeLayer.random(1, 6, 9, using: &random))
    let (first, second) = try pair(layer, rank: rank)
    #expect(second.biases == Array(layer.parameters.suffix(6)))
    let plain = cutOff(layer, rank: rank)
    #expect(distance(product(first, second), plain.weights.map { Float($0) }) < 1e-4)
    // Balanced: both factors of a unit carry the root of its singular value.
    for unit in 0..<rank {
      let into = first.weights[unit * 9..<(unit + 1) * 9].reduce(0) { $0 + $1 * $1 }
      #expect(abs(Double(into) - plain.values[unit]) < 1e-3)
    }
  }

  @Test(arguments: [1, 2, 4, 6])
  func separableFiltersAreNoWorseThanThePlainOnes(rank: Int) throws {
    var random = SplitMix(state: UInt64(640 + rank))
    let layer = correlated(FakeLayer.random(1, 4, 2, kernel: (3, 3), using: &random), &random)
    let (first, second) = try pair(layer, rank: rank)
    let lost = error(layer, product(first, second), second.biases)

    let (plainFirst, plainSecond) = try pair(uncorrelated(layer), rank: rank)
    let plain = error(layer, product(plainFirst, plainSecond), plainSecond.biases)
    #expect(lost <= plain * (1 + 1e-4) + 1e-6)
    if rank < 6 { #expect(lost < plain) } else { #expect(lost < 1e-4) }
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
    layer = uncorrelated(layer)
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
    let layer = uncorrelated(FakeLayer.random(1, 6, 9, hasBiases: false, using: &random))
    let host = FakeHost([layer])
    #expect(try entrant(["rank": .number(6)], host).propose(goal: 0) == WB_OK)
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    try #require(layers.count == 2)
    #expect(layers.map(\.kind) == [WB_LAYER_DENSE, WB_LAYER_DENSE])
    #expect(layers[1].biases.isEmpty)
    #expect(distance(product(layers[0], layers[1]), layer.parameters) < 1e-5)
  }

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

  @Test func layersThatMayNotBeReplacedAreSkipped() throws {
    var random = SplitMix(state: 54)
    var layer = FakeLayer.random(1, 6, 6, using: &random)
    layer.flags = WB_FLAG_WEIGHTS_PRUNABLE
    let host = FakeHost([uncorrelated(layer)])
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

    // What the middle biases add comes off the last ones, which take up the mean error too.
    #expect(layers[0].biases.allSatisfy { $0 > 0 })
    for output in 0..<4 {
      let added = (0..<18).reduce(Float(0)) {
        $0 + layers[2].weights[output * 18 + $1] * layers[0].biases[$1 / 9]
      }
      let shift = (0..<50).reduce(Float(0)) {
        $0 + (made[output * 50 + $1] - found[output * 50 + $1]) * moment[$1 * 51 + 50]
      }
      let wanted = layer.parameters[200 + output] + shift
      #expect(abs(layers[2].biases[output] + added - wanted) < 1e-4)
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
