import Networks
import Numerics
import TestSupport
import Testing

@Suite("Plans are applied whole, in order, or not at all")
struct PlanTests {
  /// Random plans, good and bad edits mixed, never trap; what they make is sound and runs.
  @Test(arguments: Draw.all(seeds: 100..<160))
  func randomPlansAreSoundOrRefused(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("plan")
    var ids = Set(network.graph.nodes.map(\.id))
    var applied = 0
    for _ in 0..<12 {
      let before = network
      let edits = (0..<1 + random.index(below: 3)).map { _ in network.randomEdit(&random) }
      do throws(SurgeryError) {
        let surgery = try network.applying(edits)
        expectConsistent(
          surgery, of: network,
          valuesFollow: !edits.contains { if case .setParameters = $0 { true } else { false } })
        let new = Set(surgery.network.graph.nodes.map(\.id)).subtracting(
          network.graph.nodes.map(\.id))
        #expect(new.isDisjoint(with: ids), "an id came back")
        #expect(new.allSatisfy { $0 >= network.graph.nextID })
        #expect(surgery.network.graph.nextID >= network.graph.nextID)
        ids.formUnion(new)
        expectFollows(surgery, of: network)
        network = surgery.network
        applied += 1
      } catch {
        #expect(network == before)
        #expect(edits.indices.contains(error.edit ?? -1))
      }
    }
    #expect(applied > 0)
    let input = RandomNetwork.inputs(for: network, count: 1, seed: 1)[0]
    #expect(ReferenceForward(network).output(input).count == network.graph.outputs)
    expectSameFunction(network, network.compacted().network)
  }

  /// One plan of many edits does what the edits do one by one, and the origins compose.
  @Test(arguments: Draw.all(seeds: 0..<20))
  func aPlanIsItsEditsOneByOne(_ draw: Draw) throws {
    let network = try draw.network()
    var random = draw.random("steps")
    var step = network
    var origin = (0..<Int32(network.values.count)).map { $0 }
    var edits: [Edit] = []
    while edits.count < 6 {
      let edit = step.randomEdit(&random)
      guard let surgery = try? step.applying([edit]) else { continue }
      edits.append(edit)
      origin = surgery.following(origin, fresh: -1)
      step = surgery.network
    }
    let whole = try network.applying(edits)
    #expect(whole.network == step)
    #expect(whole.origin == origin)
  }

  @Test func anEmptyPlanChangesNothing() throws {
    let network = Network(graph: try Models.leNet300()).initialized(seed: 1)
    let surgery = try network.applying([])
    #expect(surgery.network == network)
    #expect(surgery.origin == (0..<266_610).map { Int32($0) })
  }

  @Test func optimizerStateFollows() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [3], outputs: 1, activation: .relu))
    network.randomize(seed: 3)
    let momentum = network.values.indices.map { Float($0) + 1 }
    let surgery = try network.applying([
      .removeUnits(layer: network.id("fc1"), units: [1]),
      .replace(
        layer: network.id("fc2"),
        with: [LayerSpecification(operation: .dense(units: 1, bias: false), weights: [1, 2])]),
    ])
    // fc1 had weights 0–5 and biases 6–8.
    #expect(surgery.following(momentum, fresh: 0) == [1, 2, 5, 6, 7, 9, 0, 0])
    var state = OptimizerState(parameters: network.values.count)
    state.follow(surgery.origin)
    #expect(state == OptimizerState(parameters: 8))
  }

  /// Units count in the layer as the edits before left it.
  @Test func laterEditsSeeWhatEarlierOnesMade() throws {
    var network = Network(graph: try Models.leNet300())
    network.randomize(seed: 3)
    let id = try network.id("fc1")
    let twice = try network.applying([
      .removeUnits(layer: id, units: [0]), .removeUnits(layer: id, units: [0]),
    ])
    let once = try network.applying([.removeUnits(layer: id, units: [0, 1])])
    #expect(twice.network == once.network)
    #expect(twice.origin == once.origin)
    #expect(throws: SurgeryError.self) {
      try network.applying([
        .removeUnits(layer: id, units: [0]), .removeUnits(layer: id, units: [299]),
      ])
    }
  }
}

