import CWorkbench
package import Networks

extension StrategyInstance {
  /// Whether the strategy does something within training.
  package var actsInTraining: Bool { beginsSteps || endsSteps }

  /// The strategy within training, or nil when it does nothing there.
  package func hooks(for network: Network) -> (any TrainingHooks)? {
    actsInTraining ? StrategyHooks(self, network) : nil
  }
}

/// Calls a strategy around training steps, and checks what it leaves.
private final class StrategyHooks: TrainingHooks {
  private let instance: StrategyInstance
  private var model: ModelView
  /// The parameters as they are lent, the same memory after every step. It is filled anew before each
  /// call and read once after it, so what a strategy writes there at other times has no effect.
  private var buffer: GuardedFloats

  init(_ instance: StrategyInstance, _ network: Network) {
    self.instance = instance
    model = ModelView(network, measurements: nil, seesParameters: false)
    buffer = instance.parameterBuffer(instance.endsSteps ? network.layout.count : 0)
  }

  var actsAfterSteps: Bool { instance.endsSteps }

  func beginStep(_ step: TrainingStep, gates: inout [Float]) throws {
    guard instance.beginsSteps else { return }
    let written = try instance.beginStep(wb_step(step), gates: gates.count, in: model)
    if let block = written.firstIndex(where: { !(0...1).contains($0) }) {
      throw StrategyFailure(
        .invalid,
        "before training step \(step.index) it set the gate of block \(block) to "
          + "\(written[block]); a gate lies from 0 to 1")
    }
    gates = written
  }

  func endStep(_ step: TrainingStep, parameters: TrainedParameters) throws {
    guard instance.endsSteps else { return }
    if parameters.graph != model.graph {
      model = ModelView(parameters.network, measurements: nil, seesParameters: false)
    }
    if parameters.count != buffer.count {
      buffer = instance.parameterBuffer(parameters.count)
    }
    parameters.write(to: buffer.start)
    model.trained = parameters
    defer { model.trained = nil }
    try instance.endStep(wb_step(step), parameters: buffer, in: model)
    guard let index = parameters.take(buffer.start) else { return }
    throw StrategyFailure(
      .invalid,
      "after training step \(step.index) it set \(parameters.network.position(index)) to "
        + "\(parameters.network.values[index])")
  }
}

extension wb_step {
  init(_ step: TrainingStep) {
    self.init(
      struct_size: UInt32(MemoryLayout<wb_step>.size), flags: 0, index: UInt64(step.index),
      total: UInt64(step.total), learning_rate: step.learningRate, loss: step.loss)
  }
}

extension Network {
  /// A flat parameter's layer and its index there, in words.
  fileprivate func position(_ index: Int) -> String {
    guard let slot = layout.slots.first(where: { $0.all.contains(index) }) else {
      return "parameter \(index)"
    }
    return "parameter \(index - slot.all.lowerBound) of layer '\(graph.nodes[slot.place].name)'"
  }
}
