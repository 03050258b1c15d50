/// How large a network is, or would be.
public struct Counts: Sendable {
  /// Live prunable parameters: what a budget counts.
  public let weights: Int
  /// All live parameters, biases and normalisation too.
  public let parameters: Int
  /// Operations of one forward pass, a multiply-add as 2.
  public let operations: Int

  init(_ counts: wb_counts) {
    weights = Int(counts.weights)
    parameters = Int(counts.parameters)
    operations = Int(counts.operations)
  }
}

/// One round of pruning and what it is to reach.
public struct Round: Sendable {
  /// Its place, from 0.
  public let index: Int
  /// How many rounds there are.
  public let total: Int
  /// The network as it is.
  public let now: Counts
  /// Live prunable parameters to leave.
  public let weightsGoal: Int
  /// The mean training loss on the samples that the signals are computed over.
  public let loss: Double
  /// At an update point the step that comes next; nil between training periods.
  public let step: Step?

  /// How many weights have to go; 0 when the goal is already met.
  public var weightsToRemove: Int { max(0, now.weights - weightsGoal) }

  init(_ round: UnsafePointer<wb_round>) {
    index = Int(round.pointee.index)
    total = Int(round.pointee.total)
    now = Counts(round.pointee.now.pointee)
    weightsGoal = Int(clamping: round.pointee.weights_goal)
    loss = round.pointee.loss
    step = round.pointee.step.map(Step.init)
  }
}

/// A training period about to begin.
public struct Period: Sendable {
  /// Its place among the periods of this run, from 0.
  public let index: Int
  /// How many there are.
  public let total: Int
  /// Mini-batches.
  public let steps: Int
  /// Mini-batches of one pass over the training samples.
  public let stepsPerEpoch: Int
  /// Live prunable parameters that the round before it was to leave.
  public let weightsGoal: Int

  init(_ period: UnsafePointer<wb_period>) {
    index = Int(period.pointee.index)
    total = Int(period.pointee.total)
    steps = Int(clamping: period.pointee.steps)
    stepsPerEpoch = Int(clamping: period.pointee.steps_per_epoch)
    weightsGoal = Int(clamping: period.pointee.weights_goal)
  }
}

/// When a strategy's `propose` is called inside a training period.
public struct UpdatePoints: Hashable, Sendable {
  /// Before every so many-th mini-batch, but for the first.
  public var every: Int
  /// Up to this mini-batch; nil for the end of the period.
  public var end: Int?

  /// Update points at equal distances.
  ///
  /// - Parameters:
  ///   - every: mini-batches from one to the next.
  ///   - end: the last mini-batch that may be one; nil for the end of the period.
  public init(every: Int, until end: Int? = nil) {
    self.every = every
    self.end = end
  }

  /// So many update points at equal distances.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - share: of the period, that they are spread over.
  ///   - period: the training period.
  /// - Throws: ``SkipStrategy`` where the period has too few mini-batches.
  public init(_ count: Int, over share: Double, of period: Period) throws {
    every = Int(share * Double(period.steps)) / max(1, count)
    guard every > 0 else {
      throw SkipStrategy(
        "\(period.steps) mini-batches are too few for \(count) updates in a share of \(share)")
    }
    end = every * count
  }
}

/// One mini-batch of training.
public struct Step: Sendable {
  /// Its place in this training period, from 0.
  public let index: Int
  /// Mini-batches in this training period.
  public let total: Int
  /// The optimiser's learning rate.
  public let learningRate: Double
  /// The loss of the mini-batch before.
  public let loss: Double

  init(_ step: UnsafePointer<wb_step>) {
    index = Int(step.pointee.index)
    total = Int(step.pointee.total)
    learningRate = step.pointee.learning_rate
    loss = step.pointee.loss
  }
}
