/// A strategy in use: what the C table's state pointer points at.
final class Instance {
  private let host: UnsafePointer<wb_host>
  private let strategy: any Strategy

  init(_ strategy: any Strategy, host: UnsafePointer<wb_host>) {
    self.strategy = strategy
    self.host = host
  }

  /// Lends the body a view of the model, and turns what it throws into a status and a text.
  private func answer(
    _ model: OpaquePointer, _ body: (NetworkView) throws -> Void
  ) -> wb_status {
    let network = NetworkView(host: host, model: model)
    defer { network.close() }
    do {
      try body(network)
      return WB_OK
    } catch {
      return host.fail(error)
    }
  }

  func score(
    _ model: OpaquePointer, target: UInt64, into scores: UnsafeMutableBufferPointer<Float>
  ) -> wb_status {
    answer(model) { network in
      let found: [Float]
      let place: String
      if let strategy = strategy as? any BlockScoringStrategy {
        found = try strategy.blockScores(in: network)
        place = "the blocks"
      } else if let strategy = strategy as? any ScoringStrategy {
        let layer = try network.layer(target)
        found = try strategy.scores(of: layer, in: network)
        place = "layer '\(layer.name)'"
      } else {
        throw StrategyError("the strategy gives no scores")
      }
      guard found.count == scores.count else {
        throw StrategyError("\(place): \(scores.count) scores are needed, not \(found.count)")
      }
      if let odd = found.firstIndex(where: { !$0.isFinite }) {
        throw StrategyError("\(place): score \(odd) is \(found[odd])")
      }
      _ = scores.update(from: found)
    }
  }

  func propose(_ model: OpaquePointer, _ round: UnsafePointer<wb_round>) -> wb_status {
    answer(model) { network in
      guard let strategy = strategy as? any ProposingStrategy else { return }
      try strategy.propose(Round(round), in: network, plan: Plan(network))
    }
  }

  func beginPeriod(
    _ model: OpaquePointer, _ period: UnsafePointer<wb_period>,
    _ control: UnsafeMutablePointer<wb_period_control>
  ) -> wb_status {
    answer(model) { network in
      guard let strategy = strategy as? any UpdatingStrategy,
        let points = try strategy.updatePoints(of: Period(period), in: network)
      else { return }
      guard points.every > 0, points.end ?? 0 >= 0 else {
        throw StrategyError("update points every \(points.every) steps, to \(points.end ?? 0)")
      }
      control.pointee.update_every = UInt64(points.every)
      control.pointee.update_end = UInt64(points.end ?? Int(clamping: period.pointee.steps))
    }
  }

  func beginStep(
    _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
    gates: UnsafeMutableBufferPointer<Float>
  ) -> wb_status {
    answer(model) { network in
      guard let strategy = strategy as? any StepBeginningStrategy else { return }
      var span = gates.mutableSpan
      try strategy.beginStep(Step(step), in: network, gates: &span)
    }
  }

  func endStep(
    _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
    parameters: UnsafeMutableBufferPointer<Float>
  ) -> wb_status {
    answer(model) { network in
      guard let strategy = strategy as? any StepEndingStrategy else { return }
      var span = parameters.mutableSpan
      try strategy.endStep(Step(step), in: network, parameters: &span)
    }
  }
}

extension UnsafePointer<wb_host> {
  /// Gives the host the text of an error, and returns the status that goes with it.
  func fail(_ error: any Error) -> wb_status {
    let status = pointee.fail(self, String(describing: error))
    return switch error {
    case is SkipStrategy: WB_SKIPPED
    case let refusal as HostError: refusal.status
    default: status == WB_OK ? WB_FAILED : status
    }
  }
}
