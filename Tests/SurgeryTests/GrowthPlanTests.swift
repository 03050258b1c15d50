import Networks
import Numerics
import TestSupport
import Testing

@Suite("Plans that grow and prune are applied whole, in order, or not at all")
struct GrowthPlanTests {
  @Test(arguments: Draw.all(seeds: 300..<330))
  func randomPlansAreSoundOrRefused(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("growth plan")
    var ids = Set(network.graph.nodes.map(\.id))
    var applied = 0
    for _ in 0..<10 {
      let edits = try network.randomGrowth(&random) + network.randomPruning(&random)
      let surgery: Surgery
      do throws(SurgeryError) {
        surgery = try network.applying(edits)
      } catch {
        #expect(edits.indices.contains(error.edit ?? -1))
        continue
      }
      let setsValues = edits.contains { if case .setParameters = $0 { true } else { false } }
      expectConsistent(surgery, of: network, valuesFollow: !setsValues)
      let new = Set(surgery.network.graph.nodes.map(\.id)).subtracting(
        network.graph.nodes.map(\.id))
      #expect(new.isDisjoint(with: ids), "an id came back")
      ids.formUnion(new)
      if !edits.contains(where: \.marksParameters) { try expectFollowed(surgery, of: network) }
      try expectSameAsOneByOne(edits, surgery, network)
      #expect(variances(of: surgery.network).allSatisfy { $0 > 0 })
      network = surgery.network
      applied += 1
    }
    #expect(applied > 0)
    expectSameFunction(network, network.compacted().network, samples: 1)
  }

  private func expectSameAsOneByOne(
    _ edits: [Edit], _ whole: Surgery, _ network: Network
  ) throws {
    var step = network
    var origin = (0..<Int32(network.values.count)).map { $0 }
    for edit in edits {
      let surgery = try step.applying([edit])
      origin = surgery.following(origin, fresh: -1)
      step = surgery.network
    }
    #expect(whole.network == step)
    #expect(whole.origin == origin)
  }

  private func variances(of network: Network) -> [Float] {
    network.layout.statistics.values.flatMap {
      network.statistics[$0.lowerBound + $0.count / 2..<$0.upperBound]
    }
  }
}

extension Edit {
  /// Whether it changes masks or what is frozen by itself.
  fileprivate var marksParameters: Bool {
    switch self {
    case .maskOff, .maskOn, .freeze, .thaw: true
    default: false
    }
  }
}

extension Network {
  /// Growth of any kind at a random layer, most of it good.
  func randomGrowth(_ random: inout RandomStream) throws -> [Edit] {
    let layers = growable.isEmpty ? graph.weightedLayers : growable
    let place = layers[random.index(below: layers.count)]
    let id = graph.nodes[place].id
    let channels = graph.shapes[place].channels
    var identity = LayerSpecification.identity(
      of: channels, layout: graph.layouts[place], kernel: 3)
    switch random.index(below: 7) {
    case 0:
      let count = 1 + random.index(below: 2)
      var units = try newUnits(at: place, count: count, silent: false, &random)
      if random.index(below: 2) == 0 {
        units.sources = sources(at: place, count: count, &random)
      }
      return [.widen(layer: id, units)]
    case 1:
      return try net2Wider(layer: id, copying: sources(at: place, count: 2, &random))
    case 2:
      let norm = LayerSpecification(
        operation: .batchNorm, biases: (0..<2 * channels).map { _ in Float(random.normal()) })
      return [.insertAfter(layer: id, [identity, norm, LayerSpecification(operation: .relu)])]
    case 3:
      let first = identity
      identity.weights = identity.weights.map { _ in 0 }
      let branch = [first, LayerSpecification(operation: .relu), identity]
      return [.insertBlock(after: id, branch)]
    case 4:
      let all = graph.weightedLayers
      return [.removeLayer(layer: graph.nodes[all[random.index(below: all.count)]].id)]
    case 5:
      let all = graph.weightedLayers
      let reader = all[random.index(below: all.count)]
      var units = unitsBeside(reader, count: 1 + random.index(below: 2), &random)
      units.fanOut = units.fanOut.map { _ in Float(random.normal()) }
      return [.insertBeside(layer: graph.nodes[reader].id, units)]
    default:
      return [.freeze(layer: id, positions: [0, 1]), .thaw(layer: id, positions: [1])]
    }
  }

  /// Nothing, or a unit or some weights that go.
  fileprivate func randomPruning(_ random: inout RandomStream) -> [Edit] {
    let layers = graph.weightedLayers
    let place = layers[random.index(below: layers.count)]
    let id = graph.nodes[place].id
    switch random.index(below: 3) {
    case 0: return [.removeUnits(layer: id, units: [0])]
    case 1:
      let count = layout[place]?.weights.count ?? 0
      return [
        .maskOff(layer: id, positions: (0..<count).filter { _ in random.uniform() < 0.2 })
      ]
    default: return []
    }
  }
}