/// Expects an optimiser's state and the running statistics to go where the parameters went.
private func expectFollows(_ surgery: Surgery, of old: Network) {
  let marks = old.values.indices.map { $0 }
  let followed = surgery.following(marks, fresh: -1)
  #expect(followed == surgery.origin.map(Int.init))
  // A batch normalisation's scale and its running mean stem from the same channel.
  for (place, range) in surgery.network.layout.statistics {
    guard let slot = surgery.network.layout[place],
      let oldPlace = old.graph.place(of: surgery.network.graph.nodes[place].id),
      let oldSlot = old.layout[oldPlace], let oldRange = old.layout.statistics[oldPlace]
    else {
      Issue.record("a batch normalisation without a past")
      continue
    }
    let statistics = zip(slot.biases, range).allSatisfy { parameter, statistic in
      let channel = Int(surgery.origin[parameter]) - oldSlot.biases.lowerBound
      return surgery.network.statistics[statistic]
        == old.statistics[oldRange.lowerBound + channel]
    }
    #expect(statistics)
  }
}

extension Network {
  /// An edit of any kind at a random node, most of them good.
  fileprivate func randomEdit(_ random: inout RandomStream) -> Edit {
    let sums = graph.residualSums
    let layers = graph.weightedLayers
    let place = layers[random.index(below: layers.count)]
    let id = random.index(below: 30) == 0 ? random.next() : graph.nodes[place].id
    let slot = layout[place]
    let prunable = prunable(at: place)
    switch random.index(below: sums.isEmpty ? 7 : 10) {
    case 0, 1:
      let positions = (0..<prunable.count).filter { _ in random.uniform() < 0.3 }
      return .maskOff(layer: id, positions: positions)
    case 2:
      let start = slot?.all.lowerBound ?? 0
      let masked = prunable.filter { mask[$0] == 0 && random.uniform() < 0.5 }.map { $0 - start }
      return .maskOn(
        layer: id, positions: masked, values: masked.map { _ in Float(random.normal()) })
    case 3:
      let position = random.index(below: (slot?.all.count ?? 1) + 1)
      return .setParameters(layer: id, positions: [position], values: [Float(random.normal())])
    case 4, 5:
      let units = graph.nodes[place].operation.units ?? 1
      return .removeUnits(
        layer: id, units: (0..<1 + random.index(below: 2)).map { _ in random.index(below: units) })
    case 6:
      return .replace(layer: id, with: randomReplacement(of: place, &random))
    case 7:
      return .dropBlock(block: graph.nodes[sums[random.index(below: sums.count)]].id)
    default:
      return .scaleBlock(
        block: graph.nodes[sums[random.index(below: sums.count)]].id,
        factor: Float(2 * random.uniform()))
    }
  }

  private func randomReplacement(
    of place: Int, _ random: inout RandomStream
  ) -> [LayerSpecification] {
    let operation = graph.nodes[place].operation
    let inputs = graph.shapes[graph.nodes[place].inputs[0]].channels
    let units = operation.units ?? 1
    let inner = 1 + random.index(below: 4)
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    switch operation.convolution {
    case .some(var first):
      first.channels = inner
      first.bias = true
      return [
        LayerSpecification(
          operation: .convolution(first), weights: draw(inner * inputs * first.kernel.area),
          biases: draw(inner)),
        LayerSpecification(operation: .relu),
        LayerSpecification(
          operation: .convolution(.init(channels: units, kernel: Extent(1), bias: false)),
          weights: draw(units * inner)),
      ]
    default:
      return [
        LayerSpecification(
          operation: .dense(units: inner, bias: true), weights: draw(inner * inputs),
          biases: draw(inner)),
        LayerSpecification(operation: .tanh),
        LayerSpecification(
          operation: .dense(units: units, bias: false), weights: draw(units * inner)),
      ]
    }
  }
}
