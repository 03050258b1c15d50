import StrategyKit

/// Trains a sparse network from the start, and moves its connections to where the gradient is large.
struct MovingConnections: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "moving", name: "Moving", summary: "Moves connections to where the gradient is large.",
    reads: [.parameters, .mask, .gradient], emits: [.maskOff, .maskOn], course: .sparse)

  init(options: Options) {}

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try UpdatePoints(20, over: 0.75, of: period)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    for layer in network.layers {
      if round.step == nil {
        try thin(layer, round, network, plan)
      } else {
        try move(layer, network, plan)
      }
    }
  }

  /// Before training: leaves the budget, by chance.
  private func thin(_ layer: Layer, _ round: Round, _ network: NetworkView, _ plan: Plan) throws {
    let share = Double(round.weightsToRemove) / Double(max(1, round.now.weights))
    let keys = network.random(layer.prunableCount)
    let count = Int((share * Double(keys.count)).rounded(.up))
    try plan.maskOff(Array(keys.indices.sorted { keys[$0] < keys[$1] }.prefix(count)), of: layer)
  }

  /// At an update point: a tenth of the connections goes, and as many others come.
  private func move(_ layer: Layer, _ network: NetworkView, _ plan: Plan) throws {
    let values = try network.values(of: .parameters, for: layer)
    let gradients = try network.values(of: .gradient, for: layer)
    let mask = try network.values(of: .mask, for: layer)
    let live = (0..<layer.prunableCount).filter { mask[$0] != 0 }
    let masked = (0..<layer.prunableCount).filter { mask[$0] == 0 }
    let count = min(live.count / 10, masked.count)
    let going = live.sorted { abs(values[$0]) < abs(values[$1]) }.prefix(count)
    let coming = masked.sorted { abs(gradients[$0]) > abs(gradients[$1]) }.prefix(count)
    try plan.maskOff(Array(going), of: layer)
    try plan.maskOn(Array(coming), of: layer)
  }
}
