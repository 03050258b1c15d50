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
}
