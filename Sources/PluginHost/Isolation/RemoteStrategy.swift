import CWorkbench

/// A strategy in a process of its own, as a table in this one.
final class RemoteStrategy {
  private let process: StrategyProcess
  private let server: HostServer
  private let host: UnsafePointer<wb_host>
  private let table: UnsafeMutablePointer<wb_strategy>
  private let ownTime: OwnTime

  /// Which optional functions a strategy has, as bits.
  enum Hook: UInt32 {
    case score = 1
    case propose = 2
    case beginPeriod = 4
    case beginStep = 8
    case endStep = 16
  }

  private init(
    _ process: StrategyProcess, _ host: UnsafePointer<wb_host>, seconds: Double?
  ) {
    self.process = process
    ownTime = OwnTime(seconds)
    self.host = host
    server = HostServer(host: host, given: process.given, taken: process.taken)
    table = .allocate(capacity: 1)
  }

  deinit { table.deallocate() }

  /// - Returns: Nil when the library made none; it has said why.
  /// - Throws: ``StrategyFailure`` when its process ended.
  static func create(
    _ id: String, _ options: UnsafePointer<wb_option_values>, _ host: UnsafePointer<wb_host>,
    in process: StrategyProcess, seconds: Double?
  ) throws(StrategyFailure) -> UnsafePointer<wb_strategy>? {
    let strategy = RemoteStrategy(process, host, seconds: seconds)
    var request = WireWriter()
    request.put(id)
    request.put(host.pointee.memory_limit)
    let count = Int(options.pointee.count)
    request.put(UInt32(count))
    for index in 0..<count {
      request.put(options.pointee.numbers?[index] ?? 0)
      request.put(options.pointee.texts?[index].map { String(cString: $0) })
    }
    let hooks: UInt32
    do {
      var answer = try strategy.answer(to: .create, request.bytes)
      guard try answer.get(UInt8.self) != 0 else { return nil }
      hooks = try answer.get()
    } catch let failure as StrategyFailure {
      throw failure
    } catch {
      throw Self.nonsense
    }
    strategy.fillTable(hooks)
    Session.of(host)?.sharedMemory = process.taken
    return UnsafePointer(strategy.table)
  }

  private static let nonsense = StrategyFailure(
    .invalid, "its process answered with something that is no answer")

  /// Sends a call and serves what the strategy asks until it answers.
  private func answer(
    to message: Message, _ payload: [UInt8]
  ) throws(StrategyFailure) -> WireReader {
    try send(message, payload)
    while true {
      let (message, payload) = try next()
      guard message != .answer else { return payload }
      guard let reply = server.reply(to: message, payload) else { continue }
      try send(.answer, reply)
    }
  }

  private func send(_ message: Message, _ payload: [UInt8]) throws(StrategyFailure) {
    try ownTime.spend { (deadline) throws(StrategyFailure) in
      try process.send(message, payload, by: deadline, late: ownTime.isOver)
    }
  }

  /// Waits for something to be answered. What it logs meanwhile takes its own time, so one that logs without
  /// end is late, too.
  private func next() throws(StrategyFailure) -> (message: Message, payload: WireReader) {
    try ownTime.spend { (deadline) throws(StrategyFailure) in
      while true {
        let (message, payload) = try process.receive(by: deadline, late: ownTime.isOver)
        guard message == .log else { return (message, payload) }
        _ = server.reply(to: message, payload)
      }
    }
  }

  /// Calls a function that answers with a status.
  ///
  /// - Parameter body: Takes what else was answered.
  private func call(
    _ message: Message, _ payload: WireWriter,
    _ body: (inout WireReader) throws -> Void = { _ in }
  ) -> wb_status {
    defer { process.given.reset() }
    do {
      var answer = try answer(to: message, payload.bytes)
      let status = try answer.get(wb_status.self)
      try body(&answer)
      return status
    } catch {
      Session.of(host)?.end = error as? StrategyFailure ?? Self.nonsense
      return WB_FAILED
    }
  }

  // MARK: - The table

  private static func of(_ strategy: UnsafePointer<wb_strategy>) -> RemoteStrategy? {
    strategy.pointee.state.map { Unmanaged<RemoteStrategy>.fromOpaque($0).takeUnretainedValue() }
  }

