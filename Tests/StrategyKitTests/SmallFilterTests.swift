import CWorkbench
import Testing

/// Small filters, one after the other, in the place of a large one.
@Suite struct SmallFilterTests: FilterFactorizing {
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

  /// What a layer becomes, as one 5 by 5 layer, with its last biases less what the middle ones add.
  private func fitted(
    _ layer: FakeLayer, form: Double, rank: Int
  ) throws -> (weights: [Float], biases: [Float], count: Int) {
    let host = FakeHost([layer])
    try #require(
      try entrant(["form": .number(form), "rank": .number(Double(rank))], host).propose(goal: 0)
        == WB_OK, "\(host.failures)")
    let layers = try #require(host.edits(WB_EDIT_REPLACE).first).layers
    let count = layers.reduce(0) { $0 + $1.weights.count }
    guard layers.count == 3 else {
      return (product(layers[0], layers[1]), layers[1].biases, count)
    }
    let biases = (0..<layer.outputs).map { output in
      (0..<rank * 9).reduce(layers[2].biases[output]) {
        $0 + layers[2].weights[output * rank * 9 + $1] * layers[0].biases[$1 / 9]
      }
    }
    let weights = composed(
      layers[0].weights, layers[2].weights, outputs: layer.outputs, width: rank,
      inputs: layer.inputs)
    return (weights, biases, count)
  }

  @Test func smallFiltersFitBetterWithMoreWidth() throws {
    var random = SplitMix(state: 56)
    let layer = correlated(FakeLayer.random(1, 6, 2, kernel: (5, 5), using: &random), &random)
    let errors = try [1, 4, 8].map { rank in
      let found = try fitted(layer, form: 1, rank: rank)
      return error(layer, found.weights, found.biases)
    }
    #expect(errors[0] > 1.5 * errors[1])
    #expect(errors[1] > 1.5 * errors[2])
  }

  /// On the data, against separable filters of as many weights.
  @Test(arguments: 0..<6, [1, 2, 4, 6])
  func smallFiltersAreNeverFurtherThanSeparableOnes(seed: Int, width: Int) throws {
    var random = SplitMix(state: UInt64(90 + seed))
    let layer = correlated(FakeLayer.random(1, 6, 2, kernel: (5, 5), using: &random), &random)
    let small = try fitted(layer, form: 1, rank: width)
    let separable = try fitted(layer, form: 0, rank: min(10, width * 9 / 5))
    #expect(small.count <= 9 * width * 8)
    let (own, other) = (
      error(layer, small.weights, small.biases), error(layer, separable.weights, separable.biases)
    )
    #expect(own <= 1.001 * other + 1e-6)
  }

  /// On a layer that two small ones nearly are, against a brute-force search: descents from many points
  /// by chance, each to its end. Minima are many, and the search may find one that few starts do not.
  @Test(arguments: 0..<4)
  func descentsFromChanceFindHardlyBetterOnes(seed: Int) throws {
    var random = SplitMix(state: UInt64(190 + seed))
    var layer = correlated(FakeLayer.random(1, 2, 1, kernel: (5, 5), using: &random), &random)
    let near = composed(random.floats(9), random.floats(18), outputs: 2, width: 1, inputs: 1)
    for index in near.indices {
      layer.parameters[index] = near[index] + layer.parameters[index] / 20
    }
    let small = try fitted(layer, form: 1, rank: 1)
    let found = error(layer, small.weights, small.biases)
    // With one middle unit all is settled by V: the best U for a V is a least-squares problem, which
    // coordinate descent on both solves step by step.
    let target = layer.parameters.prefix(50).map { Double($0) }
    let moment = covariance(of: layer)
    var least = Double.infinity
    for _ in 0..<15 {
      var first = random.floats(9).map { Double($0) }
      var second = random.floats(18).map { Double($0) }
      for _ in 0..<100 { descend(&first, &second, target, moment) }
      least = min(least, distance(first, second, target, moment))
    }
    #expect(found <= 1.3 * least, "\(found) \(least)")
  }

  private func covariance(of layer: FakeLayer) -> [Double] {
    let moment = layer.signals[WB_SIGNAL_INPUT_MOMENT] ?? []
    return (0..<25 * 25).map { index in
      let (row, column) = (index / 25, index % 25)
      return Double(moment[row * 26 + column])
        - Double(moment[row * 26 + 25]) * Double(moment[column * 26 + 25])
    }
  }

  /// W − C of two outputs, one input and one middle unit.
  private func residual(_ first: [Double], _ second: [Double], _ target: [Double]) -> [Double] {
    var residual = target
    for output in 0..<2 {
      for shift in 0..<9 {
        for index in 0..<9 {
          let position = (index / 3 + shift / 3) * 5 + index % 3 + shift % 3
          residual[output * 25 + position] -= second[output * 9 + shift] * first[index]
        }
      }
    }
    return residual
  }

  private func distance(
    _ first: [Double], _ second: [Double], _ target: [Double], _ moment: [Double]
  ) -> Double {
    let residual = residual(first, second, target)
    return (0..<2 * 625).reduce(0) { sum, index in
      let (output, row, column) = (index / 625, index % 625 / 25, index % 25)
      return sum + residual[output * 25 + row] * moment[row * 25 + column]
        * residual[output * 25 + column]
    }
  }

  /// Sets one weight after the other to the best value, which is exact as the error is a parabola in it.
  private func descend(
    _ first: inout [Double], _ second: inout [Double], _ target: [Double], _ moment: [Double]
  ) {
    func best(_ value: Double, _ error: (Double) -> Double) -> Double {
      let (low, middle, high) = (error(value - 1), error(value), error(value + 1))
      let curvature = low - 2 * middle + high
      return curvature > 1e-12 ? value - (high - low) / (2 * curvature) : value
    }
    for index in first.indices {
      first[index] = best(first[index]) { value in
        var trial = first
        trial[index] = value
        return distance(trial, second, target, moment)
      }
    }
    for index in second.indices {
      second[index] = best(second[index]) { value in
        var trial = second
        trial[index] = value
        return distance(first, trial, target, moment)
      }
    }
  }
}
