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

  /// How many weights have to go; 0 when the goal is already met.
  public var weightsToRemove: Int { max(0, now.weights - weightsGoal) }

  init(_ round: UnsafePointer<wb_round>) {
    index = Int(round.pointee.index)
    total = Int(round.pointee.total)
    now = Counts(round.pointee.now)
    weightsGoal = Int(clamping: round.pointee.weights_goal)
    loss = round.pointee.loss
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
