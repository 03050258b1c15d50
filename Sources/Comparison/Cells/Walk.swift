import Networks
import Numerics

/// A strategy on its way.
struct Walk {
  let strategy: any CellStrategy
  /// The trained dense network.
  let dense: Network
  /// What quantities that strategies read are computed over between training periods.
  let measured: Samples
  /// Far more than anybody would look at: a strategy may ask for an update point a step.
  private static let mostRounds = 20_000

  var network: Network
  var state: OptimizerState
  var cost = TrainingCost.none
  var curve = ErrorCurve()
  var scoreSeconds = 0.0
  var trainSeconds = 0.0
  var trainSamples = 0
  var points: [TrajectoryPoint] = []
  var structures: [Structure] = []
  private(set) var rounds: [RoundRecord] = []
  var reached: Network?
  /// Where the parameters of the network are in the dense one.
  private var ancestry: [Int32] = []

  init(_ strategy: any CellStrategy, from dense: Network, measured: Samples) {
    self.measured = measured
    self.strategy = strategy
    self.dense = dense
    network = dense
    state = OptimizerState(parameters: 0)
  }

  /// Goes to the beginning of a leg; what the strategy has learnt and what was measured stays.
  mutating func begin(_ leg: Leg) {
    network = leg.start
    state = OptimizerState(parameters: network.layout.count)
    cost = leg.pretrained
    curve = ErrorCurve(mean: leg.pretrainedError, shown: cost.samples)
    (scoreSeconds, trainSeconds, trainSamples) = (0, 0, 0)
    let isDense = network.graph == dense.graph
    ancestry = (0..<Int32(network.layout.count)).map { isDense ? $0 : -1 }
  }

  /// Takes what a strategy did to the network; that itself is not put in the place of the old one.
  ///
  /// - Parameters:
  ///   - step: Of an update point.
  ///   - samples: Shown in the period before it.
  ///   - loss: On the samples of the round after surgery, where it is known.
  mutating func take(
    _ outcome: RoundOutcome, _ stage: Leg.Stage, step: Int? = nil, samples: Int = 0,
    loss: Double? = nil
  ) {
    if rounds.count < Self.mostRounds {
      var record = RoundRecord(
        stage, step: step, samples: cost.samples + samples, before: network, outcome)
      record.lossAfter = loss
      rounds.append(record)
    }
    scoreSeconds += outcome.scoreSeconds
    cost.operations += outcome.operations
    ancestry = outcome.surgery.ancestry(after: ancestry)
  }

  /// Keeps a point and what was reached with it.
  mutating func add(_ point: TrajectoryPoint) {
    points.append(point)
    structures.append(Structure(network, ancestry: ancestry, ratio: point.ratioRequested))
    reached = network
  }
}
