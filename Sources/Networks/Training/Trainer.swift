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
  /// - Parameters:
  ///   - state: the optimiser's memory; it goes on from what it holds.
  ///   - random: what ``begin(_:state:on:recipe:random:)`` draws from.
  ///   - hooks: called around every step.
  ///   - progress: called about a hundred times with the share that is done.
  /// - Throws: ``TrainingError``, or what the hooks throw. The network is then not to be used.
  @discardableResult
  package func train(
    _ network: inout Network, state: inout OptimizerState, on samples: Samples,
    recipe: TrainingRecipe, random: inout RandomStream, hooks: (any TrainingHooks)? = nil,
    progress: ((Double) -> Void)? = nil
  ) throws -> TrainingReport {
    let period = try begin(
      network, state: state, on: samples, recipe: recipe, random: &random)
    try period.advance(to: period.total, hooks: hooks, progress: progress)
    network = period.network
    state = period.state
    return period.report
  }

  /// Begins a period of `recipe` and takes no step yet.
  ///
  /// Each pass shows the samples in a fresh order from `random`, and the batches depend on the stream
  /// alone. All are drawn here, and behind them one number that random choices of the steps follow
  /// from, where a network or the recipe makes any.
  ///
  /// - Parameter state: the optimiser's memory; it goes on from what it holds.
  /// - Throws: ``TrainingError`` when the samples do not fit the network or the loss.
  package func begin(
    _ network: Network, state: OptimizerState, on samples: Samples, recipe: TrainingRecipe,
    random: inout RandomStream
  ) throws(TrainingError) -> TrainingPeriod {
    try TrainingPeriod(
      network, state: state, on: samples, recipe: recipe, loss: loss, random: &random, team: team)
  }
}
