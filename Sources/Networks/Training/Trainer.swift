import Foundation
package import Numerics

/// What a training period took and gave.
package struct TrainingReport: Sendable, Equatable {
  package var seconds: Double
  /// Samples shown.
  package var samples: Int
  /// Mean loss over the last tenth of the steps.
  package var loss: Double
}

/// Trains networks for one loss.
package struct Trainer: Sendable {
  package let loss: Loss
  /// Who shares the work of a step.
  private let team: Team

  package init(loss: Loss, team: Team = .shared) {
    self.loss = loss
    self.team = team
  }

  /// Trains `network` for one period of `recipe`.
  ///
  /// Each pass shows the samples in a fresh order from `random` and nothing else draws from it, so
  /// the batches depend on the stream alone.
  ///
  /// - Parameters:
  ///   - state: the optimiser's memory; it goes on from what it holds.
  ///   - hooks: called around every step.
  ///   - progress: called about a hundred times with the share that is done.
  /// - Throws: ``TrainingError``, or what the hooks throw. The network is then not to be used.
  @discardableResult
  package func train(
    _ network: inout Network, state: inout OptimizerState, on samples: Samples,
    recipe: TrainingRecipe, random: inout RandomStream, hooks: (any TrainingHooks)? = nil,
    progress: ((Double) -> Void)? = nil
  ) throws -> TrainingReport {
    try check(samples, against: network)
    let batches = batches(of: samples.count, recipe: recipe, random: &random)
    let executor = Executor(
      network: network, capacity: min(recipe.batchSize, samples.count), for: .training, team: team)
    let optimizer = Optimizer(recipe, state, packing: executor.packing, team: team)
    let gradient = FloatBuffer(count: executor.packing.count)
    var gates = [Float](repeating: 1, count: network.graph.residualSums.count)
    var lastLoss = 0.0
    var tail = RunningMean()
    let start = ContinuousClock.now
    for (index, rows) in batches.enumerated() {
      let share = Double(index) / Double(batches.count)
      let step = TrainingStep(
        index: index, total: batches.count,
        learningRate: recipe.learningRate * recipe.schedule.factor(at: share), loss: lastLoss)
      if let hooks {
        for block in gates.indices { gates[block] = 1 }
        try hooks.beginStep(step, gates: &gates)
      }

      executor.load(samples, rows: rows)
      executor.forward(mode: .training(gates: gates))
      executor.updateStatistics()
      lastLoss = executor.loss(loss, gradient: true)
      guard lastLoss.isFinite else {
        throw TrainingError.diverged(
          step: index, of: batches.count,
          reason: lastLoss.isNaN ? "the loss is not a number any more" : "the loss is infinite")
      }
      executor.backward(into: gradient.pointer)
      optimizer.update(
        executor.parameters.pointer, by: gradient.pointer, rate: Float(step.learningRate))
      if let hooks, hooks.actsAfterSteps {
        executor.release(into: &network)
        try hooks.endStep(step, network: &network)
        network.zeroMasked()
        executor.adopt(network)
      }
      if share >= 0.9 { tail.add(lastLoss) }
      if let progress, index % max(1, batches.count / 100) == 0 { progress(share) }
    }
    executor.release(into: &network)
    optimizer.release(into: &state)
    guard network.values.allSatisfy(\.isFinite) else {
      throw TrainingError.diverged(
        step: batches.count, of: batches.count, reason: "a parameter is not a finite number")
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    return TrainingReport(
      seconds: seconds, samples: batches.reduce(0) { $0 + $1.count }, loss: tail.mean)
  }

  private func check(_ samples: Samples, against network: Network) throws(TrainingError) {
    guard samples.count > 0 else { throw .mismatch("there are no training samples") }
    guard samples.features == network.graph.inputShape.count,
      samples.outputs == network.graph.outputs
    else {
      throw .mismatch(
        "samples of \(samples.features) features and \(samples.outputs) outputs do not fit a "
          + "network of \(network.graph.inputShape.count) and \(network.graph.outputs)")
    }
    switch (loss, samples.targets) {
    case (.crossEntropy, .labels), (.squaredError, .values): return
    default: throw .mismatch("the loss \(loss.rawValue) does not fit the samples' targets")
    }
  }

  /// The rows of every mini-batch of the period.
  private func batches(
    of count: Int, recipe: TrainingRecipe, random: inout RandomStream
  ) -> [ArraySlice<Int32>] {
    var left = recipe.sampleBudget(of: count)
    var batches: [ArraySlice<Int32>] = []
    while left > 0 {
      let order = random.permutation(count).prefix(left)
      for start in stride(from: 0, to: order.count, by: recipe.batchSize) {
        batches.append(order[start..<min(start + recipe.batchSize, order.count)])
      }
      left -= order.count
    }
    return batches
  }
}

private struct RunningMean {
  private var sum = 0.0
  private var count = 0.0

  mutating func add(_ value: Double) {
    sum += value
    count += 1
  }

  var mean: Double { count > 0 ? sum / count : 0 }
}

extension Network {
  /// Puts every masked parameter back to exactly 0.
  package mutating func zeroMasked() {
    for index in values.indices where mask[index] == 0 { values[index] = 0 }
  }
}
