import CWorkbench
import Foundation

/// The table of host functions in a strategy's process: each asks the judge.
///
/// What a call is given lives until the next call begins.
final class RemoteHost {
  let line: MessageLine
  let given: SharedMemory
  let taken: SharedMemory
  private let memory: UnsafeMutablePointer<wb_host>
  var pointer: UnsafePointer<wb_host> { UnsafePointer(memory) }
  /// The network's structure, once this call has asked for it.
  private var structure: RemoteStructure?

  var memoryLimit: UInt64 {
    get { memory.pointee.memory_limit }
    set { memory.pointee.memory_limit = newValue }
  }

  init(_ line: MessageLine, given: SharedMemory, taken: SharedMemory) {
    self.line = line
    self.given = given
    self.taken = taken
    let version: StaticString = "workbench 1.0"
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: wb_host(
        struct_size: MemoryLayout<wb_host>.size, context: nil, abi_minor: WB_ABI_MINOR, reserved: 0,
        version: UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self),
        memory_limit: 0,
        log: { RemoteHost.of($0)?.log($1, $2) },
        fail: { host, text in
          if let host = RemoteHost.of(host), !isNull(text) {
            host.fail(RawText.readable(UnsafeRawPointer(text)))
          }
          return WB_FAILED
        },
        layer_at: { RemoteHost.of($0)?.structure(of: $1).layer(at: $2) },
        block_at: { RemoteHost.of($0)?.structure(of: $1).block(at: $2) },
        edge_at: { RemoteHost.of($0)?.structure(of: $1).edge(at: $2) },
        read: { RemoteHost.of($0)?.read($1, $2, isPlanned: false) ?? WB_FAILED },
        inverse_hessian: {
          RemoteHost.of($0)?.inverseHessian($1, $2, $3, $4, $5, isPlanned: false) ?? WB_FAILED
        },
        emit: { RemoteHost.of($0)?.emit($1) ?? WB_FAILED },
        measure: { RemoteHost.of($0)?.measure($1, $2) ?? WB_FAILED },
        predict: { RemoteHost.of($0)?.status(.predict, [$1]) ?? WB_FAILED },
        random: { RemoteHost.of($0)?.random($1, $2) },
        query: { host, id in
          guard !isNull(host), !isNull(id) else { return nil }
          if strcmp(id, WB_LINEAR_ALGEBRA_1) == 0 { return LinearAlgebraTable.shared.address }
          if strcmp(id, WB_PLANNED_1) == 0 { return RemotePlannedTable.shared.address }
          return nil
        }))
    memory.pointee.context = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { memory.deallocate() }

  static func of(_ host: UnsafePointer<wb_host>) -> RemoteHost? {
    guard !isNull(host), let context = host.pointee.context else { return nil }
    return Unmanaged<RemoteHost>.fromOpaque(context).takeUnretainedValue()
  }

  func beginCall() { structure = nil }

  /// Asks, and waits. A judge that no longer answers has no more use for this process.
  func ask(_ message: Message, _ payload: [UInt8]) -> WireReader {
    do {
      try line.send(message, payload)
      let (message, answer) = try line.receive()
      if message == .answer { return answer }
    } catch {}
    _exit(1)
  }

  func status<Value: BitwiseCopyable>(_ message: Message, _ values: [Value]) -> wb_status {
    var payload = WireWriter()
    for value in values { payload.put(value) }
    var answer = ask(message, payload.bytes)
    return (try? answer.get(wb_status.self)) ?? WB_FAILED
  }

  // MARK: - Words

  private func log(_ level: wb_log_level, _ text: UnsafePointer<CChar>) {
    guard !isNull(text) else { return }
    var payload = WireWriter()
    payload.put(level)
    payload.put(RawText.readable(UnsafeRawPointer(text)))
    try? line.send(.log, payload.bytes)
  }

  func fail(_ reason: String) {
    var payload = WireWriter()
    payload.put(reason)
    _ = ask(.fail, payload.bytes)
  }

  // MARK: - The network

  func header(_ model: OpaquePointer) -> WireWriter {
    var payload = WireWriter()
    // A null handle is the judge's to refuse.
    payload.put(UInt64(UInt(bitPattern: unsafeBitCast(model, to: UnsafeRawPointer?.self))))
    return payload
  }

  private func structure(of model: OpaquePointer) -> RemoteStructure {
    let handle = header(model).bytes
    if let structure, structure.handle == handle { return structure }
    let found = RemoteStructure(handle: handle, ask(.structure, handle))
    structure = found
    return found
  }

  func read(
    _ model: OpaquePointer, _ reading: UnsafeMutablePointer<wb_reading>, isPlanned: Bool
  ) -> wb_status {
    guard !isNull(reading) else { return WB_FAILED }
    var payload = header(model)
    payload.put(UInt8(isPlanned ? 1 : 0))
    payload.put(reading.pointee.struct_size)
    payload.put(reading.pointee.signal)
    payload.put(reading.pointee.layer)
    var answer = ask(.read, payload.bytes)
    do {
      let status = try answer.get(wb_status.self)
      guard status == WB_OK else { return status }
      guard let values = given.values(try answer.get(SharedMemory.Piece.self), of: Float.self)
      else { return WB_FAILED }
      reading.pointee.values = values.baseAddress
      reading.pointee.count = UInt64(values.count)
      reading.pointee.rows = try answer.get()
      reading.pointee.columns = try answer.get()
      return WB_OK
    } catch {
      return WB_FAILED
    }
  }

  func inverseHessian(
    _ model: OpaquePointer, _ damping: Double, _ out: UnsafeMutablePointer<Double>, _ count: UInt64,
    _ used: UnsafeMutablePointer<Double>, isPlanned: Bool
  ) -> wb_status {
    guard !isNull(out), !isNull(used) else { return WB_FAILED }
    var payload = header(model)
    payload.put(UInt8(isPlanned ? 1 : 0))
    payload.put(damping)
    payload.put(count)
    var answer = ask(.inverseHessian, payload.bytes)
    do {
      let status = try answer.get(wb_status.self)
      guard status == WB_OK else { return status }
      guard let values = given.values(try answer.get(SharedMemory.Piece.self), of: Double.self),
        let start = values.baseAddress, values.count == count
      else { return WB_FAILED }
      out.update(from: start, count: values.count)
      used.pointee = try answer.get()
      return WB_OK
    } catch {
      return WB_FAILED
    }
  }

  func measure(_ model: OpaquePointer, _ out: UnsafeMutablePointer<wb_counts>) -> wb_status {
    guard !isNull(out) else { return WB_FAILED }
    var payload = header(model)
    payload.put(out.pointee.struct_size)
    var answer = ask(.measure, payload.bytes)
    do {
      let status = try answer.get(wb_status.self)
      guard status == WB_OK else { return status }
      let counts = try answer.get(wb_counts.self)
      out.pointee.weights = counts.weights
      out.pointee.parameters = counts.parameters
      out.pointee.operations = counts.operations
      return WB_OK
    } catch {
      return WB_FAILED
    }
  }

  private func random(_ out: UnsafeMutablePointer<Float>, _ count: UInt64) {
    guard !isNull(out), let count = Int(exactly: count) else { return }
    var place = 0
    while place < count {
      let part = min(count - place, Int(HostServer.mostRandom))
      var payload = WireWriter()
      payload.put(UInt32(part))
      var answer = ask(.random, payload.bytes)
      guard let values = try? answer.array(of: Float.self), values.count == part else { return }
      for (index, value) in values.enumerated() { out[place + index] = value }
      place += part
    }
  }

  func loss(_ model: OpaquePointer, _ out: UnsafeMutablePointer<Double>) -> wb_status {
    guard !isNull(out) else { return WB_FAILED }
    var answer = ask(.loss, header(model).bytes)
    guard let status = try? answer.get(wb_status.self), let loss = try? answer.get(Double.self)
    else { return WB_FAILED }
    if status == WB_OK { out.pointee = loss }
    return status
  }
}

/// The table `wb.planned/1` in a strategy's process; one for the process, never freed.
private struct RemotePlannedTable: @unchecked Sendable {
  let address: UnsafeRawPointer

  static let shared = RemotePlannedTable()

  private init() {
    let table = UnsafeMutablePointer<wb_planned>.allocate(capacity: 1)
    table.initialize(
      to: wb_planned(
        struct_size: MemoryLayout<wb_planned>.size,
        read: { RemoteHost.of($0)?.read($1, $2, isPlanned: true) ?? WB_FAILED },
        inverse_hessian: {
          RemoteHost.of($0)?.inverseHessian($1, $2, $3, $4, $5, isPlanned: true) ?? WB_FAILED
        },
        loss: { RemoteHost.of($0)?.loss($1, $2) ?? WB_FAILED },
        retract: { RemoteHost.of($0)?.status(.retract, [$1]) ?? WB_FAILED }))
    address = UnsafeRawPointer(table)
  }
}
