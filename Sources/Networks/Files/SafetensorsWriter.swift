import Foundation

/// Collects tensors and makes a safetensors file of them; equal ones make equal bytes.
struct SafetensorsWriter {
  private var entries: [String] = []
  private var values = Data()

  mutating func add(_ name: String, _ extents: [Int], floats: ArraySlice<Float>) {
    floats.withUnsafeBufferPointer { floats in
      // Little-endian, as every processor is that this program runs on.
      add(name, "F32", extents, Data(UnsafeRawBufferPointer(floats)))
    }
  }

  mutating func add(_ name: String, _ extents: [Int], flags: some Sequence<Bool>) {
    add(name, "U8", extents, Data(flags.map { $0 ? 1 : 0 }))
  }

  private mutating func add(_ name: String, _ type: String, _ extents: [Int], _ bytes: Data) {
    let end = values.count + bytes.count
    entries.append(
      "\(Self.quoted(name)):{\"dtype\":\"\(type)\",\"shape\":\(Self.list(extents)),"
        + "\"data_offsets\":\(Self.list([values.count, end]))}")
    values.append(bytes)
  }

  /// The bytes of the file.
  func file(metadata: [String: String]) -> Data {
    let members = metadata.sorted { $0.key < $1.key }.map {
      "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
    }
    let first = "\"\(SafetensorsHeader.metadataName)\":{\(members.joined(separator: ","))}"
    var header = Data("{\(([first] + entries).joined(separator: ","))}".utf8)
    header.append(
      contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    var data = Data()
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    return data + header + values
  }

  private static func list(_ numbers: [Int]) -> String {
    "[\(numbers.map(String.init).joined(separator: ","))]"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
