import CWorkbench

/// Answers what a strategy in another process asks of the host, by asking the host's table as a library
/// in this process would.
///
/// So everything is checked where it always is. What is checked here is the form of the messages: one
/// that has none is answered with a failure.
struct HostServer {
  let host: UnsafePointer<wb_host>
  let given: SharedMemory
  let taken: SharedMemory

  /// - Returns: Nil for what nobody waits for.
  func reply(to message: Message, _ payload: WireReader) -> [UInt8]? {
    var payload = payload
    var reply = WireWriter()
    do {
      switch message {
      case .log:
        let level = try payload.get(wb_log_level.self)
        try payload.text().withCString { host.pointee.log(host, level, $0) }
        return nil
      case .fail: reply.put(try payload.text().withCString { host.pointee.fail(host, $0) })
      case .structure: try structure(&payload, &reply)
      case .read: try read(&payload, &reply)
      case .inverseHessian: try inverseHessian(&payload, &reply)
      case .emit: reply.put(try emit(&payload))
      case .measure: try measure(&payload, &reply)
      case .predict: reply.put(host.pointee.predict(host, try payload.get(Double.self)))
      case .random: try random(&payload, &reply)
      case .loss: try loss(&payload, &reply)
      case .retract:
        reply.put(planned?.pointee.retract(host, try payload.get(UInt64.self)) ?? WB_FAILED)
      default: throw WireReader.Malformed()
      }
      return reply.bytes
    } catch {
      Session.of(host)?.note("its process sent a message that says nothing")
      var refusal = WireWriter()
      refusal.put(WB_FAILED)
      return refusal.bytes
    }
  }

  private var planned: UnsafePointer<wb_planned>? {
    host.pointee.query(host, WB_PLANNED_1)?.assumingMemoryBound(to: wb_planned.self)
  }

  private func model(_ payload: inout WireReader) throws -> OpaquePointer {
    let handle = UInt(try payload.get(UInt64.self))
    // A null handle is as wrong as any other that was not given.
    guard let model = OpaquePointer(bitPattern: handle == 0 ? 1 : handle) else {
      throw WireReader.Malformed()
    }
    return model
  }

  // MARK: - Reading
  /// All layers, blocks and edges.
  private func structure(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let model = try model(&payload)
    func all<Item>(_ at: (UInt32) -> UnsafePointer<Item>?) -> [Item] {
      var items: [Item] = []
      while let item = at(UInt32(items.count)) { items.append(item.pointee) }
      return items
    }
    let layers = all { host.pointee.layer_at(host, model, $0) }
    reply.put(UInt32(layers.count))
    for layer in layers {
      reply.put(layer)
      reply.put(String(cString: layer.name))
    }
    // A handle that was not given has been noted once.
    let blocks = layers.isEmpty ? [] : all { host.pointee.block_at(host, model, $0) }
    reply.put(UInt32(blocks.count))
    for block in blocks {
      reply.put(block)
      reply.put(String(cString: block.name))
    }
    reply.put(layers.isEmpty ? [] : all { host.pointee.edge_at(host, model, $0) })
  }

  private func read(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let model = try model(&payload)
    let isPlanned = try payload.get(UInt8.self) != 0
    var reading = wb_reading()
    reading.struct_size = try payload.get()
    reading.signal = try payload.get()
    reading.layer = try payload.get()
    let function = isPlanned ? planned?.pointee.read : host.pointee.read
    var status = function?(host, model, &reading) ?? WB_FAILED
    var piece = SharedMemory.Piece(offset: 0, bytes: 0)
    if status == WB_OK {
      if let placed = given.placeOnce(
        UnsafeBufferPointer(start: reading.values, count: Int(reading.count)))
      {
        piece = placed
      } else {
        Session.of(host)?.note("it read more in one call than there are addresses for")
        status = WB_FAILED
      }
    }
    reply.put(status)
    reply.put(piece)
    reply.put(reading.rows)
    reply.put(reading.columns)
  }

