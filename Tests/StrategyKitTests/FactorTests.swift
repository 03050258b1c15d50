import CWorkbench
import Testing

/// Two factors of a layer, held against the best that there are.
@Suite struct FactorTests: FilterFactorizing {
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
}
