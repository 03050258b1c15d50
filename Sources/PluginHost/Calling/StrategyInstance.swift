import CWorkbench
package import Networks
package import Numerics

/// A strategy in use: created from its library's table, destroyed when it is let go.
///
/// It is called by one thread at a time. What it does wrong ends its cell with a
/// ``StrategyFailure`` and changes nothing.
package final class StrategyInstance {
  package let entry: StrategyEntry
  let session: Session
  private let host: HostTable
  let pointer: UnsafePointer<wb_strategy>
  /// A copy of the instance's table, whose pointers have been checked.
  let table: wb_strategy
  /// What the host's masks have to look like; nil for anything.
  package let pattern: MaskPattern?

  /// - Parameters:
  ///   - parameters: values of the strategy's options, by name; the others have their defaults.
  ///   - random: the cell's stream for this strategy.
  ///   - memoryLimit: bytes the strategy may take in addition; nil for no limit.
  ///   - log: takes lines that the strategy logs, from any thread.
  /// - Throws: ``ReferenceError`` for a parameter it does not have, ``StrategyFailure`` when the
  ///   strategy cannot be created.
  package convenience init(
    _ entry: StrategyEntry, parameters: [String: String] = [:], random: RandomStream,
    memoryLimit: Int? = nil, log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    try self.init(
      entry, parameters: parameters,
      Session(entry, random: random, memoryLimit: memoryLimit, log: log))
  }

  /// The same in a session that is given, of the same entry.
  init(_ entry: StrategyEntry, parameters: [String: String], _ session: Session) throws {
    let values = try entry.optionValues(parameters)
    pattern = try entry.pattern(parameters)
    let host = HostTable(session)
    let created = session.during(.creating, model: nil) { _ in
      withCValues(values.map(\.number), values.map(\.text)) {
        entry.table.checked.create(entry.table.pointer, host.pointer, entry.id, $0)
      }
    }
    guard let created else {
      if let end = session.end {
        throw StrategyFailure(end.status, "it could not be created: \(end.reason)")
      }
      throw StrategyFailure(
        .invalid, "it could not be created: " + (session.failureText ?? Self.silence))
    }
    table = try Self.checked(created)
    pointer = created
    self.entry = entry
    self.session = session
    self.host = host
    // From here on destroy is called, also when this throws.
    if let violation = session.violation { throw StrategyFailure(.invalid, violation) }
    if pattern != nil, proposes || !scores { throw ReferenceError(entry.patternRefusal) }
  }

  deinit { table.destroy(pointer) }

  /// What stands where a strategy gives no reason.
  static let silence = "it gave no reason, which is itself a defect of the strategy"

  /// What is said of a status that the header does not name.
  static let noStatus = "which is no status of the interface"

  /// - Throws: ``StrategyFailure`` when the table cannot be used, not even to destroy it.
  static func checked(_ pointer: UnsafePointer<wb_strategy>) throws -> wb_strategy {
    let base = UnsafeRawPointer(pointer)
    let head = RawStruct<wb_strategy>(base: base, size: extent(of: \wb_strategy.struct_size))
    let raw = RawStruct<wb_strategy>(base: base, size: head.load(\.struct_size) ?? 0)
    let least = extent(of: \wb_strategy.query)
    guard raw.size >= least else {
      throw StrategyFailure(
        .invalid,
        "its wb_strategy says struct_size \(raw.size), and one of version 1.0 has at "
          + "least \(least) bytes")
    }
    guard raw.address(\.destroy) != nil else {
      throw StrategyFailure(.invalid, "its wb_strategy has no function destroy (null)")
    }
    return base.loadUnaligned(as: wb_strategy.self)
  }

  // MARK: - Hooks

  var scores: Bool { table.score != nil }
  var proposes: Bool { table.propose != nil }
  var beginsSteps: Bool { table.begin_step != nil }
  var endsSteps: Bool { table.end_step != nil }

  /// When the strategy proposes inside the period that is about to begin; nil for not at all.
  ///
  /// - Parameter closed: ids of layers that are to stay as they are.
  /// - Throws: ``StrategyFailure`` when the strategy fails or asks for what no period has.
  package func updatePoints(
    of period: PeriodOutline, in network: Network, closed: Set<UInt64> = []
  ) throws(StrategyFailure) -> UpdatePoints? {
    guard let beginPeriod = table.begin_period, proposes else { return nil }
    let model = ModelView(network, measurements: nil, seesParameters: false, closed: closed)
    var control = wb_period_control(
      struct_size: UInt32(MemoryLayout<wb_period_control>.size), reserved: 0, update_every: 0,
      update_end: UInt64(period.steps))
    let status = session.during(.beginningPeriod, model: model) { handle in
      withUnsafePointer(to: wb_period(period)) { beginPeriod(pointer, handle, $0, &control) }
    }
    try judge(status, "beginning a training period")
    guard control.update_every > 0 else { return nil }
    let end = min(Int(clamping: control.update_end), period.steps - 1)
    return UpdatePoints(every: Int(clamping: control.update_every), end: end)
  }

  /// The scores of one layer, or of all blocks.
  ///
  /// - Parameter what: what is scored, for messages.
  func score(
    _ target: UInt64, count: Int, of what: String, in model: ModelView
  ) throws(StrategyFailure) -> [Float] {
    guard let score = table.score else { return [] }
    // Scores that are not written stay NaN, and are found.
    let buffer = GuardedFloats(
      repeating: .nan, count: count, in: session.conditions.surroundings)
    let status = session.during(.scoring, model: model) { handle in
      score(pointer, handle, target, buffer.start, UInt64(count))
    }
    try check(buffer, "scoring \(what)")
    try judge(status, "scoring \(what)")
    return buffer.array
  }

  /// What a strategy proposes in a round.
  struct Proposed {
    var edits: [Edit] = []
    /// The change of the loss that it expects of them.
    var prediction: Double?
    /// Operations of measuring what they would have left.
    var operations = 0.0
  }

  func propose(
    _ round: Round, loss: Double, in model: ModelView, counts: Counts
  ) throws(StrategyFailure) -> Proposed {
    var proposed = Proposed()
    guard let propose = table.propose else { return proposed }
    let status = session.during(.proposing, model: model) { handle in
      let status = round.withCRound(now: counts, loss: loss) { propose(pointer, handle, $0) }
      proposed = Proposed(
        edits: session.edits, prediction: session.prediction,
        operations: session.plannedOperations)
      return status
    }
    try judge(status, "proposing")
    return proposed
  }

  /// The gates of the next mini-batch, one a block.
  func beginStep(
    _ step: wb_step, gates count: Int, in model: ModelView
  ) throws(StrategyFailure) -> [Float] {
    let buffer = GuardedFloats(
      repeating: 1, count: count, in: session.conditions.surroundings)
    guard let beginStep = table.begin_step else { return buffer.array }
    var control = wb_step_control(
      struct_size: UInt32(MemoryLayout<wb_step_control>.size), reserved: 0,
      gates: buffer.start, gate_count: UInt64(count))
    let what = "beginning training step \(step.index)"
    let status = session.during(.beginningStep, model: model) { handle in
      withUnsafePointer(to: step) { beginStep(pointer, handle, $0, &control) }
    }
    try check(buffer, what)
    try judge(status, what)
    return buffer.array
  }

  /// Room for the flat parameters that ``endStep(_:parameters:in:)`` lends: where the strategy has a process
  /// of its own, memory that both see, so that nothing is copied.
  func parameterBuffer(_ count: Int) -> GuardedFloats {
    guard let start = session.sharedMemory?.start(ofBytes: GuardedFloats.bytes(of: count)) else {
      return GuardedFloats(repeating: 0, count: count, in: session.conditions.surroundings)
    }
    return GuardedFloats(in: start, count: count)
  }

  /// Lets the strategy change flat parameters, where they are lent, after a mini-batch.
  func endStep(
    _ step: wb_step, parameters buffer: borrowing GuardedFloats, in model: ModelView
  ) throws(StrategyFailure) {
    guard let endStep = table.end_step else { return }
    let (start, count) = (buffer.start, UInt64(buffer.count))
    let status = session.during(.endingStep, model: model) { handle in
      withUnsafePointer(to: step) { endStep(pointer, handle, $0, start, count) }
    }
    try check(buffer, "ending training step \(step.index)")
    try judge(status, "ending training step \(step.index)")
  }

  // MARK: - Judging

  private func check(
    _ buffer: borrowing GuardedFloats, _ what: @autoclosure () -> String
  ) throws(StrategyFailure) {
    guard buffer.isIntact, !session.wroteOutside else {
      throw StrategyFailure(
        .invalid, "\(what()), it wrote outside its buffer of \(buffer.count) values")
    }
  }

  /// What a status means, with what was said on the way.
  private func judge(
    _ status: wb_status, _ what: @autoclosure () -> String
  ) throws(StrategyFailure) {
    if let end = session.end { throw StrategyFailure(end.status, "\(what()), \(end.reason)") }
    if let violation = session.violation {
      throw StrategyFailure(.invalid, "\(what()): \(violation)")
    }
    switch status {
    case WB_OK:
      if let text = session.failureText {
        session.log("warning: \(what()), it named a failure and went on: \(text)")
      }
    case WB_SKIPPED:
      guard let text = session.failureText else {
        throw StrategyFailure(.invalid, "\(what()), it asked to be skipped; \(Self.silence)")
      }
      throw StrategyFailure(.skipped, text)
    case WB_FAILED, WB_UNSUPPORTED, WB_CANCELLED:
      let refused = session.refusal.map { "the host had refused: \($0.reason)" }
      var reason = "\(what()), it failed: "
      // Who passes a refusal on need not say it again.
      reason += session.failureText ?? refused ?? Self.silence
      if session.failureText != nil, let refused { reason += " (\(refused))" }
      throw StrategyFailure(session.refusal?.status ?? .invalid, reason)
    default:
      throw StrategyFailure(
        .invalid, "\(what()), it answered \(status), \(Self.noStatus)")
    }
  }
}

extension wb_period {
  fileprivate init(_ period: PeriodOutline) {
    self.init(
      struct_size: UInt32(MemoryLayout<wb_period>.size), index: UInt32(clamping: period.index),
      total: UInt32(clamping: period.total), reserved: 0, steps: UInt64(period.steps),
      steps_per_epoch: UInt64(period.stepsPerEpoch),
      weights_goal: UInt64(max(0, period.weightsGoal)))
  }
}
