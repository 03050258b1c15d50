import CWorkbench
import Strategies
import Testing

@Suite struct BuiltInTests {
  @Test func libraryHasItsStrategies() {
    let ids = descriptors(of: builtInPlugin()).map { String(cString: $0.pointee.id) }
    #expect(
      ids == [
        "none", "random", "magnitude", "lamp", "obd", "obs", "taylor", "taylor-units",
        "filter-norm", "snip", "grasp", "synflow", "dynamic-sparse", "set", "rigl",
        "sparse-momentum", "granet", "gradual-magnitude", "static", "channel-sparse", "auto-sizing",
        "group-brain-damage", "sparse-vd", "binarize", "small-dense", "random-growth",
        "neuron-addition", "gradmax", "tiny", "senn", "nest",
        "variance-transfer", "cascade-correlation", "splitting", "depth-growth",
        "ungrown",
      ])
    #expect(builtInPlugin() == builtInPlugin())
  }

  @Test func noneHasNoHooks() throws {
    let none = try #require(Entrant(builtInPlugin(), "none", host: FakeHost())).table.pointee
    #expect(none.score == nil && none.propose == nil)
    #expect(none.begin_step == nil && none.end_step == nil)
  }

  @Test func magnitudeIsTheAbsoluteValueOfPrunableParameters() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.parameters = [-2, 0, 1, -9]
    let entrant = try #require(
      Entrant(builtInPlugin(), "magnitude", host: FakeHost([layer])))
    #expect(try entrant.scores(layer) == [2, 0, 1])
    layer.prunesBiases = true
    let biased = try #require(Entrant(builtInPlugin(), "magnitude", host: FakeHost([layer])))
    #expect(try biased.scores(layer) == [2, 0, 1, 9])
  }

  @Test func layerScopeGivesEveryLayerTheSameShare() throws {
    var random = SplitMix(state: 2)
    var layers = [
      FakeLayer.random(1, 10, 30, using: &random), FakeLayer.random(2, 10, 10, using: &random),
    ]
    layers[1].parameters = layers[1].parameters.map { $0 / 1000 }
    layers[1].masked = Set(0..<40)
    let entrant = try #require(
      Entrant(
        builtInPlugin(), "magnitude", options: ["scope": .number(1)], host: FakeHost(layers)))
    var scores: [(score: Float, layer: Int)] = []
    for (index, layer) in layers.enumerated() {
      let all = try entrant.scores(layer)
      scores += layer.live.map { (all[$0], index) }
      let order = layer.live.sorted { abs(layer.parameters[$0]) < abs(layer.parameters[$1]) }
      #expect(zip(order, order.dropFirst()).allSatisfy { all[$0] < all[$1] })
    }
    scores.sort { ($0.score, $0.layer) < ($1.score, $1.layer) }
    let gone = scores.prefix(180)
    #expect(gone.count { $0.layer == 0 } == 150)
    #expect(gone.count { $0.layer == 1 } == 30)
  }

  /// One quality cuts every layer at so many standard deviations of its live weights.
  @Test func qualityIsTheMagnitudeInStandardDeviationsOfTheLayer() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 5)
    layer.parameters = [1, -3, 100, 5, -7, 0]
    layer.masked = [2]
    // Of 1, -3, 5 and -7: mean -1, squares 4, 4, 36 and 36.
    let deviation = Float(20).squareRoot()
    let entrant = try #require(
      Entrant(
        builtInPlugin(), "magnitude", options: ["scope": .number(2)], host: FakeHost([layer])))
    let scores = try entrant.scores(layer)
    for index in [0, 1, 3, 4] {
      #expect(abs(scores[index] - abs(layer.parameters[index]) / deviation) < 1e-6)
    }
  }

  /// Without a spread every threshold is 0, and goes before none but what is 0.
  @Test func aWeightAloneHasTheLargestQuality() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.parameters = [2, 2, 2, 0]
    let host = FakeHost([layer])
    let entrant = try #require(
      Entrant(builtInPlugin(), "magnitude", options: ["scope": .number(2)], host: host))
    #expect(try entrant.scores(layer) == [Float](repeating: .greatestFiniteMagnitude, count: 3))
    layer.parameters = [0, 0, 0, 0]
    let zeros = try #require(
      Entrant(
        builtInPlugin(), "magnitude", options: ["scope": .number(2)], host: FakeHost([layer])))
    #expect(try zeros.scores(layer) == [0, 0, 0])
  }

  @Test(
    arguments: zip(
      [0.0, 1, 2],
      [WB_SIGNAL_GAUSS_NEWTON_DIAGONAL, WB_SIGNAL_LECUN_DIAGONAL, WB_SIGNAL_FISHER_DIAGONAL]))
  func optimalBrainDamageIsHalfTheCurvatureTimesTheSquare(
    choice: Double, signal: wb_signal
  ) throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.parameters = [2, -3, 0.5, 1]
    layer.signals = [signal: [1, 4, -8, 100]]
    let entrant = try #require(
      Entrant(
        builtInPlugin(), "obd", options: ["curvature": .number(choice)], host: FakeHost([layer])))
    #expect(try entrant.scores(layer) == [2, 18, -1])
  }

  @Test func aSignalThatTheHostLacksIsNamed() throws {
    var random = SplitMix(state: 3)
    let host = FakeHost([FakeLayer.random(1, 2, 2, using: &random)])
    let entrant = try #require(Entrant(builtInPlugin(), "obd", host: host))
    #expect(entrant.score(1, count: 4).status == WB_UNSUPPORTED)
    #expect(host.failures.first?.contains("Gauss-Newton diagonal of 'layer1'") == true)
  }
}
