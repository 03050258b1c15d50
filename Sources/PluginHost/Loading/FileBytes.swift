/// A file's bytes, of which one may ask for any: there is an answer only where the file has it.
struct FileBytes {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// An integer in this machine's order of bytes.
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: UInt64, as type: Value.Type
  ) -> Value? {
    guard let place = Int(exactly: offset), place <= bytes.count - MemoryLayout<Value>.size else {
      return nil
    }
    return bytes.loadUnaligned(fromByteOffset: place, as: type)
  }

  /// The text up to the next zero byte; nil where that is at once, or further than `longest`.
  func text(at offset: UInt64, longest: Int) -> String? {
    guard let place = Int(exactly: offset), place < bytes.count else { return nil }
    let rest = bytes[place..<min(bytes.count, place + longest)]
    guard let end = rest.firstIndex(of: 0), end > place else { return nil }
    return String(decoding: rest[place..<end], as: UTF8.self)
  }
}
