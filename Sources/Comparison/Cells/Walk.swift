import Networks
import Numerics

/// A strategy on its way.
struct Walk {
  let strategy: any CellStrategy
  /// The trained dense network.
  let dense: Network
  /// What quantities that strategies read are computed over between training periods.
  let measured: Samples
  var network: Network
  var state: OptimizerState
  var cost = TrainingCost.none
  var scoreSeconds = 0.0
  var trainSeconds = 0.0
  var trainSamples = 0
  var points: [TrajectoryPoint] = []
  var reached: Network?

  init(_ strategy: any CellStrategy, from dense: Network, measured: Samples) {
    self.measured = measured
    self.strategy = strategy
    self.dense = dense
    network = dense
    state = OptimizerState(parameters: 0)
  }

  /// Goes to the beginning of a leg; what the strategy has learnt and what was measured stays.
  mutating func begin(_ leg: Leg, pretrained: TrainingCost) {
    network = leg.start
    state = OptimizerState(parameters: network.layout.count)
    cost = pretrained
    (scoreSeconds, trainSeconds, trainSamples) = (0, 0, 0)
  }

  mutating func take(_ outcome: PruningOutcome) {
    scoreSeconds += outcome.scoreSeconds
    cost.operations += outcome.operations
  }
}
