import Comparison
import Datasets
import Foundation
import Networks
import Numerics

/// The networks and samples that rows share, made when a row first asks.
final class Material {
  /// A network that rows are of.
  struct Subject {
    let label: String
    let benchmark: String
    /// Passes over its samples that the network has been trained for: behind rectifiers a trained one's
    /// gradients have fewer values that are not 0, which are all that a dense layer's products meet. As
    /// many as take a few seconds.
    let passes: Double
  }

  static let perceptron = Subject(label: "lenet-300-100", benchmark: "mnist-300-100", passes: 1)
  static let leNet5 = Subject(label: "lenet-5", benchmark: "mnist-lenet5", passes: 0.2)
  static let residual = Subject(label: "residual-14", benchmark: "mnist-resnet", passes: 0)
  static let subjects = [perceptron, leNet5, residual]

  /// Shares of the weights that are masked, and what rows call them.
  static let sparsities: [(label: String, density: Double)] = [
    ("92%", 0.08), ("98%", 0.02), ("99.5%", 0.005),
  ]

  private let datasets: () throws -> URL
  private var splits: Splits?
  private var firsts: [Int: Samples] = [:]
  private var networks: [String: Network] = [:]

  init(datasets: @escaping () throws -> URL) { self.datasets = datasets }

  func benchmark(_ subject: Subject) throws -> Benchmark {
    guard let found = Benchmark.catalogue.first(where: { $0.name == subject.benchmark }) else {
      throw BenchError("there is no benchmark '\(subject.benchmark)'")
    }
    return found
  }

  /// MNIST in the shape that the subject takes.
  func samples(_ subject: Subject) throws -> Samples {
    let benchmark = try benchmark(subject)
    if splits == nil { splits = try benchmark.splits(seed: 0, datasets) }
    guard let splits else { throw BenchError("there are no samples") }
    return splits.training
  }

  /// The first samples of the subject.
  func samples(_ subject: Subject, first count: Int) throws -> Samples {
    if let found = firsts[count] { return found }
    let samples = try samples(subject).selecting(Array(0..<count))
    firsts[count] = samples
    return samples
  }

  /// The trained network, a share `density` of every layer's weights live, at random.
  func network(_ subject: Subject, density: Double) throws -> Network {
    let name = "\(subject.label) \(density)"
    if let found = networks[name] { return found }
    var network: Network
    if density < 1 {
      var random = RandomStream(seed: 1, name: "masks")
      network = try self.network(subject, density: 1).thinned(to: density, &random)
    } else {
      let benchmark = try benchmark(subject)
      network = try benchmark.network().initialized(seed: 1, by: benchmark.initialization)
      var recipe = benchmark.recipes(quick: false).dense
      recipe.epochs = subject.passes
      if recipe.epochs > 0 {
        var state = OptimizerState(parameters: network.layout.count)
        var random = RandomStream(seed: 1, name: "batches")
        _ = try Trainer(loss: benchmark.loss).train(
          &network, state: &state, on: samples(subject), recipe: recipe, random: &random)
      }
    }
    networks[name] = network
    return network
  }
}

extension Network {
  /// Multiply-adds of one sample with live weights: in the forward pass and, beyond that, in the
  /// gradient of the weights and of all inputs but the network's own.
  var multiplyAdds: (forward: Double, training: Double) {
    var forward = 0.0
    var training = 0.0
    for (number, place) in graph.weightedLayers.enumerated() {
      guard let slot = layout[place] else { continue }
      let live = slot.weights.count { mask[$0] != 0 }
      let products = Double(live * graph.shapes[place].plane)
      forward += products
      training += products * (number == 0 ? 2 : 3)
    }
    return (forward, training)
  }
}
