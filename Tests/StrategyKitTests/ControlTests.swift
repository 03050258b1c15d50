import CWorkbench
import Strategies
import Testing

/// The controls that see more than one layer's sizes.
@Suite struct ControlTests {
  @Test func lampIsTheShareAmongThoseNotSmaller() throws {
    var random = SplitMix(state: 5)
    var layer = FakeLayer.random(1, 6, 7, using: &random)
    layer.masked = [0, 9, 20]
    layer.prunesBiases = true
    let entrant = try #require(Entrant(builtInPlugin(), "lamp", host: FakeHost([layer])))
    let scores = try entrant.scores(layer)
    let squares = layer.parameters.map { Double($0) * Double($0) }
    for position in layer.live {
      let sum = layer.live.filter { squares[$0] >= squares[position] }.reduce(0) {
        $0 + squares[$1]
      }
      #expect(abs(Double(scores[position]) - squares[position] / sum) < 1e-6)
    }
  }

  /// Of equal weights the earlier one counts as the smaller: it has the larger sum below it.
  @Test func equalWeightsGoByPosition() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 5)
    layer.hasBiases = false
    layer.parameters = [-2, 1, 2, 0, 1]
    let entrant = try #require(Entrant(builtInPlugin(), "lamp", host: FakeHost([layer])))
    #expect(try entrant.scores(layer) == [0.5, 0.1, 1, 0, Float(1.0 / 9)])
    layer.parameters = [0, 0, 0, 0, 0]
    let zeros = try #require(Entrant(builtInPlugin(), "lamp", host: FakeHost([layer])))
    #expect(try zeros.scores(layer) == [0, 0, 0, 0, 0])
  }

  /// - Parameter spread: the place of the word among the option's.
  private func remains(
    _ layers: [FakeLayer], goal: Int, seed: UInt64, spread: Int = 0
  ) throws -> [[Int]] {
    let host = FakeHost(layers, seed: seed)
    let entrant = try #require(
      Entrant(
        builtInPlugin(), "random", options: ["spread": .number(Double(spread))], host: host))
    #expect(entrant.propose(goal: goal) == WB_OK, "\(host.failures)")
    return layers.map { layer in
      let masked = Set(host.edits.filter { $0.target == layer.id }.flatMap(\.indices))
      return layer.live.filter { !masked.contains($0) }
    }
  }

  /// Two dense layers after a convolution whose maps of 4 pixels are flattened, pruned to any size.
  @Test(arguments: 0..<4) func randomLeavesAPath(spread: Int) throws {
    var random = SplitMix(state: 6)
    var layers = [
      FakeLayer.random(1, 3, 2, kernel: (2, 2), using: &random),
      FakeLayer.random(2, 4, 12, using: &random), FakeLayer.random(3, 2, 4, using: &random),
    ]
    layers[2].prunesBiases = true
    // Unit 0 of the last layer reads unit 3 alone, unit 1 nothing.
    layers[2].masked = [0, 1, 2, 4, 5, 6, 7]
    let live = layers.reduce(0) { $0 + $1.live.count }
    for goal in [live - 1, live / 2, 8, 3] {
      for seed in 0..<UInt64(40) {
        let left = try remains(layers, goal: goal, seed: seed, spread: spread)
        #expect(left.reduce(0) { $0 + $1.count } == goal)
        let paths = left[0].contains { first in
          left[1].contains { second in
            second % 12 / 4 == first / 8 && second / 12 == 3 && left[2].contains(3)
          }
        }
        #expect(paths, "\(left) at \(goal)")
      }
    }
  }

  /// Nothing is spared by its place: each weight goes about as often as any other.
  @Test func randomSparesNoPlace() throws {
    var random = SplitMix(state: 7)
    let layers = [
      FakeLayer.random(1, 5, 6, using: &random), FakeLayer.random(2, 4, 5, using: &random),
    ]
    var kept = [[Int]](repeating: [Int](repeating: 0, count: 30), count: 2)
    let draws = 2000
    for seed in 0..<UInt64(draws) {
      for (layer, positions) in try remains(layers, goal: 25, seed: seed).enumerated() {
        for position in positions { kept[layer][position] += 1 }
      }
    }
    // Half are kept, and one of a layer's weights because of the path.
    for (layer, count) in [(0, 30), (1, 20)] {
      let chance = 1 / Double(count) + (1 - 1 / Double(count)) * 23 / 48
      let deviation = (Double(draws) * chance * (1 - chance)).squareRoot()
      for position in 0..<count {
        #expect(abs(Double(kept[layer][position]) - Double(draws) * chance) < 4.5 * deviation)
      }
    }
  }

  /// With a share for each layer, every weight has the layer's chance to stay.
  @Test func shareOfALayerSparesNoPlace() throws {
    var random = SplitMix(state: 9)
    let layers = [
      FakeLayer.random(1, 5, 6, using: &random), FakeLayer.random(2, 4, 5, using: &random),
    ]
    var kept = [[Int]](repeating: [Int](repeating: 0, count: 30), count: 2)
    let draws = 1000
    for seed in 0..<UInt64(draws) {
      let left = try remains(layers, goal: 25, seed: seed, spread: 1)
      #expect(left.map(\.count) == [15, 10])
      for (layer, positions) in left.enumerated() {
        for position in positions { kept[layer][position] += 1 }
      }
    }
    let deviation = (Double(draws) / 4).squareRoot()
    for count in kept[0] + kept[1].prefix(20) {
      #expect(abs(Double(count) - Double(draws) / 2) < 4.5 * deviation)
    }
  }

  /// A layer that has less than its share keeps all of it.
  @Test func aThinLayerIsLeftAlone() throws {
    var random = SplitMix(state: 10)
    var layers = [
      FakeLayer.random(1, 5, 6, using: &random), FakeLayer.random(2, 4, 5, using: &random),
    ]
    layers[0].masked = Set(6..<30)
    // A share each of 12 and 8 of the 20, and the first has 6 left.
    let left = try remains(layers, goal: 20, seed: 1, spread: 1)
    #expect(left[0] == Array(0..<6) && left[1].count == 14)
  }

  /// A branch may be emptied, and a layer that fits no other keeps a weight all the same.
  @Test func randomKeepsAWeightOfEachLayerOutsideOfBranches() throws {
    var random = SplitMix(state: 8)
    var layers = [
      FakeLayer.random(1, 3, 4, using: &random), FakeLayer.random(2, 3, 3, using: &random),
      FakeLayer.random(3, 2, 7, using: &random),
    ]
    layers[1].block = 9
    for seed in 0..<UInt64(20) {
      let left = try remains(layers, goal: 2, seed: seed)
      #expect(left.map(\.count) == [1, 0, 1])
    }
  }
}
