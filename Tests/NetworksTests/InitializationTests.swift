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

  @Test(arguments: [(Initialization.glorot, (6.0 / 700).squareRoot()), (.fanIn, 0.05)])
  func uniformRulesStayWithinTheirBounds(_ rule: Initialization, bound: Double) throws {
    let largest = try weights(rule, before: .relu).map(abs).max() ?? 0
    #expect(largest <= bound * (1 + 1e-6))
    #expect(largest > 0.99 * bound)
  }
}