  private func fillTable(_ hooks: UInt32) {
    func has(_ hook: Hook) -> Bool { hooks & hook.rawValue != 0 }
    table.initialize(
      to: wb_strategy(
        struct_size: MemoryLayout<wb_strategy>.size,
        state: Unmanaged.passRetained(self).toOpaque(),
        destroy: { strategy in
          guard let remote = RemoteStrategy.of(strategy) else { return }
          remote.destroy()
          Unmanaged.passUnretained(remote).release()
        },
        score: has(.score)
          ? { RemoteStrategy.of($0)?.score($1, $2, $3, $4) ?? WB_FAILED } : nil,
        propose: has(.propose) ? { RemoteStrategy.of($0)?.propose($1, $2) ?? WB_FAILED } : nil,
        begin_period: has(.beginPeriod)
          ? { RemoteStrategy.of($0)?.beginPeriod($1, $2, $3) ?? WB_FAILED } : nil,
        begin_step: has(.beginStep)
          ? { RemoteStrategy.of($0)?.beginStep($1, $2, $3) ?? WB_FAILED } : nil,
        end_step: has(.endStep)
          ? { RemoteStrategy.of($0)?.endStep($1, $2, $3, $4) ?? WB_FAILED } : nil,
        query: nil))
  }

  /// Lets the strategy go in its own way, and ends its process whatever it does.
  private func destroy() {
    let deadline = ContinuousClock.now + Self.patience
    do {
      try process.line.send(.destroy, by: deadline)
      while true {
        let (message, payload) = try process.line.receive(by: deadline)
        guard message != .answer else { break }
        guard let reply = server.reply(to: message, payload) else { continue }
        try process.line.send(.answer, reply, by: deadline)
      }
    } catch {}
    process.stop()
  }

  /// What a strategy has to let go.
  private static let patience = Duration.seconds(2)

  private func header(_ model: OpaquePointer) -> WireWriter {
    var payload = WireWriter()
    payload.put(UInt64(UInt(bitPattern: model)))
    return payload
  }

  private func score(
    _ model: OpaquePointer, _ target: UInt64, _ scores: UnsafeMutablePointer<Float>,
    _ count: UInt64
  ) -> wb_status {
    var payload = header(model)
    payload.put(target)
    payload.put(count)
    return call(.score, payload) { answer in
      try take(&answer, into: scores, count: Int(count))
    }
  }

  /// Takes over the values that the strategy wrote, and whether it wrote beside them.
  private func take(
    _ answer: inout WireReader, into values: UnsafeMutablePointer<Float>, count: Int
  ) throws {
    let isIntact = try answer.get(UInt8.self) != 0
    let piece = try answer.get(SharedMemory.Piece.self)
    guard let written = process.taken.values(piece, of: Float.self), written.count == count else {
      throw Self.nonsense
    }
    if let source = written.baseAddress { values.update(from: source, count: count) }
    if !isIntact { Session.of(host)?.wroteOutside = true }
  }

  private func propose(_ model: OpaquePointer, _ round: UnsafePointer<wb_round>) -> wb_status {
    var payload = header(model)
    payload.put(round.pointee.index)
    payload.put(round.pointee.total)
    payload.put(round.pointee.weights_goal)
    payload.put(round.pointee.loss)
    payload.put(round.pointee.now.pointee)
    payload.put(UInt8(round.pointee.step == nil ? 0 : 1))
    if let step = round.pointee.step { payload.put(step.pointee) }
    return call(.propose, payload)
  }

  private func beginPeriod(
    _ model: OpaquePointer, _ period: UnsafePointer<wb_period>,
    _ control: UnsafeMutablePointer<wb_period_control>
  ) -> wb_status {
    var payload = header(model)
    payload.put(period.pointee)
    payload.put(control.pointee)
    return call(.beginPeriod, payload) { answer in
      control.pointee.update_every = try answer.get()
      control.pointee.update_end = try answer.get()
    }
  }

  private func beginStep(
    _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
    _ control: UnsafeMutablePointer<wb_step_control>
  ) -> wb_status {
    var payload = header(model)
    payload.put(step.pointee)
    let count = Int(control.pointee.gate_count)
    payload.put(UInt32(count))
    return call(.beginStep, payload) { answer in
      let isIntact = try answer.get(UInt8.self) != 0
      let gates = try answer.array(of: Float.self)
      guard gates.count == count else { throw Self.nonsense }
      for (index, gate) in gates.enumerated() { control.pointee.gates?[index] = gate }
      if !isIntact { Session.of(host)?.wroteOutside = true }
    }
  }

  private func endStep(
    _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
    _ parameters: UnsafeMutablePointer<Float>, _ count: UInt64
  ) -> wb_status {
    // The strategy works where the host put them: at the start of the memory that both see.
    guard UnsafeRawPointer(parameters) == process.taken.start + GuardedFloats.marginBytes else {
      return WB_FAILED
    }
    var payload = header(model)
    payload.put(step.pointee)
    payload.put(count)
    return call(.endStep, payload) { answer in
      if try answer.get(UInt8.self) == 0 { Session.of(host)?.wroteOutside = true }
    }
  }
}
