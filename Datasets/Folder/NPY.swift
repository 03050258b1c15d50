import Foundation

/// An array in NumPy's `.npy` format, versions 1 to 3: magic, version, the length of a header of text,
/// the header, and the elements, the last dimension fastest.
struct NPY {
  let shape: [Int]
  /// The elements as numbers.
  let values: [Float]
  /// Whether they were whole numbers in the file.
  let isWhole: Bool

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// - Throws: ``DatasetError/malformed(file:reason:)``.
  init(_ contents: Data, file: String) throws(DatasetError) {
    func malformed(_ reason: String) -> DatasetError { .malformed(file: file, reason: reason) }
    let bytes = [UInt8](contents)
    guard bytes.count >= 12, bytes.starts(with: Self.magic) else {
      throw malformed("a .npy file starts with \\x93NUMPY and a header")
    }
    let major = bytes[6]
    guard (1...3).contains(major) else {
      throw malformed("version \(major) of the format is not known; save it with numpy.save")
    }
    let lengthBytes = major == 1 ? 2 : 4
    let length = bytes[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + lengthBytes + length
    guard start <= bytes.count else {
      throw malformed("the header should have \(length) bytes, and the file ends before")
    }
    let header = NPYHeader(String(decoding: bytes[8 + lengthBytes..<start], as: UTF8.self))
    guard let description = header.text(of: "descr"), let shape = header.shape else {
      throw malformed("the header does not say 'descr' and 'shape'")
    }
    guard header.word(of: "fortran_order") == "False" else {
      throw malformed("columns come first; save numpy.ascontiguousarray(x)")
    }
    guard let kind = NPYElement(rawValue: description) else {
      throw malformed(
        "elements of the type '\(description)' are not known; save x.astype('float32') or 'uint8'")
    }
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= bytes.count else {
        throw malformed("its shape \(shape) needs more elements than there are")
      }
      count = product
    }
    guard bytes.count - start == count * kind.width else {
      throw malformed(
        "its shape \(shape) needs \(count * kind.width) bytes, found \(bytes.count - start)")
    }
    self.shape = shape
    isWhole = kind.isWhole
    values = bytes.withUnsafeBytes { kind.values($0, from: start, count: count) }
  }
}

/// The types of elements that are read.
private enum NPYElement: String {
  case byte = "|u1"
  case truth = "|b1"
  case signedByte = "|i1"
  case short = "<i2"
  case unsignedShort = "<u2"
  case int = "<i4"
  case unsignedInt = "<u4"
  case long = "<i8"
  case unsignedLong = "<u8"
  case float = "<f4"
  case double = "<f8"

  var isWhole: Bool { self != .float && self != .double }

  var width: Int {
    switch self {
    case .byte, .truth, .signedByte: 1
    case .short, .unsignedShort: 2
    case .int, .unsignedInt, .float: 4
    case .long, .unsignedLong, .double: 8
    }
  }

  func values(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> [Float] {
    func all<Element: BitwiseCopyable>(
      _ type: Element.Type, _ value: (Element) -> Float
    ) -> [Float] {
      (0..<count).map {
        value(
          bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Element>.size, as: type))
      }
    }
    return switch self {
    case .byte, .truth: all(UInt8.self) { Float($0) }
    case .signedByte: all(Int8.self) { Float($0) }
    case .short: all(Int16.self) { Float(Int16(littleEndian: $0)) }
    case .unsignedShort: all(UInt16.self) { Float(UInt16(littleEndian: $0)) }
    case .int: all(Int32.self) { Float(Int32(littleEndian: $0)) }
    case .unsignedInt: all(UInt32.self) { Float(UInt32(littleEndian: $0)) }
    case .long: all(Int64.self) { Float(Int64(littleEndian: $0)) }
    case .unsignedLong: all(UInt64.self) { Float(UInt64(littleEndian: $0)) }
    case .float: all(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .double: all(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    }
  }
}

/// The header: a Python dictionary of three members, such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
private struct NPYHeader {
  private let text: String

  init(_ text: String) { self.text = text }

  /// What stands behind `'name':`.
  private func rest(of name: String) -> Substring? {
    text.range(of: "'\(name)':").map { text[$0.upperBound...].drop { $0 == " " } }
  }

  func text(of name: String) -> String? {
    guard let rest = rest(of: name), rest.first == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != "'" })
  }

  func word(of name: String) -> String? {
    rest(of: name).map { String($0.prefix { $0.isLetter }) }
  }

  /// Nil unless it is a tuple of whole numbers.
  var shape: [Int]? {
    guard let rest = rest(of: "shape"), rest.first == "(", let end = rest.firstIndex(of: ")") else {
      return nil
    }
    let words = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",")
      .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let numbers = words.compactMap { Int($0) }
    return numbers.count == words.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
  }
}
