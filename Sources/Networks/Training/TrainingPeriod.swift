import Numerics

/// A training period under way, that stops and goes on at any step.
///
/// It computes the same bits however often it stops. Where it stops, its network may be changed: that
/// is an update point, as dynamic sparse training has them every so many steps. The batches stay as
/// they were drawn and the learning rate goes on by its schedule, whatever was changed.
package final class TrainingPeriod {
  /// Steps done; the next one has this index.
  package private(set) var step = 0
  private let loss: Loss
  private let samples: Samples
  private let recipe: TrainingRecipe
  private let team: Team
  private let batches: [ArraySlice<Int32>]
  private var parameters: TrainedParameters
  private var optimizer: Optimizer
  private var memory: OptimizerState
  private let hasSecond: Bool
  private var gradient: FloatBuffer
  private var gates: [Float]
  /// What the random choices within networks follow from.
  private let noise: UInt64
  private let augmented: AugmentedImages?
  private var lastLoss = 0.0
  private var tail = RunningMean()
  private var seconds = 0.0

  init(
    _ network: Network, state: OptimizerState, on samples: Samples, recipe: TrainingRecipe,
    loss: Loss, random: inout RandomStream, team: Team
  ) throws(TrainingError) {
    try samples.check(against: network, loss)
    self.loss = loss
    self.samples = samples
    self.recipe = recipe
    self.team = team
    memory = state
    batches = samples.batches(of: recipe, &random)
    noise = network.graph.isNoisy || recipe.augmentation != nil ? random.next() : 0
    augmented = try recipe.augmentation.map { augmentation throws(TrainingError) in
      try AugmentedImages(
        augmentation, of: samples, capacity: min(recipe.batchSize, samples.count))
    }
    let executor = Self.executor(for: network, samples, recipe, team)
    parameters = TrainedParameters(network, in: executor)
    hasSecond = recipe.optimizer.hasSecond || state.hasSecond
    optimizer = Optimizer(
      recipe, state, hasSecond: hasSecond, packing: executor.packing, team: team)
    gradient = FloatBuffer(count: executor.packing.count)
    gates = [Float](repeating: 1, count: network.graph.residualSums.count)
  }

  private static func executor(
    for network: Network, _ samples: Samples, _ recipe: TrainingRecipe, _ team: Team
  ) -> Executor {
    Executor(
      network: network, capacity: min(recipe.batchSize, samples.count), for: .training, team: team)
  }

  // MARK: - What there is

  /// Steps in all.
  package var total: Int { batches.count }

  /// The samples of the mini-batch that comes next; none at the end.
  package var upcoming: [Int] { step < total ? batches[step].map { Int($0) } : [] }

  /// The samples of the mini-batches before that, the last one first.
  package func past(_ count: Int) -> [[Int]] {
    batches[max(0, step - count)..<step].reversed().map { $0.map { Int($0) } }
  }

  /// What hooks are told of the step that comes next.
  package var nextStep: TrainingStep {
    TrainingStep(
      index: step, total: total,
      learningRate: recipe.learningRate
        * recipe.schedule.factor(at: Double(step) / Double(max(1, total))), loss: lastLoss)
  }

  /// The network after the steps done.
  package var network: Network { parameters.network }

  /// The optimiser's memory after the steps done.
  package var state: OptimizerState {
    optimizer.release(into: &memory)
    return memory
  }

  /// Of the steps done.
  package var report: TrainingReport {
    TrainingReport(
      seconds: seconds, samples: batches.prefix(step).reduce(0) { $0 + $1.count }, loss: tail.mean)
  }

  // MARK: - Going on

  /// Takes steps until `end` are done, or all.
  ///
  /// - Parameters:
  ///   - end: a number of steps since the period began.
  ///   - hooks: called around every step.
  ///   - progress: called about a hundred times in the period with the share of it that is done.
  /// - Throws: ``TrainingError``, or what the hooks throw. The period is then over.
  package func advance(
    to end: Int, hooks: (any TrainingHooks)? = nil, progress: ((Double) -> Void)? = nil
  ) throws {
    guard step < min(end, total) else { return }
    let start = ContinuousClock.now
    while step < min(end, total) {
      let share = Double(step) / Double(total)
      try takeStep(share, hooks)
      if let progress, step % max(1, total / 100) == 0 { progress(share) }
      step += 1
    }
    guard parameters.executor.hasFiniteParameters else {
      throw TrainingError.diverged(
        step: step, of: total, reason: "a parameter is not a finite number")
    }
    seconds += start.duration(to: .now) / .seconds(1)
  }

  private func takeStep(_ share: Double, _ hooks: (any TrainingHooks)?) throws {
    let executor = parameters.executor
    let step = nextStep
    if let hooks {
      for block in gates.indices { gates[block] = 1 }
      try hooks.beginStep(step, gates: &gates)
    }

    let rows = batches[step.index]
    executor.noise = noise &+ UInt64(step.index) &* 0xd1b5_4a32_d192_ed03
    executor.load(
      samples, rows: rows, changed: augmented?.images(at: rows, key: executor.noise))
    executor.forward(mode: .training(gates: gates))
    executor.updateStatistics()
    lastLoss = executor.loss(loss, gradient: true)
    guard lastLoss.isFinite else {
      throw TrainingError.diverged(
        step: step.index, of: total,
        reason: lastLoss.isNaN ? "the loss is not a number any more" : "the loss is infinite")
    }
    executor.backward(into: gradient.pointer)
    optimizer.update(
      executor.parameters.pointer, by: gradient.pointer, rate: Float(step.learningRate))
    executor.boundLatentWeights()
    parameters.wereTrained()
    if let hooks, hooks.actsAfterSteps { try hooks.endStep(step, parameters: parameters) }
    if share >= 0.9 { tail.add(lastLoss) }
  }

  // MARK: - Update points

  /// Goes on with what surgery made of ``network``.
  ///
  /// The optimiser's memory follows; what is fresh, was masked or was frozen begins anew, once it is
  /// trained. Where the graph is the same, activations and gradients stay where they are in memory.
  ///
  /// - Throws: ``TrainingError`` when the samples do not fit the new network; nothing is changed then.
  package func update(_ surgery: Surgery) throws(TrainingError) {
    let network = surgery.network
    try samples.check(against: network, loss)
    let before = parameters.network
    optimizer.release(into: &memory)
    memory.move(surgery.origin)
    if network.graph == parameters.graph {
      parameters.change(to: network)
    } else {
      parameters = TrainedParameters(
        network, in: Self.executor(for: network, samples, recipe, team))
      gates = [Float](repeating: 1, count: network.graph.residualSums.count)
    }
    let packing = parameters.executor.packing
    memory.begin(surgery.places(among: packing.trainedPlaces, notTrainedIn: before))
    optimizer = Optimizer(recipe, memory, hasSecond: hasSecond, packing: packing, team: team)
    if gradient.count != packing.count { gradient = FloatBuffer(count: packing.count) }
  }
}

extension Surgery {
  /// Those of `places` whose parameters were masked, frozen or not there before.
  fileprivate func places(among places: [Int32], notTrainedIn before: Network) -> [Int] {
    let frozen = before.frozen.isEmpty ? nil : before.frozen
    var fresh: [Int] = []
    origin.withUnsafeBufferPointer { origin in
      before.mask.withUnsafeBufferPointer { mask in
        for place in places {
          let old = Int(origin[Int(place)])
          let wasTrained = old >= 0 && mask[old] != 0 && !(frozen?[old] ?? false)
          if !wasTrained { fresh.append(Int(place)) }
        }
      }
    }
    return fresh
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
