import CWorkbench
import Strategies
import Testing

/// Scores that follow from weights and gradients by a formula.
@Suite struct FirstOrderTests {
  /// One unit of three weights and a bias, with what the host tells of it.
  private func layer(_ signals: [wb_signal: [Float]]) -> FakeLayer {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.parameters = [2, -3, 0.5, 8]
    layer.signals = signals
    return layer
  }

  private func entrant(
    _ id: String, _ options: [String: OptionValue], _ layer: FakeLayer
  ) throws -> Entrant {
    try #require(Entrant(builtInPlugin(), id, options: options, host: FakeHost([layer])))
  }

  @Test func snipIsTheMagnitudeOfGradientTimesWeight() throws {
    var layer = layer([WB_SIGNAL_GRADIENT: [1, 2, -4, 0.5]])
    #expect(try entrant("snip", [:], layer).scores(layer) == [2, 6, 2])
    layer.prunesBiases = true
    #expect(try entrant("snip", [:], layer).scores(layer) == [2, 6, 2, 4])
  }

  @Test func graspIsTheWeightTimesHessianTimesGradient() throws {
    let layer = layer([WB_SIGNAL_HESSIAN_GRADIENT: [1, 2, -4, 100]])
    #expect(try entrant("grasp", [:], layer).scores(layer) == [2, -6, -2])
  }

  /// Of mini-batches of one sample the mean of squares, of very large ones the square of the mean.
  @Test(arguments: zip([1, 2, 1e9], [[16, 81, 4], [10, 58.5, 4], [4, 36, 4]] as [[Float]]))
  func taylorIsTheExpectedSquareOfGradientTimesWeight(batch: Double, scores: [Float]) throws {
    let layer = layer([
      WB_SIGNAL_GRADIENT: [1, 2, -4, 0.5], WB_SIGNAL_FISHER_DIAGONAL: [4, 9, 16, 1],
    ])
    let found = try entrant("taylor", ["batch": .number(batch)], layer).scores(layer)
    for (found, score) in zip(found, scores) { #expect(abs(found - score) < 1e-5) }
  }

  /// By exhaustive means: all ordered pairs of samples as mini-batches of two.
  @Test func theExpectedSquareIsThatOfAllMiniBatches() throws {
    let gradients: [[Float]] = [[1, -2, 0.5], [3, 0, -1], [-2, 1, 4]]
    func mean(_ value: (Int) -> Float) -> [Float] { (0..<3).map { value($0) } + [0] }
    let layer = layer([
      WB_SIGNAL_GRADIENT: mean { k in gradients.reduce(0) { $0 + $1[k] } / 3 },
      WB_SIGNAL_FISHER_DIAGONAL: mean { k in gradients.reduce(0) { $0 + $1[k] * $1[k] } / 3 },
    ])
    let found = try entrant("taylor", ["batch": .number(2)], layer).scores(layer)
    for k in 0..<3 {
      var sum: Float = 0
      for first in gradients {
        for second in gradients {
          let term = (first[k] + second[k]) / 2 * layer.parameters[k]
          sum += term * term
        }
      }
      #expect(abs(found[k] - sum / 9) < 1e-4)
    }
  }

  @Test func unitsAddUpTheirTermsOrSquareTheSum() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 2, inputs: 2)
    layer.parameters = [1, 2, 3, 4, 5, 6]
    layer.signals = [
      WB_SIGNAL_GRADIENT: [1, 1, 1, -1, 1, 0], WB_SIGNAL_FISHER_DIAGONAL: [1, 1, 1, 1, 1, 0],
    ]
    // Terms 1 2 3 -4, and 5 0 of the biases.
    let sum = try entrant("taylor-units", [:], layer).scores(layer, count: 2)
    #expect(sum == [30, 25])
    let joint = try entrant("taylor-units", ["group": .number(1)], layer).scores(layer, count: 2)
    #expect(joint == [64, 1])
  }

  @Test func filterNormsLeaveBiasesOut() throws {
    var layer = FakeLayer(id: 1, name: "conv", outputs: 2, inputs: 1)
    layer.kernel = (1, 2)
    layer.parameters = [3, -4, 0, 5, 100, 100]
    #expect(try entrant("filter-norm", [:], layer).scores(layer, count: 2) == [7, 5])
    let l2 = try entrant("filter-norm", ["norm": .number(1)], layer).scores(layer, count: 2)
    #expect(l2 == [5, 5])
  }
}
