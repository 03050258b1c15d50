import Networks

/// Notes when each step of training begins, around the hooks of somebody else.
final class StepClock: TrainingHooks {
  private let hooks: (any TrainingHooks)?
  private var starts: [Double] = []

  init(around hooks: (any TrainingHooks)? = nil) { self.hooks = hooks }

  var actsAfterSteps: Bool { hooks?.actsAfterSteps ?? false }

  func beginStep(_ step: TrainingStep, gates: inout [Float]) throws {
    starts.append(Clock.seconds())
    try hooks?.beginStep(step, gates: &gates)
  }

  func endStep(_ step: TrainingStep, parameters: TrainedParameters) throws {
    try hooks?.endStep(step, parameters: parameters)
  }

  /// The seconds of the steps since the last call but the first, before which something else had the
  /// caches, and the last, whose end nobody noted.
  func takeSeconds() -> [Double] {
    defer { starts = [] }
    return zip(starts.dropFirst(2), starts.dropFirst()).map { $0 - $1 }
  }
}
