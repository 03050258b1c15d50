import Networks
import TestSupport
import Testing

@Suite("Edits of single parameters")
struct ParameterEditTests {
  let network: Network

  init() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 3, widths: [2], outputs: 2, activation: .relu))
    network.randomize(seed: 1)
    self.network = network
  }

  @Test func maskingZeroesAndBudgetsAreExact() throws {
    let surgery = try network.applying([
      .maskOff(layer: network.id("fc1"), positions: [5, 0, 3]),
      .maskOff(layer: network.id("fc2"), positions: [1]),
      .maskOff(layer: network.id("fc1"), positions: [0]),
    ])
    let masked = surgery.network
    #expect(masked.counts.weights == network.counts.weights - 4)
    #expect(masked.counts.parameters == network.counts.parameters - 4)
    #expect(masked.mask.indices.filter { masked.mask[$0] == 0 } == [0, 3, 5, 9])
    #expect([0, 3, 5, 9].allSatisfy { masked.values[$0] == 0 })
    expectConsistent(surgery, of: network)
    #expect(surgery.origin == (0..<Int32(network.values.count)).map { $0 })
  }

  @Test func maskedOnStartsAnew() throws {
    let id = try network.id("fc1")
    let surgery = try network.applying([
      .maskOff(layer: id, positions: [1, 2, 4]),
      .maskOn(layer: id, positions: [4, 1], values: [7, 8]),
      .maskOn(layer: id, positions: [2], values: nil),
    ])
    #expect(surgery.network.mask == network.mask)
    #expect(Array(surgery.network.values[1...4]) == [8, 0, network.values[3], 7])
    #expect(surgery.origin.indices.filter { surgery.origin[$0] < 0 } == [1, 2, 4])
  }

  @Test func setParametersOverwritesAllOrSome() throws {
    let id = try network.id("fc1")
    let all: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let surgery = try network.applying([
      .setParameters(layer: id, positions: nil, values: all),
      .setParameters(layer: id, positions: [7, 0], values: [-1, -2]),
    ])
    #expect(Array(surgery.network.values[0..<8]) == [-2, 2, 3, 4, 5, 6, 7, -1])
    #expect(surgery.network.values[8...] == network.values[8...])
    let masked = try network.applying([
      .maskOff(layer: id, positions: [0]),
      .setParameters(layer: id, positions: nil, values: [-0.0] + all.dropFirst()),
    ])
    expectConsistent(masked, of: network, valuesFollow: false)
  }

  @Test func biasesAreMaskedOnlyWhereTheyArePrunable() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: true), name: "fc")
    let graph = try builder.graph()
    let edit = Edit.maskOff(layer: 2, positions: [4])
    #expect(throws: SurgeryError.self) { try Network(graph: graph).applying([edit]) }
    let masked = try Network(graph: graph, prunesBiases: true).applying([edit]).network
    #expect(masked.counts.weights == 5)
  }

  @Test func batchNormalisationCanBeSetButNotMasked() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: true), name: "fc")
    builder.add(.batchNorm, name: "norm")
    let network = Network(graph: try builder.graph(), prunesBiases: true)
    let set = try network.applying([
      .setParameters(layer: network.id("norm"), positions: [3], values: [2])
    ])
    #expect(set.network.values.last == 2)
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.maskOff(layer: network.id("norm"), positions: [0])])
    }
    #expect(failed?.layer == "norm")
  }
}
