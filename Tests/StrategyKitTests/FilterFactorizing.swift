import CWorkbench
import Testing

/// Tests of filter factorization: its plugin, layers with statistics of their inputs, and what factors
/// compute.
protocol FilterFactorizing {}

extension FilterFactorizing {
  func entrant(_ options: [String: OptionValue], _ host: FakeHost) throws -> Entrant {
    try #require(
      Entrant(
        try loadedPlugin("FilterFactorization"), "filter-factorization", options: options,
        host: host))
  }

  /// The moment of uncorrelated inputs of mean 0 and variance 1, with the 1 for a bias behind.
  func uncorrelated(_ layer: FakeLayer) -> FakeLayer {
    var layer = layer
    let side = layer.fanIn + (layer.hasBiases ? 1 : 0)
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = (0..<side * side).map { $0 % (side + 1) == 0 ? 1 : 0 }
    return layer
  }

  /// The moment of correlated inputs with means, with the 1 for a bias behind.
  func correlated(_ layer: FakeLayer, _ random: inout SplitMix) -> FakeLayer {
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
  func error(_ layer: FakeLayer, _ weights: [Float], _ biases: [Float]) -> Double {
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

  func pair(
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

  /// What two factors without a non-linearity compute, as the weights of one layer.
  func product(
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

  func distance(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }
}
