package import Foundation

/// A network in a file that carries its own structure, in the safetensors format.
///
/// 8 bytes with the length of the header (little-endian), the header as JSON padded with spaces to a
/// multiple of 8, then single-precision data: `values`, `mask` and `statistics` as vectors in the
/// order of ``ParameterLayout``, and `frozen`, of 0 and 1, where training leaves anything as it is. The
/// graph stands as JSON in the header's `__metadata__`.
package enum ModelFile {
  /// Raised when the meaning of a file changes.
  static let format = "workbench-1"
  /// A header is a few kilobytes; nothing above this is one.
  static let longestHeader = 16 << 20

  /// The bytes of a file; equal networks have equal bytes.
  ///
  /// - Throws: ``ModelFileError`` for a parameter that is not a finite number.
  package static func encode(_ network: Network) throws(ModelFileError) -> Data {
    func refuse(_ reason: String) -> ModelFileError {
      ModelFileError(file: "model", reason: reason)
    }
    guard (network.values + network.statistics).allSatisfy(\.isFinite) else {
      throw refuse("a parameter is not a finite number")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let header: Data
    do {
      let graph = String(decoding: try encoder.encode(network.graph), as: UTF8.self)
      header = try encoder.encode(Header(network, graph: graph))
    } catch {
      throw refuse("the structure cannot be written: \(error)")
    }
    let padding = (8 - header.count % 8) % 8
    var data = Data()
    withUnsafeBytes(of: UInt64(header.count + padding).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    data.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    let frozen: [Float] = network.frozen.map { $0 ? 1 : 0 }
    for vector in [network.values, network.mask, network.statistics, frozen] {
      vector.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// - Throws: ``ModelFileError`` that names the file and what is wrong with it.
  package static func read(_ url: URL) throws(ModelFileError) -> Network {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw ModelFileError(file: url.path, reason: "cannot be read: \(error.localizedDescription)")
    }
    return try decode(data, file: url.path)
  }

  /// The network in a file's bytes, each of which is checked.
  ///
  /// - Parameter file: The name an error gives.
  package static func decode(_ data: Data, file: String) throws(ModelFileError) -> Network {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    let data = Data(data)
    guard data.count >= 8 else { throw refuse("\(data.count) bytes are too short for a header") }
    let stated = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated <= longestHeader, stated <= data.count - 8 else {
      throw refuse("its header of \(stated) bytes does not lie in a file of \(data.count)")
    }
    let body = 8 + Int(stated)
    let header: Header
    let graph: Graph
    do {
      header = try JSONDecoder().decode(Header.self, from: data[8..<body])
    } catch {
      throw refuse("its header is not that of a model: \(sentence(error))")
    }
    guard header.metadata.format == format else {
      throw refuse("its format is '\(header.metadata.format)', this program reads '\(format)'")
    }
    do {
      graph = try JSONDecoder().decode(Graph.self, from: Data(header.metadata.graph.utf8))
    } catch let error as GraphError {
      throw refuse("its structure cannot be run: \(error)")
    } catch {
      throw refuse("its structure cannot be read: \(sentence(error))")
    }

    var offset = 0
    func vector(_ name: String, _ tensor: Header.Tensor) throws(ModelFileError) -> [Float] {
      guard tensor.type == "F32", tensor.shape.count == 1, let count = tensor.shape.first,
        count >= 0, count <= data.count / 4, tensor.offsets == [offset, offset + 4 * count],
        offset + 4 * count <= data.count - body
      else { throw refuse("its vector '\(name)' does not lie where the format has it") }
      let start = body + offset
      offset += 4 * count
      let values = (0..<count).map { index in
        data[(start + 4 * index)..<(start + 4 * index + 4)].reversed().reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
      }.map(Float.init(bitPattern:))
      guard values.allSatisfy(\.isFinite) else {
        throw refuse("its vector '\(name)' holds a value that is not a finite number")
      }
      return values
    }
    let values = try vector("values", header.values)
    let mask = try vector("mask", header.mask)
    let statistics = try vector("statistics", header.statistics)
    let frozen = try header.frozen.map { tensor throws(ModelFileError) in
      try vector("frozen", tensor)
    }
    guard offset == data.count - body else {
      throw refuse("\(data.count - body - offset) bytes follow its data")
    }
    guard mask.allSatisfy({ $0 == 0 || $0 == 1 }),
      zip(values, mask).allSatisfy({ $1 == 1 || $0 == 0 })
    else { throw refuse("its mask is not of 0 and 1, or a masked parameter is not 0") }
    guard frozen?.allSatisfy({ $0 == 0 || $0 == 1 }) ?? true else {
      throw refuse("what is frozen is not told by 0 and 1")
    }
    do {
      return try Network(
        graph: graph, values: values, mask: mask, statistics: statistics,
        prunesBiases: header.metadata.prunesBiases == "true",
        frozen: frozen?.map { $0 == 1 } ?? [])
    } catch {
      throw refuse("its data do not fit its structure: \(error)")
    }
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return context.debugDescription
    @unknown default: return "\(error)"
    }
  }

  /// The JSON header.
  private struct Header: Codable {
    var metadata: Metadata
    var values: Tensor
    var mask: Tensor
    var statistics: Tensor
    var frozen: Tensor?

    /// The format asks that all values here be text.
    struct Metadata: Codable {
      var format: String
      var graph: String
      var prunesBiases: String
    }

    struct Tensor: Codable {
      var type: String
      var shape: [Int]
      var offsets: [Int]

      enum CodingKeys: String, CodingKey {
        case type = "dtype"
        case shape
        case offsets = "data_offsets"
      }
    }

    enum CodingKeys: String, CodingKey {
      case metadata = "__metadata__"
      case values, mask, statistics, frozen
    }

    init(_ network: Network, graph: String) {
      var offset = 0
      func tensor(_ count: Int) -> Tensor {
        defer { offset += 4 * count }
        return Tensor(type: "F32", shape: [count], offsets: [offset, offset + 4 * count])
      }
      metadata = Metadata(
        format: ModelFile.format, graph: graph,
        prunesBiases: network.prunesBiases ? "true" : "false")
      values = tensor(network.values.count)
      mask = tensor(network.mask.count)
      statistics = tensor(network.statistics.count)
      frozen = network.frozen.isEmpty ? nil : tensor(network.frozen.count)
    }
  }
}
