import CKernels
import Numerics

extension Executor {
  /// Computes the output of the loaded batch with the parameters of `network`.
  package func forward(_ network: Network, mode: Mode) {
    adopt(network)
    forward(mode: mode)
  }

  /// Computes the output of the loaded batch.
  package func forward(mode: Mode) {
    setGates(mode)
    makeWorkingParameters()
    // Not the gates: to hold the caller's array would have it copied before its next change.
    if case .training = mode { self.mode = .training(gates: []) } else { self.mode = .inference }
    for place in steps.indices.dropFirst()
    where !isDropped(place) && !steps[place].isPooledAtOnce {
      forward(place)
    }
  }

  /// Whether the node lies in a branch that this pass skips.
  func isDropped(_ place: Int) -> Bool {
    guard let sum = sums[place] else { return false }
    return gates[sum] == 0
  }

  private func setGates(_ mode: Mode) {
    var block = 0
    for place in steps.indices {
      guard let scale = steps[place].blockScale else { continue }
      switch mode {
      case .inference: gates[place] = scale
      case .training(let values): gates[place] = values.isEmpty ? 1 : values[block]
      }
      block += 1
    }
  }

  private func forward(_ place: Int) {
    let step = steps[place]
    if step.isRectifiedAtOnce {
      let rectifier = steps[step.first]
      if rectifier.isMadeByReader || rectifier.kind.rectifies(self, step.first) { return }
    }
    step.kind.forward(self, place)
  }

  // MARK: - Sharing among threads

  /// Floats of one block of 16 samples of a spatial node.
  func blockSize(_ place: Int) -> Int { steps[place].shape.count * Lanes.width }

  /// Calls `body` with runs of blocks: the first, how many, and a number below the team's threads.
  func shareBlocks(_ step: Step, _ body: (_ first: Int, _ count: Int64, _ part: Int) -> Void) {
    let blocks = batch.blocks
    let parts = min(team.threads, blocks)
    guard parts > 1, blocks * step.shape.count * Lanes.width >= Self.leastShared else {
      return body(0, Int64(blocks), 0)
    }
    team.run(parts) { part in
      let first = blocks * part / parts
      body(first, Int64(blocks * (part + 1) / parts - first), part)
    }
  }

  /// Calls `body` with runs of the values of a node: where they start and how many.
  func shareValues(_ place: Int, _ body: (_ start: Int, _ count: Int64) -> Void) {
    let count = Int(view(place).count)
    team.share(count, bytes: 8 * count) { body($0.lowerBound, Int64($0.count)) }
  }

  private static let leastShared = 50_000

  // MARK: - Running statistics

  /// Moves the running statistics towards those of the last training batch, by `rate`.
  package func updateStatistics(rate: Float = 0.1) {
    for place in steps.indices where !isDropped(place) {
      steps[place].kind.updateStatistics(self, place, rate: rate)
    }
  }
}
