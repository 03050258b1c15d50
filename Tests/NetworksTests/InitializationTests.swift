import Foundation
import Networks
import Testing

/// Fresh weights have the spread of the rule they are drawn by.
struct InitializationTests {
  private static let fanIn = 400
  private static let fanOut = 300

  private func weights(
    _ rule: Initialization, before activation: Networks.Operation
  ) throws -> [Double] {
    var builder = GraphBuilder(input: Shape(Self.fanIn), layout: .flat)
    builder.add(.dense(units: Self.fanOut, bias: true), name: "fc1")
    builder.add(activation)
    builder.add(.dense(units: 1, bias: true), name: "fc2")
    let network = Network(graph: try builder.graph()).initialized(seed: 3, by: rule)
    let slot = network.layout.slots[0]
    #expect(slot.biases.allSatisfy { network.values[$0] == 0 })
    return slot.weights.map { Double(network.values[$0]) }
  }

  private static let variances: [(Initialization, Networks.Operation, Double)] = [
    (.he, .relu, 2.0 / 400), (.he, .tanh, 2.0 / 700), (.glorot, .relu, 2.0 / 700),
    (.fanIn, .relu, 1.0 / 1200), (.fanIn, .tanh, 1.0 / 1200),
  ]

  @Test(arguments: variances)
  func variance(of rule: Initialization, before activation: Networks.Operation, right: Double)
    throws
  {
    let weights = try weights(rule, before: activation)
    #expect(weights.count == 120_000)
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    // The estimate's own deviation is 0.4 % of a normal variance, less of a uniform one.
    #expect(abs(variance / right - 1) < 0.02)
  }

  @Test("Weights of a masked unit have the spread of the fan-in that is left")
  func liveFanIn() throws {
    var builder = GraphBuilder(input: Shape(Self.fanIn), layout: .flat)
    builder.add(.dense(units: Self.fanOut, bias: true), name: "fc1")
    var network = Network(graph: try builder.graph()).initialized(seed: 3, by: .he)
    let slot = network.layout.slots[0]
    // Every second unit keeps a tenth of its weights; the first keeps none.
    for unit in stride(from: 0, to: Self.fanOut, by: 2) {
      for input in 0..<Self.fanIn where unit == 0 || input % 10 != 0 {
        network.mask[slot.weights.lowerBound + unit * Self.fanIn + input] = 0
        network.values[slot.weights.lowerBound + unit * Self.fanIn + input] = 0
      }
    }
    let scaled = network.scaledToLiveFanIn()
    for (parity, fanIn) in [(0, 40.0), (1, 400.0)] {
      let live = slot.weights.filter {
        ($0 - slot.weights.lowerBound) / Self.fanIn % 2 == parity && network.mask[$0] != 0
      }.map { Double(scaled.values[$0]) }
      let variance = live.reduce(0) { $0 + $1 * $1 } / Double(live.count)
      #expect(abs(variance / (2 / fanIn) - 1) < 0.1)
    }
    #expect(scaled.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(Initialization.glorot, (6.0 / 700).squareRoot()), (.fanIn, 0.05)])
  func uniformRulesStayWithinTheirBounds(_ rule: Initialization, bound: Double) throws {
    let largest = try weights(rule, before: .relu).map(abs).max() ?? 0
    #expect(largest <= bound * (1 + 1e-6))
    #expect(largest > 0.99 * bound)
  }
}
