import CWorkbench
import Foundation
import Networks

/// The table of host functions that a strategy is given. It lives from before create until after
/// destroy.
final class HostTable {
  let pointer: UnsafePointer<wb_host>
  private let memory: UnsafeMutablePointer<wb_host>

  /// - Parameter session: must outlive the table.
  init(_ session: Session) {
    let version: StaticString = "workbench 1.0"
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: wb_host(
        struct_size: MemoryLayout<wb_host>.size,
        context: Unmanaged.passUnretained(session).toOpaque(), abi_minor: WB_ABI_MINOR,
        reserved: 0,
        version: UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self),
        // 0 says that there is no limit, so one of nothing is a byte.
        memory_limit: session.memoryLimit.map { UInt64(max(1, $0)) } ?? 0,
        log: { log($0, $1, $2) }, fail: { fail($0, $1) },
        layer_at: { layer($0, $1, at: $2) }, block_at: { block($0, $1, at: $2) },
        edge_at: { edge($0, $1, at: $2) }, read: { read($0, $1, $2) },
        inverse_hessian: { inverseHessian($0, $1, damping: $2, into: $3, count: $4, used: $5) },
        emit: { emit($0, $1) }, measure: { measure($0, $1, into: $2) },
        predict: { predict($0, $1) }, random: { random($0, into: $1, count: $2) },
        query: { query($0, $1) }))
    session.conditions.adaptHost(&memory.pointee)
    pointer = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}

// The functions behind the table. Each is called by a library with whatever it likes: a pointer is
// looked at after `isNull`, and nothing here traps.

extension Session {
  /// The session behind a host's table.
  static func of(_ host: UnsafePointer<wb_host>) -> Session? {
    guard !isNull(host), let context = host.pointee.context else { return nil }
    return Unmanaged<Session>.fromOpaque(context).takeUnretainedValue()
  }
}

private func log(
  _ host: UnsafePointer<wb_host>, _ level: wb_log_level, _ text: UnsafePointer<CChar>
) {
  guard let session = Session.of(host), !isNull(text) else { return }
  let line = RawText.readable(UnsafeRawPointer(text))
  session.log(level == WB_LOG_WARNING ? "warning: \(line)" : line)
}

private func fail(_ host: UnsafePointer<wb_host>, _ text: UnsafePointer<CChar>) -> wb_status {
  guard let session = Session.of(host), session.activity != .idle, !isNull(text) else {
    return WB_FAILED
  }
  let reason = RawText.readable(UnsafeRawPointer(text))
  if !reason.isEmpty { session.failureText = reason }
  return WB_FAILED
}

private func layer(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, at index: UInt32
) -> UnsafePointer<wb_layer>? {
  Session.of(host)?.model(for: model, asking: "a layer")?.layer(at: index)
}

private func block(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, at index: UInt32
) -> UnsafePointer<wb_block>? {
  Session.of(host)?.model(for: model, asking: "a block")?.block(at: index)
}

private func edge(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, at index: UInt32
) -> UnsafePointer<wb_edge>? {
  Session.of(host)?.model(for: model, asking: "an edge")?.edge(at: index)
}

private func read(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer,
  _ reading: UnsafeMutablePointer<wb_reading>, planned: Bool = false
) -> wb_status {
  guard let session = Session.of(host), !isNull(reading) else { return WB_FAILED }
  let size = Int(reading.pointee.struct_size)
  guard size >= extent(of: \wb_reading.columns) else {
    session.note("it gave read a wb_reading whose struct_size is \(size); set it to its sizeof")
    return WB_FAILED
  }
  let name = Signal(rawValue: reading.pointee.signal)?.word ?? "a signal"
  guard let model = session.model(for: model, asking: name, planned: planned) else {
    return WB_FAILED
  }
  return session.read(reading, of: model)
}

private func inverseHessian(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, damping: Double,
  into out: UnsafeMutablePointer<Double>, count: UInt64, used: UnsafeMutablePointer<Double>,
  planned: Bool = false
) -> wb_status {
  guard let session = Session.of(host), !isNull(out), !isNull(used),
    let model = session.model(
      for: model, asking: Signal.inverseHessian.word, planned: planned)
  else { return WB_FAILED }
  return session.inverseHessian(of: model, damping: damping, into: out, count: count, used: used)
}

