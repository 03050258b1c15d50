import Foundation
import Networks
import Numerics
import TestSupport
import Testing

@Suite("Weights without effect")
struct EffectiveWeightsTests {
  @Test(arguments: Draw.all(seeds: 0..<60))
  func theFunctionStays(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    let effective = network.withoutIneffectiveWeights()
    expectSameFunction(network, effective, tolerance: 1e-5)
    expectConsistent(
      Surgery(network: effective, origin: (0..<Int32(network.layout.count)).map { $0 }),
      of: network, valuesFollow: false)
    #expect(effective.graph == network.graph)
    #expect(effective.statistics == network.statistics)
    for slot in network.layout.slots {
      let prunable = network.prunable(at: slot.place)
      for index in slot.all {
        let wasLive = network.mask[index] != 0
        #expect(effective.mask[index] == 0 || wasLive, "nothing is revived")
        if !prunable.contains(index) { #expect(effective.mask[index] == network.mask[index]) }
        if slot.weights.contains(index), effective.mask[index] != 0 {
          #expect(effective.values[index] == network.values[index], "only biases change")
        }
      }
    }
    #expect(effective.withoutIneffectiveWeights() == effective, "one call reaches the fixed point")
    #expect(network.effectiveCounts == effective.counts)
  }

  @Test(arguments: Draw.all(seeds: 0..<60))
  func theyAreWhatCompactionLosesAndNoMore(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    let effective = network.withoutIneffectiveWeights()
    #expect(effective.counts.weights == network.compacted().network.counts.weights)
    #expect(effective.compacted().network.graph == network.compacted().network.graph)
  }

  /// Where every bias is live and nothing pads, what is left is what lies on a path.
  @Test(arguments: TinyKind.allCases, 0..<60)
  func whatIsLeftLiesOnPaths(_ kind: TinyKind, seed: Int) throws {
    var network = Network(graph: try kind.graph())
    network.randomize(seed: UInt64(seed))
    var random = RandomStream(seed: UInt64(seed), name: "masks of \(kind)")
    network = network.thinned(to: random.uniform(in: 0.1..<0.6), &random)
    let effective = network.withoutIneffectiveWeights()
    let left = network.graph.weightedLayers.flatMap { place in
      network.prunable(at: place).filter { effective.mask[$0] != 0 }
    }
    #expect(left == PathSearch(network).weightsOnPaths)
    expectSameFunction(network, effective, tolerance: 1e-5)
  }

  enum TinyKind: CaseIterable {
    case perceptron, normalized, residual, projected, concatenated, convolutional

    func graph() throws -> Graph {
      let isFlat = self != .convolutional
      var builder = GraphBuilder(
        input: isFlat ? Shape(3) : Shape(2, 6, 6), layout: isFlat ? .flat : .spatial)
      switch self {
      case .perceptron:
        builder.add(.dense(units: 4, bias: true))
        builder.add(.relu)
        builder.add(.dense(units: 3, bias: true))
        builder.add(.tanh)
      case .normalized:
        builder.add(.dense(units: 4, bias: true))
        builder.add(.batchNorm)
        builder.add(.sigmoid)
        builder.add(.dense(units: 3, bias: true))
        builder.add(.batchNorm)
      case .residual:
        builder.add(.dense(units: 3, bias: true))
        builder.addBlock(name: "block") { builder, entry in
          builder.add(.dense(units: 2, bias: true), on: [entry])
          builder.add(.relu)
          builder.add(.dense(units: 3, bias: true))
        }
      case .projected:
        builder.addBlock(
          name: "block",
          branch: { builder, entry in
            builder.add(.dense(units: 2, bias: true), on: [entry])
            builder.add(.tanh)
            builder.add(.dense(units: 3, bias: true))
          },
          skip: { builder, entry in builder.add(.dense(units: 3, bias: true), on: [entry]) })
      case .concatenated:
        let entry = builder.add(.dense(units: 2, bias: true))
        let left = builder.add(.dense(units: 2, bias: true), on: [entry])
        let right = builder.add(.dense(units: 2, bias: true), on: [entry])
        builder.add(.concatenate, on: [left, entry, right])
      case .convolutional:
        builder.add(.convolution(.init(channels: 3, kernel: Extent(2))))
        builder.add(.relu)
        builder.add(.maxPool(.init(size: Extent(2))))
        builder.add(.convolution(.init(channels: 2, kernel: Extent(1))))
        builder.add(.averagePool(.init(size: Extent(2))))
        builder.add(.flatten)
      }
      builder.add(.dense(units: 2, bias: true), name: "last")
      return try builder.graph()
    }
  }

  /// A chain: a unit that no live weight reads, the one that only it reads, and their biases where
  /// budgets count those.
  @Test(arguments: [false, true])
  func deadUnitsLoseTheirBiasesWhereThoseCount(_ prunesBiases: Bool) throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [2, 2], outputs: 1, activation: .tanh), prunesBiases: prunesBiases)
    network.randomize(seed: 3)
    // The last layer does not read unit 1 of fc2, which alone reads unit 1 of fc1.
    network = try network.applying([
      .maskOff(layer: network.id("fc3"), positions: [1]),
      .maskOff(layer: network.id("fc2"), positions: [1]),
    ]).network
    let effective = network.withoutIneffectiveWeights()
    let masks = try ["fc1", "fc2", "fc3"].map { name in
      let slot = try #require(effective.layout[effective.place(name)])
      return effective.mask[slot.all].map { Int($0) }
    }
    let bias = prunesBiases ? 0 : 1
    #expect(masks == [[1, 1, 0, 0, 1, bias], [1, 0, 0, 0, 1, bias], [1, 0, 1]])
    #expect(effective.counts.weights == (prunesBiases ? 7 : 4))
  }

  /// The constant of a unit without inputs moves into the biases that can take it up, and stays for
  /// the one that is masked.
  @Test func constantsStayForMaskedBiases() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 1, widths: [2], outputs: 2, activation: .tanh), prunesBiases: true)
    network.randomize(seed: 5)
    network = try network.applying([
      .maskOff(layer: network.id("fc1"), positions: [1]),
      .maskOff(layer: network.id("fc2"), positions: [5]),
    ]).network
    let effective = network.withoutIneffectiveWeights()
    let slot = try #require(effective.layout[effective.place("fc2")])
    #expect(effective.mask[slot.all] == [1, 0, 1, 1, 1, 0])
    let constant = network.values[slot.weights.lowerBound + 1] * tanh(network.values[3])
    let bias = slot.biases.lowerBound
    #expect(abs(effective.values[bias] - network.values[bias] - constant) < 1e-6)
    expectSameFunction(network, effective)
  }

  /// Of those without effect as many stay, at 0, as a goal needs.
  @Test(arguments: Draw.all(seeds: 0..<10))
  func asManyAreLeftAsAreWanted(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("masks")
    network.maskAtRandom(&random)
    let (all, effective) = (network.counts.weights, network.effectiveCounts.weights)
    for least in [0, effective, (all + effective) / 2, all, all + 7] {
      let left = network.withoutIneffectiveWeights(leaving: least)
      #expect(left.counts.weights == min(all, max(least, effective)))
      #expect(left.effectiveCounts.weights == effective)
      #expect(zip(left.mask, network.mask).allSatisfy { $0 <= $1 })
      expectSameFunction(network, left)
    }
  }

  @Test func withoutAnyPathNothingIsLeft() throws {
    var network = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 2, widths: [3, 3], outputs: 1, activation: .relu))
    network.randomize(seed: 2)
    let all = [Int](0..<9)
    network = try network.applying([.maskOff(layer: network.id("fc2"), positions: all)]).network
    #expect(network.effectiveCounts.weights == 0)
    expectSameFunction(network, network.withoutIneffectiveWeights())
  }
}
