/// One mini-batch of a training period, as hooks see it.
package struct TrainingStep: Sendable, Equatable {
  package let index: Int
  package let total: Int
  package let learningRate: Double
  /// Of the mini-batch before; 0 at the first.
  package let loss: Double

  package init(index: Int, total: Int, learningRate: Double, loss: Double) {
    self.index = index
    self.total = total
    self.learningRate = learningRate
    self.loss = loss
  }
}

/// What may act within training: a strategy.
package protocol TrainingHooks: AnyObject {
  /// Whether ``endStep(_:parameters:)`` does anything.
  var actsAfterSteps: Bool { get }

  /// Before the forward pass; `gates` holds one 1 for each residual block, in order.
  func beginStep(_ step: TrainingStep, gates: inout [Float]) throws

  /// After the optimiser. Masked parameters are put back to 0 behind it; the masks stay as they are.
  func endStep(_ step: TrainingStep, parameters: TrainedParameters) throws
}

/// Training that went wrong.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss or a parameter is no longer a finite number.
  case diverged(step: Int, of: Int, reason: String)
  /// The samples do not fit the network or the loss.
  case mismatch(String)

  package var description: String {
    switch self {
    case .diverged(let step, let total, let reason):
      "training diverged at step \(step) of \(total): \(reason)"
    case .mismatch(let reason): reason
    }
  }
}
