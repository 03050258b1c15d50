import CSystem
import CWorkbench
import Foundation
import Numerics

/// The inside of a strategy's process: loads the library that the judge names, and calls it when told to.
///
/// Nothing here decides anything: whatever a library does to this process, it is its own.
package enum StrategyServer {
  /// Serves until the judge has closed the line, and leaves at once: what a library does while a process
  /// leaves in order is of no use to anyone.
  package static func main() -> Never {
    // The kernel may refuse: then the closed line ends this process.
    _ = system_die_with_parent()
    preferToTheJudge()
    signal(SIGPIPE, SIG_IGN)
    OpenBLAS.useOneThread()
    let line = MessageLine(socket: StrategyProcess.Descriptor.line)
    guard
      let given = SharedMemory(descriptor: StrategyProcess.Descriptor.given, isWritable: false),
      let taken = SharedMemory(descriptor: StrategyProcess.Descriptor.taken, isWritable: true)
    else { _exit(1) }
    let server = Server(line, given: given, taken: taken)
    do {
      while true {
        let (message, payload) = try line.receive()
        try line.send(.answer, try server.answer(to: message, payload))
        if message == .destroy { break }
      }
    } catch {}
    _exit(0)
  }

  /// A system that is out of memory ends this process, and not the one that measures.
  private static func preferToTheJudge() {
    let file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "1000", 4)
    close(file)
  }
}

/// A library and at most one strategy of it.
private final class Server {
  private let line: MessageLine
  private let taken: SharedMemory
  private let host: RemoteHost
  private var table: PluginTable?
  private var strategy: UnsafePointer<wb_strategy>?

  init(_ line: MessageLine, given: SharedMemory, taken: SharedMemory) {
    self.line = line
    self.taken = taken
    host = RemoteHost(line, given: given, taken: taken)
  }

  func answer(to message: Message, _ payload: WireReader) throws -> [UInt8] {
    var payload = payload
    var answer = WireWriter()
    taken.reset(clearing: false)
    switch message {
    case .load:
      let target = try LoadTarget(&payload)
      load(
        target, isConfined: try payload.get(UInt8.self) != 0,
        processorSeconds: try payload.get(), &answer)
    case .check: answer = try ConformanceProcess(line).answer(&payload)
    case .create: try create(&payload, &answer)
    case .destroy: if let strategy { strategy.pointee.destroy(strategy) }
    case .score: try score(&payload, &answer)
    case .propose: try propose(&payload, &answer)
    case .beginPeriod: try beginPeriod(&payload, &answer)
    case .beginStep: try beginStep(&payload, &answer)
    case .endStep: try endStep(&payload, &answer)
    default: throw WireReader.Malformed()
    }
    return answer.bytes
  }

  // MARK: - Loading

  /// Confines this process, and loads what is to be loaded.
  private func load(
    _ target: LoadTarget, isConfined: Bool, processorSeconds: UInt64, _ answer: inout WireWriter
  ) {
    do throws(LoadError) {
      let missing =
        isConfined
        ? MissingParts(
          try target.confine(processorSeconds: processorSeconds > 0 ? processorSeconds : nil))
        : .all
      line.tell(missing)
      let entries = try target.entries()
      table = entries.first?.table
      answer.put(UInt8(1))
      answer.put(LibraryDescription.bytes(of: entries, name: target.path ?? "linked in"))
    } catch {
      answer.put(UInt8(0))
      answer.put(error.reason)
    }
  }

  private func create(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    guard let table else { throw WireReader.Malformed() }
    let id = try payload.text()
    host.memoryLimit = try payload.get()
    var numbers: [Double] = []
    var texts: [String?] = []
    for _ in 0..<(try payload.get(UInt32.self)) {
      numbers.append(try payload.get())
      texts.append(try payload.optionalText())
    }
    let created = withCValues(numbers, texts) {
      table.checked.create(table.pointer, host.pointer, id, $0)
    }
    guard let created else { return answer.put(UInt8(0)) }
    do {
      let checked = try StrategyInstance.checked(created)
      strategy = created
      var hooks: UInt32 = 0
      func add(_ hook: RemoteStrategy.Hook, _ isThere: Bool) {
        if isThere { hooks |= hook.rawValue }
      }
      add(.score, checked.score != nil)
      add(.propose, checked.propose != nil)
      add(.beginPeriod, checked.begin_period != nil)
      add(.beginStep, checked.begin_step != nil)
      add(.endStep, checked.end_step != nil)
      answer.put(UInt8(1))
      answer.put(hooks)
    } catch let failure as StrategyFailure {
      host.fail(failure.reason)
      answer.put(UInt8(0))
    }
  }

