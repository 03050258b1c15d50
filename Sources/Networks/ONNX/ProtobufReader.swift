/// Reads one message in the wire format of protocol buffers, field by field.
///
/// Nothing is copied and nothing reserved: a field's bytes are a part of those that are there. A message within
/// another is read by a reader of its own, so that nothing nests deeper than those who call.
struct ProtobufReader {
  /// Why bytes are no message.
  struct Problem: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// One field of a message.
  struct Field {
    let number: UInt64
    let value: Value

    enum Value {
      case varint(UInt64)
      case fixed64(UInt64)
      case fixed32(UInt32)
      case bytes(ArraySlice<UInt8>)
    }
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field; nil behind the last one.
  mutating func next() throws(Problem) -> Field? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint()
    let number = tag >> 3
    guard number > 0, number < 1 << 29 else { throw Problem("a field has the number \(number)") }
    switch tag & 7 {
    case 0: return Field(number: number, value: .varint(try varint()))
    case 1: return Field(number: number, value: .fixed64(try fixed(8)))
    case 2:
      let count = try varint()
      guard count <= rest.count else {
        throw Problem("field \(number) of \(count) bytes lies in a message with \(rest.count) left")
      }
      return Field(number: number, value: .bytes(take(Int(count))))
    case 5: return Field(number: number, value: .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    default: throw Problem("field \(number) has the unknown wire type \(tag & 7)")
    }
  }

  /// Whether all of the bytes are read.
  var isAtEnd: Bool { rest.isEmpty }

  /// At most ten bytes, the last of which has one bit.
  mutating func varint() throws(Problem) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard let byte = rest.popFirst() else { throw Problem("a number is cut short") }
      guard index < 9 || byte <= 1 else { throw Problem("a number has more than 64 bits") }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw Problem("a number has more than 64 bits")
  }

  /// Little-endian, of so many bytes.
  mutating func fixed(_ count: Int) throws(Problem) -> UInt64 {
    guard rest.count >= count else { throw Problem("a number is cut short") }
    return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

extension ProtobufReader.Field {
  typealias Problem = ProtobufReader.Problem

  var number64: Int {
    get throws(Problem) {
      guard case .varint(let value) = value else { throw problem("a number") }
      return Int(Int64(bitPattern: value))
    }
  }

  var float: Float {
    get throws(Problem) {
      guard case .fixed32(let value) = value else { throw problem("a single-precision number") }
      return Float(bitPattern: value)
    }
  }

  var bytes: ArraySlice<UInt8> {
    get throws(Problem) {
      guard case .bytes(let value) = value else { throw problem("bytes") }
      return value
    }
  }

  var text: String {
    get throws(Problem) {
      guard let text = String(validating: try bytes, as: UTF8.self) else {
        throw Problem("field \(number) is a text that is not encoded as UTF-8")
      }
      return text
    }
  }

  /// A message within the message.
  var message: ProtobufReader { get throws(Problem) { ProtobufReader(try bytes) } }

  /// Numbers that stand one by one or packed into one field.
  var numbers: [Int] {
    get throws(Problem) {
      guard case .bytes(let bytes) = value else { return [try number64] }
      var reader = ProtobufReader(bytes)
      var numbers: [Int] = []
      while !reader.isAtEnd { numbers.append(Int(Int64(bitPattern: try reader.varint()))) }
      return numbers
    }
  }

  /// Likewise of single precision.
  var floats: [Float] {
    get throws(Problem) {
      guard case .bytes(let bytes) = value else { return [try float] }
      var reader = ProtobufReader(bytes)
      var floats: [Float] = []
      while !reader.isAtEnd {
        floats.append(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.fixed(4))))
      }
      return floats
    }
  }

  private func problem(_ wanted: String) -> Problem {
    Problem("field \(number) is not \(wanted)")
  }
}
