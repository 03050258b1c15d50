/// The header of a safetensors file, read strictly: a name that comes twice, or a member that the format does
/// not have, is an error, where a general reader of JSON would take one of them.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var tensors: [String: Safetensors.Tensor] = [:]

  /// Why bytes are no header.
  struct Problem: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  static let metadataName = "__metadata__"

  init(_ bytes: [UInt8]) throws(Problem) {
    var reader = HeaderReader(bytes)
    var seen: Set<String> = []
    try reader.object { name, reader throws(Problem) in
      guard seen.insert(name).inserted else { throw Problem("'\(name)' stands there twice") }
      if name == Self.metadataName {
        metadata = try Self.metadata(&reader)
      } else {
        tensors[name] = try Self.tensor(name, &reader)
      }
    }
    try reader.end()
  }

  private static func metadata(_ reader: inout HeaderReader) throws(Problem) -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { name, reader throws(Problem) in
      guard metadata.updateValue(try reader.string(), forKey: name) == nil else {
        throw Problem("'\(name)' stands twice in its metadata")
      }
    }
    return metadata
  }

  private static func tensor(
    _ name: String, _ reader: inout HeaderReader
  ) throws(Problem) -> Safetensors.Tensor {
    var type: String?
    var extents: [Int]?
    var offsets: [Int]?
    try reader.object { member, reader throws(Problem) in
      switch member {
      case "dtype" where type == nil: type = try reader.string()
      case "shape" where extents == nil: extents = try reader.numbers()
      case "data_offsets" where offsets == nil: offsets = try reader.numbers()
      case "dtype", "shape", "data_offsets":
        throw Problem("'\(member)' stands twice in tensor '\(name)'")
      default: throw Problem("a tensor has no '\(member)', as '\(name)' does")
      }
    }
    guard let type, let extents, let offsets else {
      throw Problem("tensor '\(name)' lacks its dtype, shape or data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw Problem("the data_offsets of tensor '\(name)' are no begin and end")
    }
    return Safetensors.Tensor(type: type, extents: extents, range: offsets[0]..<offsets[1])
  }
}

/// Reads the little of JSON that a header consists of: objects, texts and lists of whole numbers from 0 on.
/// Nothing nests deeper than the callers do.
private struct HeaderReader {
  typealias Problem = SafetensorsHeader.Problem

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Calls `member` with the name of each member; it reads the value.
  mutating func object(
    _ member: (String, inout HeaderReader) throws(Problem) -> Void
  ) throws(Problem) {
    try expect("{")
    guard !take("}") else { return }
    repeat {
      let name = try string()
      try expect(":")
      try member(name, &self)
    } while take(",")
    try expect("}")
  }

  mutating func numbers() throws(Problem) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    guard !take("]") else { return numbers }
    repeat { numbers.append(try number()) } while take(",")
    try expect("]")
    return numbers
  }

  mutating func string() throws(Problem) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Problem("a text in it is not encoded as UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20: throw Problem("a text in it has the control character \(byte)")
      default: text.append(byte)
      }
    }
    throw Problem("a text in it does not end")
  }

  /// Only spaces may follow, by which a header is padded.
  mutating func end() throws(Problem) {
    skipSpaces()
    guard place == bytes.count else { throw Problem("something follows its last bracket") }
  }

  private mutating func number() throws(Problem) -> Int {
    skipSpaces()
    let start = place
    var number = 0
    while place < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place] {
      let (tens, first) = number.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(Int(bytes[place] - UInt8(ascii: "0")))
      guard !first, !second else { throw Problem("a number in it is absurd") }
      number = sum
      place += 1
    }
    guard place > start else {
      throw Problem("a whole number from 0 on is wanted at byte \(place)")
    }
    return number
  }

  private mutating func escaped() throws(Problem) -> [UInt8] {
    guard place < bytes.count else { throw Problem("a text in it does not end") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      // Beyond 0xFFFF two of them make one character.
      if UTF16.isLeadSurrogate(units[0]), bytes[place...].starts(with: Array("\\u".utf8)) {
        place += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw Problem("a text in it has half a character")
      }
      return Array(text.utf8)
    default: throw Problem("a text in it has an unknown escape")
    }
  }

  private mutating func codeUnit() throws(Problem) -> UInt16 {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Problem("a text in it has an escape without four digits") }
    place += 4
    return unit
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
    guard take(character) else { throw Problem("'\(character)' is wanted at byte \(place)") }
  }

  /// Passes a character where it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpaces() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }
}
