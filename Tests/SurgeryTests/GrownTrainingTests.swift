import Networks
import Numerics
import TestSupport
import Testing

@Suite("What has grown goes on learning")
struct GrownTrainingTests {
  private var network: Network
  private var state: OptimizerState
  private let samples: Samples
  private let recipe = TrainingRecipe(
    optimizer: .adam, learningRate: 0.01, schedule: .constant, batchSize: 16, epochs: 2, decay: 0)

  init() throws {
    var random = RandomStream(seed: 3, name: "samples")
    let inputs = (0..<64 * 4).map { _ in Float(random.normal()) }
    samples = try Samples(
      shape: [4, 1, 1], inputs: inputs,
      targets: .labels((0..<64).map { Int32(inputs[$0 * 4] > 0 ? 1 : 0) }, classes: 2))
    var builder = GraphBuilder(input: Shape(4), layout: .flat)
    builder.add(.dense(units: 5, bias: true), name: "fc1")
    builder.add(.batchNorm)
    builder.add(.relu)
    builder.add(.dense(units: 2, bias: true), name: "fc2")
    network = Network(graph: try builder.graph()).initialized(seed: 1)
    state = OptimizerState(parameters: network.layout.count)
    try train(&network, &state)
  }

  private func train(_ network: inout Network, _ state: inout OptimizerState) throws {
    var random = RandomStream(seed: 1, name: "batches")
    try Trainer(loss: .crossEntropy).train(
      &network, state: &state, on: samples, recipe: recipe, random: &random)
  }

  /// Growth that keeps the function: its layers of 0, and which parameters are fresh.
  private func grown(_ edits: [Edit]) throws -> (before: Network, after: Network, fresh: [Int]) {
    let surgery = try network.applying(edits)
    expectSameFunction(network, surgery.network)
    var state = state
    state.follow(surgery.origin)
    for (index, origin) in surgery.origin.enumerated() {
      let past =
        origin < 0 ? (0, 0) : (self.state.first[Int(origin)], self.state.second[Int(origin)])
      #expect((state.first[index], state.second[index]) == past)
    }
    #expect(state.step == self.state.step)
    var after = surgery.network
    try train(&after, &state)
    return (surgery.network, after, surgery.origin.indices.filter { surgery.origin[$0] < 0 })
  }

  /// The state before is not 0, so that what follows says something.
  @Test func theOptimizerHasAMemory() {
    #expect(state.first.filter { $0 != 0 }.count > state.first.count / 2)
  }

  @Test func silentUnitsFindTheirVoice() throws {
    let units = NewUnits(
      count: 2, fanIn: [1, -1, 1, 1, 0.5, 1, -1, 0], biases: [0, 0],
      fanOut: [[Float](repeating: 0, count: 4)])
    let (before, after, fresh) = try grown([.widen(layer: network.id("fc1"), units)])
    // A batch normalisation takes the biases out: they alone get no gradient.
    let slot = try #require(after.layout[after.place("fc1")])
    for index in fresh where !slot.biases.contains(index) {
      #expect(after.values[index] != before.values[index])
    }
  }

  @Test func copiesGoOn() throws {
    let edits = try network.net2Wider(layer: network.id("fc1"), copying: [0, 3])
    let (before, after, fresh) = try grown(edits)
    #expect(fresh.contains { after.values[$0] != before.values[$0] })
  }

  @Test func aBlockOfNothingBecomesSomething() throws {
    let first = LayerSpecification.identity(of: 5, layout: .flat)
    let branch = [
      first, LayerSpecification(operation: .tanh),
      LayerSpecification(
        operation: .dense(units: 5, bias: true), weights: [Float](repeating: 0, count: 25),
        biases: [Float](repeating: 0, count: 5)),
    ]
    let (_, after, _) = try grown([.insertBlock(after: network.id("fc1"), branch)])
    let last = try #require(after.layout[after.place("fc1.block1.3")])
    #expect(after.values[last.weights].filter { $0 != 0 }.count > 15)
    let inner = try #require(after.layout[after.place("fc1.block1.1")])
    #expect(Array(after.values[inner.weights]) != first.weights)
  }

  /// A frozen layer stays as it came, and what reads it learns.
  @Test(arguments: [false, true])
  func unitsBesideAreHeard(areFrozen: Bool) throws {
    let layer = LayerSpecification(
      operation: .dense(units: 2, bias: true), weights: [1, -1, 0.5, 1, -0.5, 1, 1, -1, 0, 1],
      biases: [0.1, -0.2])
    let (before, after, fresh) = try grown([
      .insertBeside(
        layer: network.id("fc2"),
        UnitsBeside(
          layers: [layer, LayerSpecification(operation: .tanh)], areFrozen: areFrozen))
    ])
    let own = try #require(after.layout[after.place("fc2.beside1")]).all
    #expect(fresh.count == own.count + 2 * 2)
    for index in fresh {
      let stays = areFrozen && own.contains(index)
      #expect((after.values[index] == before.values[index]) == stays)
    }
  }

  @Test func aBranchCanBeginWithItsNormalisation() throws {
    let branch = [
      LayerSpecification.identity(of: 5, layout: .flat),
      LayerSpecification(operation: .batchNorm, biases: [Float](repeating: 0, count: 10)),
    ]
    let (_, after, _) = try grown([.insertBlock(after: network.id("fc1"), branch)])
    let last = try #require(after.layout[after.place("fc1.block1.2")])
    #expect(after.values[last.biases].allSatisfy { $0 != 0 })
  }
}