  private func inverseHessian(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let model = try model(&payload)
    let isPlanned = try payload.get(UInt8.self) != 0
    let damping = try payload.get(Double.self)
    let count = try payload.get(UInt64.self)
    var used = 0.0
    var status = WB_FAILED
    var piece = SharedMemory.Piece(offset: 0, bytes: 0)
    // The host checks the count before it writes, and what is refused takes no room.
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 8)
    if !overflow, let bytes = Int(exactly: bytes), let address = given.room(for: bytes) {
      let function = isPlanned ? planned?.pointee.inverse_hessian : host.pointee.inverse_hessian
      status =
        function?(
          host, model, damping, address.assumingMemoryBound(to: Double.self), count, &used)
        ?? WB_FAILED
      if status == WB_OK, let placed = given.allocate(bytes)?.piece { piece = placed }
    }
    reply.put(status)
    reply.put(piece)
    reply.put(used)
  }

  private func measure(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let model = try model(&payload)
    var counts = wb_counts()
    counts.struct_size = try payload.get()
    reply.put(host.pointee.measure(host, model, &counts))
    reply.put(counts)
  }

  private func random(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let count = try payload.get(UInt32.self)
    guard count <= Self.mostRandom else { throw WireReader.Malformed() }
    var values = [Float](repeating: 0, count: Int(count))
    values.withUnsafeMutableBufferPointer { values in
      if let start = values.baseAddress { host.pointee.random(host, start, UInt64(count)) }
    }
    reply.put(values)
  }

  /// Values that one message may ask for.
  static let mostRandom: UInt32 = 1 << 20
  /// Layers that an edit can bring; one with more goes without them, to be refused for its number.
  static let mostLayers: UInt64 = 64

  private func loss(_ payload: inout WireReader, _ reply: inout WireWriter) throws {
    let model = try model(&payload)
    var loss = 0.0
    reply.put(planned?.pointee.loss(host, model, &loss) ?? WB_FAILED)
    reply.put(loss)
  }

  // MARK: - Edits

  private func emit(_ payload: inout WireReader) throws -> wb_status {
    let raw = try payload.raw()
    guard raw.count >= MemoryLayout<UInt32>.size else { throw WireReader.Malformed() }
    var edit = wb_edit()
    withUnsafeMutableBytes(of: &edit) { $0.copyBytes(from: raw.prefix($0.count)) }
    edit.indices = nil
    edit.values = nil
    edit.layers = nil
    if let indices = try array(&payload, of: UInt32.self, count: edit.index_count) {
      edit.indices = indices
    }
    if let values = try array(&payload, of: Float.self, count: edit.value_count) {
      edit.values = values
    }
    let layers = try layers(&payload, count: edit.layer_count)
    return layers.withPointers { pointers in
      edit.layers = pointers
      return host.pointee.emit(host, &edit)
    }
  }

  /// An array that the strategy lent; nil where it lent none.
  private func array<Value: BitwiseCopyable>(
    _ payload: inout WireReader, of type: Value.Type, count: UInt64
  ) throws -> UnsafePointer<Value>? {
    guard try payload.get(UInt8.self) != 0 else { return nil }
    let piece = try payload.get(SharedMemory.Piece.self)
    // What was never written is nothing that could be lent, and costs who reads it.
    guard piece.bytes <= taken.stored, let values = taken.values(piece, of: type),
      values.count == count
    else { throw WireReader.Malformed() }
    return values.baseAddress
  }

  /// The layers that an edit brings, each as many bytes as it says it has.
  ///
  /// - Parameter count: What the edit says; the host believes it once it is one that can be.
  private func layers(_ payload: inout WireReader, count: UInt64) throws -> LentLayers {
    guard try payload.get(UInt8.self) != 0 else { return LentLayers(specifications: nil) }
    guard try payload.get(UInt32.self) == count, count <= Self.mostLayers else {
      throw WireReader.Malformed()
    }
    var specifications: [wb_layer_spec?] = []
    for _ in 0..<count {
      guard try payload.get(UInt8.self) != 0 else {
        specifications.append(nil)
        continue
      }
      let raw = try payload.raw()
      guard raw.count >= MemoryLayout<UInt32>.size else { throw WireReader.Malformed() }
      var layer = wb_layer_spec()
      withUnsafeMutableBytes(of: &layer) { $0.copyBytes(from: raw.prefix($0.count)) }
      layer.weights = nil
      layer.biases = nil
      if let weights = try array(&payload, of: Float.self, count: layer.weight_count) {
        layer.weights = weights
      }
      if let biases = try array(&payload, of: Float.self, count: layer.bias_count) {
        layer.biases = biases
      }
      specifications.append(layer)
    }
    return LentLayers(specifications: specifications)
  }
}

/// Layers as an edit points at them.
private struct LentLayers {
  /// Nil where the edit has no array; nil within it for a null pointer.
  let specifications: [wb_layer_spec?]?

  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<wb_layer_spec>?>?) -> Result
  ) -> Result {
    guard let specifications else { return body(nil) }
    let memory = UnsafeMutablePointer<wb_layer_spec>.allocate(
      capacity: max(1, specifications.count))
    defer { memory.deallocate() }
    var pointers: [UnsafePointer<wb_layer_spec>?] = []
    for (index, layer) in specifications.enumerated() {
      if let layer { (memory + index).initialize(to: layer) }
      pointers.append(layer == nil ? nil : UnsafePointer(memory + index))
    }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
