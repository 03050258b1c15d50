import Networks
import TestSupport
import Testing

@Suite("Curvature of every operation: the fast engine against the precise one")
struct EveryOperationTests {
  @Test(arguments: try SmallCase.everyOperation())
  func diagonals(example: SmallCase) {
    let fast = Measurements(
      network: example.network, samples: example.samples, loss: example.loss, batchSize: 16,
      preciseWork: -1)
    let precise = PreciseCurvature(
      network: example.network, samples: example.samples, loss: example.loss)
    for (found, expected) in [
      (fast.leCunDiagonal(), precise.leCunDiagonal()),
      (fast.gaussNewtonDiagonal(), precise.gaussNewtonDiagonal()),
      (fast.fisherDiagonal(), precise.fisherDiagonal()),
    ] {
      let layers = example.network.graph.weightedLayers.flatMap { place in
        Array(example.network.layout[place]?.all ?? 0..<0)
      }
      #expect(!layers.isEmpty)
      let scale = layers.map { abs(expected[$0]) }.max() ?? 0
      for index in layers {
        #expect(abs(Double(found[index]) - expected[index]) < 2e-5 * scale)
      }
    }
  }
}
