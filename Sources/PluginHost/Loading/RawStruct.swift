import Foundation

/// A struct that a library wrote, read as raw words.
///
/// The header's types promise that most pointers are not null, and Swift believes them. A library
/// may break the promise or state a size that stops before a field, so nothing of its memory is
/// looked at through those types until both have been checked here.
struct RawStruct<Layout> {
  let base: UnsafeRawPointer
  /// The bytes that the library says the struct has.
  let size: Int

  /// Whether the struct reaches past the field: what `WB_HAS` is in C.
  func has<Field>(_ field: KeyPath<Layout, Field>) -> Bool { size >= extent(of: field) }

  /// The field's value, or nil when the struct does not reach it.
  func load<Field: BitwiseCopyable>(_ field: KeyPath<Layout, Field>) -> Field? {
    guard has(field), let offset = MemoryLayout<Layout>.offset(of: field) else { return nil }
    return base.loadUnaligned(fromByteOffset: offset, as: Field.self)
  }

  /// The address in a pointer field, or nil when it is null or not there.
  func address<Pointer>(_ field: KeyPath<Layout, Pointer>) -> UnsafeRawPointer? {
    guard has(field), let offset = MemoryLayout<Layout>.offset(of: field) else { return nil }
    return UnsafeRawPointer(
      bitPattern: base.loadUnaligned(fromByteOffset: offset, as: UInt.self))
  }

  /// The text in a string field.
  func text<Pointer>(_ field: KeyPath<Layout, Pointer>) -> RawText { RawText(at: address(field)) }
}

/// The bytes a struct must have to hold the field; more than any when it is no stored field.
func extent<Layout, Field>(of field: KeyPath<Layout, Field>) -> Int {
  MemoryLayout<Layout>.offset(of: field).map { $0 + MemoryLayout<Field>.size } ?? .max
}

/// Whether a pointer that its type says is never null is null after all.
@inline(never) func isNull(_ pointer: UnsafeRawPointer) -> Bool { Int(bitPattern: pointer) == 0 }

/// A C string of a library, as far as it can be trusted.
enum RawText {
  case null
  case notUTF8
  case tooLong
  case text(String)

  /// The bytes looked at before a string counts as not terminated.
  static let limit = 65_536

  init(at address: UnsafeRawPointer?) {
    guard let address else {
      self = .null
      return
    }
    let length = strnlen(address.assumingMemoryBound(to: CChar.self), Self.limit)
    guard length < Self.limit else {
      self = .tooLong
      return
    }
    let bytes = UnsafeRawBufferPointer(start: address, count: length)
    self = String(validating: bytes, as: UTF8.self).map(RawText.text) ?? .notUTF8
  }

  /// The text, or nil with what is wrong with it.
  var checked: (text: String?, problem: String) {
    switch self {
    case .null: (nil, "is null")
    case .notUTF8: (nil, "is not UTF-8")
    case .tooLong: (nil, "does not end within \(Self.limit) bytes")
    case .text(let text): text.isEmpty ? (nil, "is empty") : (text, "")
    }
  }

  /// The text with whatever is readable of it: for messages.
  static func readable(_ address: UnsafeRawPointer?) -> String {
    guard let address else { return "" }
    let length = strnlen(address.assumingMemoryBound(to: CChar.self), limit)
    return String(
      decoding: UnsafeRawBufferPointer(start: address, count: length), as: UTF8.self)
  }
}