  // MARK: - Calls

  private func called() throws -> UnsafePointer<wb_strategy> {
    guard let strategy else { throw WireReader.Malformed() }
    return strategy
  }

  /// The handle as the judge gave it: nothing lies behind it here either.
  private func model(_ payload: inout WireReader) throws -> OpaquePointer {
    host.beginCall()
    guard let model = OpaquePointer(bitPattern: UInt(try payload.get(UInt64.self))) else {
      throw WireReader.Malformed()
    }
    return model
  }

  private func score(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    let strategy = try called()
    let model = try model(&payload)
    let target = try payload.get(UInt64.self)
    let count = Int(try payload.get(UInt64.self))
    // Scores that are not written stay NaN, and are found.
    let buffer = GuardedFloats(repeating: .nan, count: count)
    let status =
      strategy.pointee.score?(strategy, model, target, buffer.start, UInt64(count)) ?? WB_FAILED
    guard let piece = taken.place(UnsafeBufferPointer(start: buffer.start, count: count)) else {
      throw WireReader.Malformed()
    }
    answer.put(status)
    answer.put(UInt8(buffer.isIntact ? 1 : 0))
    answer.put(piece)
  }

  private func propose(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    let strategy = try called()
    let model = try model(&payload)
    let (index, total) = (try payload.get(UInt32.self), try payload.get(UInt32.self))
    let (goal, loss) = (try payload.get(UInt64.self), try payload.get(Double.self))
    let counts = try payload.get(wb_counts.self)
    let step = try payload.get(UInt8.self) != 0 ? payload.get(wb_step.self) : nil
    func propose(at step: UnsafePointer<wb_step>?) -> wb_status {
      withUnsafePointer(to: counts) { counts in
        var round = wb_round(
          struct_size: UInt32(MemoryLayout<wb_round>.size), index: index, total: total,
          reserved: 0, weights_goal: goal, loss: loss, now: counts, step: step)
        return strategy.pointee.propose?(strategy, model, &round) ?? WB_FAILED
      }
    }
    if let step {
      answer.put(withUnsafePointer(to: step) { propose(at: $0) })
    } else {
      answer.put(propose(at: nil))
    }
  }

  private func beginPeriod(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    let strategy = try called()
    let model = try model(&payload)
    var period = try payload.get(wb_period.self)
    var control = try payload.get(wb_period_control.self)
    answer.put(strategy.pointee.begin_period?(strategy, model, &period, &control) ?? WB_FAILED)
    answer.put(control.update_every)
    answer.put(control.update_end)
  }

  private func beginStep(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    let strategy = try called()
    let model = try model(&payload)
    var step = try payload.get(wb_step.self)
    let count = Int(try payload.get(UInt32.self))
    let buffer = GuardedFloats(repeating: 1, count: count)
    var control = wb_step_control(
      struct_size: UInt32(MemoryLayout<wb_step_control>.size), reserved: 0, gates: buffer.start,
      gate_count: UInt64(count))
    answer.put(strategy.pointee.begin_step?(strategy, model, &step, &control) ?? WB_FAILED)
    answer.put(UInt8(buffer.isIntact ? 1 : 0))
    answer.put(buffer.array)
  }

  private func endStep(_ payload: inout WireReader, _ answer: inout WireWriter) throws {
    let strategy = try called()
    let model = try model(&payload)
    var step = try payload.get(wb_step.self)
    let count = Int(try payload.get(UInt64.self))
    guard let (_, memory) = taken.allocate(GuardedFloats.bytes(of: count)) else {
      throw WireReader.Malformed()
    }
    let buffer = GuardedFloats(in: memory, count: count)
    answer.put(
      strategy.pointee.end_step?(strategy, model, &step, buffer.start, UInt64(count))
        ?? WB_FAILED)
    answer.put(UInt8(buffer.isIntact ? 1 : 0))
  }
}
