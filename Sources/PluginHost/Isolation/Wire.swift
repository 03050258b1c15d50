/// Values one after the other, as they go from process to process on one machine.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Value: BitwiseCopyable>(_ value: Value) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ text: String) {
    let utf8 = Array(text.utf8)
    put(UInt32(utf8.count))
    bytes += utf8
  }

  /// A text that may be missing.
  mutating func put(_ text: String?) {
    put(UInt8(text == nil ? 0 : 1))
    if let text { put(text) }
  }

  mutating func put(_ raw: UnsafeRawBufferPointer) {
    put(UInt32(raw.count))
    bytes.append(contentsOf: raw)
  }

  mutating func put<Value: BitwiseCopyable>(_ values: [Value]) {
    values.withUnsafeBytes { put($0) }
  }
}

/// Reads what a ``WireWriter`` wrote, or what somebody wrote who wishes us ill: nothing is believed but
/// the bytes that are there.
struct WireReader {
  private var rest: ArraySlice<UInt8>

  /// That bytes are missing, or are none of what was expected.
  struct Malformed: Error {}

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func get<Value: BitwiseCopyable>(_ type: Value.Type = Value.self) throws(Malformed)
    -> Value
  {
    let size = MemoryLayout<Value>.size
    guard rest.count >= size else { throw Malformed() }
    defer { rest = rest.dropFirst(size) }
    return rest.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
  }

  mutating func text() throws(Malformed) -> String {
    String(decoding: try raw(), as: UTF8.self)
  }

  mutating func optionalText() throws(Malformed) -> String? {
    try get(UInt8.self) == 0 ? nil : try text()
  }

  mutating func raw() throws(Malformed) -> [UInt8] {
    let count = Int(try get(UInt32.self))
    guard rest.count >= count else { throw Malformed() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func array<Value: BitwiseCopyable>(of type: Value.Type) throws(Malformed) -> [Value] {
    let bytes = try raw()
    let size = MemoryLayout<Value>.stride
    guard bytes.count.isMultiple(of: size) else { throw Malformed() }
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map {
        bytes.loadUnaligned(fromByteOffset: $0 * size, as: Value.self)
      }
    }
  }
}
