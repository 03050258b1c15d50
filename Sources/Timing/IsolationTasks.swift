import Comparison
import Foundation
import Networks
import Numerics
import PluginHost

/// What it costs that a strategy has a process of its own: the time with one over the time beside the judge,
/// for plugins of this repository.
enum IsolationTasks {
  static func all(_ material: Material) -> [BenchTask] {
    [
      training("isolation/end-step", Material.perceptron, rounds: 50, material) {
        try WrittenPlugin.withLibrary { try pair(WrittenPlugin.id, of: [$0]) }
      },
      training("isolation/begin-step", Material.residual, rounds: 5, material) {
        try pair("stochastic-depth")
      },
      cell(material),
    ]
  }

  /// A strategy in a process of its own, and the same beside the judge.
  private typealias Pair = (isolated: StrategyInstance, beside: StrategyInstance)

  private static func pair(_ id: String, of libraries: [String] = []) throws -> Pair {
    func instance(_ isolation: Isolation?) throws -> StrategyInstance {
      try StrategyInstance(
        entry(id, of: libraries, isolation), random: RandomStream(seed: 1, name: "strategy"))
    }
    return (try instance(Isolation()), try instance(nil))
  }

  /// A plugin beside the program, or of libraries that are named.
  private static func entry(
    _ id: String, of libraries: [String] = [], _ isolation: Isolation?
  ) throws -> StrategyEntry {
    try StrategyCatalogue(
      plugins: libraries.map { URL(filePath: $0) },
      executableDirectory: Bundle.main.executableURL?.deletingLastPathComponent(),
      isolation: isolation
    ).entry(named: id)
  }

  /// The time of a step of training in which the strategy acts.
  private static func training(
    _ name: String, _ subject: Material.Subject, rounds: Int, _ material: Material,
    _ pair: @escaping () throws -> Pair
  ) -> BenchTask {
    BenchTask(
      name: "\(name)/\(subject.label)", unit: .ratio,
      data: {
        _ = try material.samples(subject)
        _ = try material.network(subject, density: 1)
      }
    ) {
      let network = try material.network(subject, density: 1)
      let (isolated, beside) = try pair()
      guard isolated.actsInTraining, beside.actsInTraining else {
        throw BenchError("the strategy of '\(name)' does nothing in training")
      }
      return {
        try AlternatingSteps(network, subject, rounds: rounds, material).ratio(
          StepClock(around: isolated.hooks(for: network)),
          StepClock(around: beside.hooks(for: network)))
      }
    }
  }

  /// The time of all that a strategy which scores does in a cell, from its creation on, and of the
  /// training behind it, which is that of one epoch: a cell has many.
  private static func cell(_ material: Material) -> BenchTask {
    let subject = Material.perceptron
    return BenchTask(
      name: "isolation/score/\(subject.label)", unit: .ratio,
      data: {
        _ = try material.samples(subject)
        _ = try material.network(subject, density: 1)
      }
    ) {
      let network = try material.network(subject, density: 1)
      let samples = try material.samples(subject)
      let benchmark = try material.benchmark(subject)
      var recipe = benchmark.recipes(quick: false).dense
      let epochs = recipe.epochs
      recipe.epochs = 1
      let (isolated, beside) = (
        try entry("magnitude-c", Isolation()), try entry("magnitude-c", nil)
      )
      func deciding(_ entry: StrategyEntry) throws -> Double {
        let start = Clock.seconds()
        let instance = try StrategyInstance(entry, random: RandomStream(seed: 1, name: "strategy"))
        _ = try instance.plan(
          Round(index: 0, total: 1, weightsGoal: network.counts.weights / 16), network: network,
          measurements: Measurements(
            network: network, samples: material.samples(subject, first: 512),
            loss: benchmark.loss))
        return Clock.seconds() - start
      }
      return {
        let (with, without) = (try deciding(isolated), try deciding(beside))
        var (trained, state) = (network, OptimizerState(parameters: network.layout.count))
        var random = RandomStream(seed: 1, name: "batches")
        let epoch = try Trainer(loss: benchmark.loss).train(
          &trained, state: &state, on: samples, recipe: recipe, random: &random
        ).seconds
        return (epoch * epochs + with) / (epoch * epochs + without)
      }
    }
  }
}
