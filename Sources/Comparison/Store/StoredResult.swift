import Datasets
package import Foundation

/// A result as its file holds it: with the digest of the file, in which the digest's own digits are
/// taken for zeros.
package struct StoredResult: Codable {
  private let result: CellResult
  private let digest: String

  private enum CodingKeys: CodingKey { case digest }

  private static let zeros = String(repeating: "0", count: 64)

  /// The bytes of a result file.
  ///
  /// - Throws: `EncodingError`.
  package static func encode(_ result: CellResult) throws -> Data {
    let data = try CanonicalJSON.encode(StoredResult(result: result, digest: zeros), pretty: true)
    return replacing(zeros, by: sha256Hex(of: data), in: data)
  }

  /// The result that the bytes of a file hold.
  ///
  /// - Parameter file: What an error calls it.
  /// - Throws: ``StoreError`` that says why it cannot be trusted.
  package static func decode(_ data: Data, file: String) throws(StoreError) -> CellResult {
    let stored: StoredResult
    do {
      stored = try CanonicalJSON.decode(StoredResult.self, from: data)
    } catch {
      throw StoreError("\(file) \(whatIsWrong(with: data, error))")
    }
    guard sha256Hex(of: replacing(stored.digest, by: zeros, in: data)) == stored.digest else {
      throw StoreError("\(file) was changed: its digest is that of another text")
    }
    return stored.result
  }

  private init(result: CellResult, digest: String) {
    self.result = result
    self.digest = digest
  }

  package init(from decoder: any Decoder) throws {
    result = try CellResult(from: decoder)
    digest = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .digest)
  }

  package func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(digest, forKey: .digest)
  }

  /// Names are sorted, and no name before this one is free to choose: the first is the file's own.
  private static func replacing(_ digits: String, by others: String, in data: Data) -> Data {
    var data = data
    if let range = data.range(of: Data("\"digest\" : \"\(digits)\"".utf8)) {
      data.replaceSubrange(range, with: Data("\"digest\" : \"\(others)\"".utf8))
    }
    return data
  }

  private static func whatIsWrong(with data: Data, _ error: any Error) -> String {
    struct Other: Decodable {
      struct Key: Decodable { var protocolVersion: Int }
      var key: Key
    }
    if let version = (try? CanonicalJSON.decode(Other.self, from: data))?.key.protocolVersion,
      version != CellKey.protocolVersion
    {
      let age = version < CellKey.protocolVersion ? "an older" : "a newer"
      return "is of \(age) version of this program"
    }
    guard (try? JSONSerialization.jsonObject(with: data)) != nil else {
      return "is no JSON: it was cut short or changed"
    }
    return "is not as this version writes results: \(error.whatIsMissing)"
  }
}

extension Error {
  /// Of a decoder's error the field it is about.
  fileprivate var whatIsMissing: String {
    func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
      let names = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      return (names + (last.map { [$0] } ?? [])).joined(separator: ".")
    }
    return switch self as? DecodingError {
    case .keyNotFound(let key, let context): "no '\(path(context, key.stringValue))'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      "'\(path(context))' is something else"
    default: "\(self)"
    }
  }
}
