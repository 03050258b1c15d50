import Foundation

/// A JSON value. Numbers that are not finite become null, which is all that JSON has for them.
enum JSON: Encodable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(_ value: Double?) {
    self = value.map { $0.isFinite ? .number($0) : .null } ?? .null
  }

  init(_ value: Int?) {
    self = value.map { .integer($0) } ?? .null
  }

  init(_ value: String?) {
    self = value.map { .string($0) } ?? .null
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  /// Indented, members sorted by name, with a line end.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
