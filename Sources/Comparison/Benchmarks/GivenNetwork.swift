import Datasets
package import Foundation
package import Networks
import Numerics

/// A network that was trained elsewhere: what all strategies of a benchmark start from, where one is given, in
/// place of a network that is trained here.
package struct GivenNetwork: Codable, Hashable, Sendable {
  /// Where its file lies.
  package var path: String
  /// Of the file's bytes.
  package let sha256: String

  private static let longest = 1 << 30

  /// The network in the file.
  ///
  /// - Parameters:
  ///   - structure: The network that tensors are read into whose file does not say its own.
  ///   - prunesBiases: Whether budgets count biases.
  /// - Throws: ``PlanError`` where it is not the file that was given, or no network that can be run.
  func network(structure: Graph, prunesBiases: Bool) throws(PlanError) -> Network {
    let data = try Self.read(URL(filePath: path))
    guard sha256Hex(of: data) == sha256 else {
      throw PlanError("\(path) was changed since it was given to the benchmark")
    }
    return try Self.decode(data, path, structure: structure, prunesBiases: prunesBiases)
  }

  /// A file and the network in it.
  static func open(
    _ url: URL, structure: Graph, prunesBiases: Bool
  ) throws(PlanError) -> (given: GivenNetwork, network: Network) {
    let data = try read(url)
    let network = try decode(data, url.path, structure: structure, prunesBiases: prunesBiases)
    return (GivenNetwork(path: url.path, sha256: sha256Hex(of: data)), network)
  }

  private static func read(_ url: URL) throws(PlanError) -> Data {
    do {
      return try PlainFile.read(url, atMost: longest)
    } catch { throw PlanError("\(error)") }
  }

  private static func decode(
    _ data: Data, _ file: String, structure: Graph, prunesBiases: Bool
  ) throws(PlanError) -> Network {
    do {
      return try NetworkFile.decode(
        data, file: file, structure: structure, prunesBiases: prunesBiases
      ).network
    } catch { throw PlanError("\(error)") }
  }
}

extension Benchmark {
  /// The same task with a network from a file, which stands in the place of the dense network of every cell.
  ///
  /// - Throws: ``PlanError`` that names the file, where it holds no network or one that does not suit the task.
  package func starting(from url: URL) throws(PlanError) -> Benchmark {
    guard given == nil else { throw PlanError("'\(name)' starts from a given network already") }
    let own: Graph
    do {
      own = try Graph(text: structure, file: name)
    } catch { throw PlanError("\(error)") }
    let (given, network) = try GivenNetwork.open(url, structure: own, prunesBiases: prunesBiases)
    let graph = network.graph
    guard graph.inputShape.count == own.inputShape.count,
      graph.inputShape.plane == 1 || own.inputShape.plane == 1 || graph.inputShape == own.inputShape
    else {
      throw PlanError(
        "\(url.path) reads inputs of \(graph.inputShape), and those of '\(name)' are \(own.inputShape)"
      )
    }
    guard graph.outputs == own.outputs else {
      throw PlanError(
        "\(url.path) has \(graph.outputs) outputs, and '\(name)' needs \(own.outputs)")
    }
    let weights = network.counts.weights
    let isOwn =
      graph.weightedLayers.count == own.weightedLayers.count
      && Network(graph: own, prunesBiases: prunesBiases).counts.weights == weights
    return Benchmark(
      name: "\(name.prefix(55)):\(given.sha256.prefix(8))",
      summary: "\(summary), from \(url.lastPathComponent) of SHA-256 \(given.sha256.prefix(16))…: "
        + "\(weights) weights",
      version: version, metric: metric, loss: loss, prunesBiases: prunesBiases,
      initialization: initialization, recipes: recipes, quickRecipes: quickRecipes, ratios: ratios,
      rounds: rounds, seeds: seeds, measurementSamples: measurementSamples,
      planted: isOwn ? planted : nil, validatesOnTraining: validatesOnTraining,
      published: isOwn ? published : nil, data: data, structure: graph.text, given: given)
  }

  /// The network from the file.
  ///
  /// - Throws: ``PlanError``.
  func network(from given: GivenNetwork) throws(PlanError) -> Network {
    do {
      let graph = try Graph(text: structure, file: name)
      let network = try given.network(structure: graph, prunesBiases: prunesBiases)
      // Nodes are numbered as those of the untrained network.
      return try network.with(graph: graph)
    } catch { throw (error as? PlanError) ?? PlanError("\(given.path): \(error)") }
  }

  /// What a given network is worth before anything is done to it; nil without one.
  ///
  /// - Parameter directory: Finds the data folder.
  package func valueOfGiven(
    _ directory: () throws -> URL
  ) throws -> (counts: Counts, evaluation: Evaluation, samples: Int)? {
    guard let given else { return nil }
    let network = try network(from: given)
    let test = try splits(seed: 0, directory).test
    return (network.counts, network.evaluate(on: test, loss: loss, metric: metric), test.count)
  }
}
