import Foundation
import Networks
import Numerics
import PluginHost
import Synchronization
import Testing

/// Small networks and what is measured on them.
enum Fixtures {
  static func perceptron(
    _ seed: UInt64 = 1, inputs: Int = 6, widths: [Int] = [8, 5], prunesBiases: Bool = false
  ) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: inputs, widths: widths, outputs: 3, activation: .relu)
    return Network(graph: graph, prunesBiases: prunesBiases).initialized(seed: seed)
  }

  /// Three stages of `blocks` residual blocks on 8×8 images.
  static func residual(_ seed: UInt64 = 1, blocks: Int = 1) throws -> Network {
    let graph = try Models.residualNetwork(
      blocksPerStage: blocks, input: Shape(1, 8, 8), classes: 3)
    return Network(graph: graph).initialized(seed: seed)
  }

  static func samples(for network: Network, count: Int = 12) throws -> Samples {
    var random = RandomStream(seed: 7, name: "samples")
    let shape = network.graph.inputShape
    let inputs = (0..<count * shape.count).map { _ in Float(random.normal()) }
    return try Samples(
      shape: [shape.channels, shape.height, shape.width], inputs: inputs,
      targets: .labels(
        (0..<count).map { Int32($0 % network.graph.outputs) }, classes: network.graph.outputs))
  }

  static func measurements(_ network: Network) throws -> Measurements {
    Measurements(network: network, samples: try samples(for: network), loss: .crossEntropy)
  }

  static func plan(
    _ entry: StrategyEntry, _ network: Network, goal: Int, parameters: [String: String] = [:],
    memoryLimit: Int? = nil, log: Lines = Lines()
  ) throws -> AppliedPlan {
    let instance = try StrategyInstance(
      entry, parameters: parameters, random: RandomStream(seed: 3, name: "strategy"),
      memoryLimit: memoryLimit, log: { log.append($0) })
    return try instance.plan(
      Round(index: 0, total: 1, weightsGoal: goal), network: network,
      measurements: measurements(network))
  }
}

/// Lines that may come from any thread.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func append(_ line: String) { lines.withLock { $0.append(line) } }
}

/// What a call throws, as text.
func message(of body: () throws -> Void) -> String {
  do {
    try body()
    return "(no error)"
  } catch {
    return "\(error)"
  }
}