private func plannedLoss(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, into out: UnsafeMutablePointer<Double>
) -> wb_status {
  guard let session = Session.of(host), !isNull(out),
    let model = session.model(for: model, asking: "the loss", planned: true)
  else { return WB_FAILED }
  return session.loss(of: model, into: out)
}

/// The table `wb.planned/1`; one for the process, never freed.
private struct PlannedTable: @unchecked Sendable {
  /// Where the table lies. It is written once, before anyone knows of it.
  let address: UnsafeRawPointer

  static let shared = PlannedTable()

  private init() {
    let table = UnsafeMutablePointer<wb_planned>.allocate(capacity: 1)
    table.initialize(
      to: wb_planned(
        struct_size: MemoryLayout<wb_planned>.size,
        read: { read($0, $1, $2, planned: true) },
        inverse_hessian: {
          inverseHessian($0, $1, damping: $2, into: $3, count: $4, used: $5, planned: true)
        }, loss: { plannedLoss($0, $1, into: $2) },
        retract: { Session.of($0)?.retract($1) ?? WB_FAILED }))
    address = UnsafeRawPointer(table)
  }
}

private func emit(_ host: UnsafePointer<wb_host>, _ edit: UnsafePointer<wb_edit>) -> wb_status {
  guard let session = Session.of(host), !isNull(edit) else { return WB_FAILED }
  guard session.activity == .proposing else {
    session.note("it emitted an edit \(session.activity.rawValue); plans are made in propose")
    return WB_FAILED
  }
  return session.take(edit)
}

private func measure(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, into out: UnsafeMutablePointer<wb_counts>
) -> wb_status {
  guard let session = Session.of(host), !isNull(out),
    let model = session.model(for: model, asking: "counts")
  else { return WB_FAILED }
  let size = Int(out.pointee.struct_size)
  guard size >= extent(of: \wb_counts.operations) else {
    session.note("it gave measure a wb_counts whose struct_size is \(size); set it to its sizeof")
    return WB_FAILED
  }
  guard let network = model.network else {
    return session.refuse(.invalid, "there is nothing to measure \(session.activity.rawValue)")
  }
  do throws(SurgeryError) {
    let counts = try session.measure(network)
    out.pointee.weights = UInt64(counts.weights)
    out.pointee.parameters = UInt64(counts.parameters)
    out.pointee.operations = UInt64(counts.operations)
    return WB_OK
  } catch {
    return session.refuse(
      error.kind == .collapsed ? .collapsed : .invalid,
      "the plan so far cannot be applied: \(error)")
  }
}

private func predict(_ host: UnsafePointer<wb_host>, _ change: Double) -> wb_status {
  guard let session = Session.of(host) else { return WB_FAILED }
  guard session.activity == .proposing, change.isFinite else {
    session.note("it predicted a change of \(change) \(session.activity.rawValue)")
    return WB_FAILED
  }
  session.prediction = change
  return WB_OK
}

private func random(
  _ host: UnsafePointer<wb_host>, into out: UnsafeMutablePointer<Float>, count: UInt64
) {
  guard let session = Session.of(host), !isNull(out), let count = Int(exactly: count) else {
    return
  }
  let values = UnsafeMutableBufferPointer(start: out, count: count)
  // A draw from another thread, or from none of this cell's calls, would not be the same again.
  guard session.activity != .idle else { return values.update(repeating: 0) }
  session.fillRandom(values)
}

private func query(
  _ host: UnsafePointer<wb_host>, _ id: UnsafePointer<CChar>
) -> UnsafeRawPointer? {
  guard !isNull(host), !isNull(id) else { return nil }
  if strcmp(id, WB_LINEAR_ALGEBRA_1) == 0 { return LinearAlgebraTable.shared.address }
  if strcmp(id, WB_PLANNED_1) == 0 { return PlannedTable.shared.address }
  return nil
}
