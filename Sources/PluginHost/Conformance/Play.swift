import Networks
import Numerics

/// Two rounds of a strategy on a small network with training behind each, as a cell has them.
struct Play {
  let subject: Subject
  let instance: StrategyInstance
  /// Looks at the network that a round and its training leave, with the weights before it and the goal.
  var inspect: (_ weights: Int, _ before: Int, _ goal: Int) throws -> Void = { _, _, _ in }

  /// All that a strategy decided, to the bit.
  struct Decisions: Equatable {
    var edits: [[Edit]] = []
    var values: [UInt32] = []
    var mask: [Float] = []
    var predictions: [Double?] = []
  }

  private static let rounds = 2
  private static let steps = 40.0

  init(_ subject: Subject, _ instance: StrategyInstance) {
    self.subject = subject
    self.instance = instance
  }

  /// - Throws: ``StrategyFailure``, `TrainingError`, ``Shortcoming``.
  func run(on small: SmallNetwork) throws -> Decisions {
    var decisions = Decisions()
    var network = small.network
    for round in 0..<Self.rounds {
      let goal = subject.goal(of: small.network.counts.weights, round: round)
      subject.witness.doing(
        "asked for round \(round + 1) of \(Self.rounds) on \(small.words), from "
          + "\(network.counts.weights) weights to \(goal)")
      let before = network.counts.weights
      network = try change(
        network, Round(index: round, total: Self.rounds, weightsGoal: goal), small.samples,
        &decisions
      ).network
      network = try train(network, round, goal, small, &decisions)
      try inspect(network.counts.weights, before, goal)
    }
    decisions.values = network.values.map(\.bitPattern)
    decisions.mask = network.mask
    return decisions
  }

  private func change(
    _ network: Network, _ round: Round, _ samples: Samples, _ decisions: inout Decisions
  ) throws -> Surgery {
    let plan = try instance.plan(
      round, network: network,
      measurements: Measurements(network: network, samples: samples, loss: .crossEntropy),
      momentum: { [Float](repeating: 0.01, count: network.layout.count) })
    decisions.edits.append(plan.edits)
    decisions.predictions.append(plan.prediction)
    return plan.surgery
  }

  /// Trains, with the strategy's part in it.
  private func train(
    _ start: Network, _ round: Int, _ goal: Int, _ small: SmallNetwork,
    _ decisions: inout Decisions
  ) throws -> Network {
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.01, schedule: .constant,
      batchSize: 8, epochs: Self.steps * 8 / Double(small.samples.count), decay: 0,
      longestGradient: 1)
    var random = RandomStream(seed: 1, name: "batches of a test")
    let period = try Trainer(loss: .crossEntropy).begin(
      start, state: OptimizerState(parameters: start.layout.count), on: small.samples,
      recipe: recipe, random: &random)
    let what = "training period \(round + 1) of \(Self.rounds) on \(small.words)"
    subject.witness.doing("began \(what)")
    let points = try instance.updatePoints(
      of: PeriodOutline(
        index: round, total: Self.rounds, steps: period.total, stepsPerEpoch: 3,
        weightsGoal: goal), in: start)
    var hooks = instance.hooks(for: start)
    while period.step < period.total {
      let next = points?.next(after: period.step) ?? period.total
      subject.witness.doing("took steps \(period.step + 1) to \(next) of \(what)")
      try period.advance(to: next, hooks: hooks)
      guard period.step < period.total else { break }
      subject.witness.doing("asked for the update before step \(period.step + 1) of \(what)")
      let before = period.network
      let round = Round(
        index: round, total: Self.rounds, weightsGoal: goal, step: period.nextStep)
      let surgery = try change(before, round, small.samples, &decisions)
      try period.update(surgery)
      if surgery.network.graph != before.graph { hooks = instance.hooks(for: surgery.network) }
    }
    return period.network
  }
}
