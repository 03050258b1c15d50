import Datasets
package import Foundation
import PluginHost

extension CellKey {
  /// The protocol of this program: raise it when training, counting or the schedule changes what
  /// the same key would measure.
  package static let protocolVersion = 2

  /// The strategy name of the cells that train the network all others start from.
  package static let denseName = StrategyEntry.denseId

  package var isDense: Bool { strategy == Self.denseName }

  /// The SHA-256 of the key as JSON with sorted names: the name of the cell's folder.
  package var hash: String {
    // A key holds finite numbers and text: encoding it cannot fail.
    sha256Hex(of: (try? CanonicalJSON.encode(self)) ?? Data())
  }

  /// The key of the dense network that this cell starts from.
  package var dense: CellKey {
    CellKey(
      benchmark: benchmark, benchmarkVersion: benchmarkVersion,
      benchmarkSHA256: benchmarkSHA256, strategy: Self.denseName,
      kernels: kernels, replicate: replicate, ratios: [], quick: quick,
      protocolVersion: protocolVersion)
  }

  /// The cell whose structures this one trains; nil for what is no control.
  package var controlled: CellKey? {
    guard control != nil else { return nil }
    var key = self
    key.control = nil
    return key
  }

  /// The cells that must have ended before this one can start.
  var prerequisites: [CellKey] { isDense ? [] : [dense] + (controlled.map { [$0] } ?? []) }

  /// The seed of data, initial weights and batches: of the benchmark and the replicate alone, so
  /// that every strategy meets the same.
  package var seed: UInt64 { seed(of: "\(benchmark)/\(replicate)") }

  /// The seed of the fresh weights that controls start from: the same for all of them, and another one
  /// than the dense network's.
  var controlSeed: UInt64 { seed(of: "\(benchmark)/\(replicate)/controls") }

  /// The seed of the strategy's own random numbers.
  package var strategySeed: UInt64 { seed(of: "\(benchmark)/\(replicate)/\(strategyText)") }

  private func seed(of text: String) -> UInt64 {
    UInt64(sha256Hex(of: Data(text.utf8)).prefix(16), radix: 16) ?? 0
  }
}

/// JSON of which equal values have equal bytes.
package enum CanonicalJSON {
  /// - Throws: `EncodingError`.
  package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    // A pruned network may well overflow before it is fine-tuned; JSON has no word for it.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }

  /// - Throws: `DecodingError`.
  package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: data)
  }
}
