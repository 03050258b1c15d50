import CWorkbench

extension RemoteHost {
  /// Sends an edit with all that it points at. What it says is the judge's to check; here no more of it
  /// is looked at than its own size says is there.
  func emit(_ edit: UnsafePointer<wb_edit>) -> wb_status {
    guard !isNull(edit) else { return WB_FAILED }
    let base = UnsafeRawPointer(edit)
    let head = RawStruct<wb_edit>(base: base, size: extent(of: \wb_edit.struct_size))
    let size = Int(head.load(\.struct_size) ?? 0)
    let raw = RawStruct<wb_edit>(base: base, size: size)
    var payload = WireWriter()
    payload.put(Self.bytes(base, size: size, most: MemoryLayout<wb_edit>.size))
    lend(raw.load(\.indices) ?? nil, raw.load(\.index_count) ?? 0, &payload)
    lend(raw.load(\.values) ?? nil, raw.load(\.value_count) ?? 0, &payload)
    lendLayers(raw, &payload)
    var answer = ask(.emit, payload.bytes)
    return (try? answer.get(wb_status.self)) ?? WB_FAILED
  }

  /// The bytes of a struct: all that it says it has, but for those that nobody knows, and its size.
  private static func bytes(
    _ base: UnsafeRawPointer, size: Int, most: Int
  ) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: max(MemoryLayout<UInt32>.size, min(size, most)))
  }

  private func lend<Value: BitwiseCopyable>(
    _ values: UnsafePointer<Value>?, _ count: UInt64, _ payload: inout WireWriter
  ) {
    // Counts beyond the limit are ones that were never set: the judge says so of the count alone.
    guard let values, count > 0, count < 1 << 31,
      let piece = taken.place(UnsafeBufferPointer(start: values, count: Int(count)))
    else { return payload.put(UInt8(0)) }
    payload.put(UInt8(1))
    payload.put(piece)
  }

  private func lendLayers(_ edit: RawStruct<wb_edit>, _ payload: inout WireWriter) {
    let count = edit.load(\.layer_count) ?? 0
    guard let list = edit.address(\.layers), (1...HostServer.mostLayers).contains(count) else {
      return payload.put(UInt8(0))
    }
    payload.put(UInt8(1))
    payload.put(UInt32(count))
    for index in 0..<Int(count) {
      let word = list.loadUnaligned(
        fromByteOffset: index * MemoryLayout<UInt>.stride, as: UInt.self)
      guard let base = UnsafeRawPointer(bitPattern: word) else {
        payload.put(UInt8(0))
        continue
      }
      let head = RawStruct<wb_layer_spec>(base: base, size: extent(of: \wb_layer_spec.struct_size))
      let size = Int(head.load(\.struct_size) ?? 0)
      let layer = RawStruct<wb_layer_spec>(base: base, size: size)
      payload.put(UInt8(1))
      payload.put(Self.bytes(base, size: size, most: MemoryLayout<wb_layer_spec>.size))
      lend(layer.load(\.weights) ?? nil, layer.load(\.weight_count) ?? 0, &payload)
      lend(layer.load(\.biases) ?? nil, layer.load(\.bias_count) ?? 0, &payload)
    }
  }
}
