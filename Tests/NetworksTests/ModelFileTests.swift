import Foundation
import Networks
import Testing

struct ModelFileTests {
  private func network() throws -> Network {
    var network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 8, 8), classes: 3),
      prunesBiases: true
    ).initialized(seed: 1)
    network.mask[3] = 0
    network.values[3] = 0
    network.statistics[0] = 0.25
    return network
  }

  @Test func aNetworkComesBackAsItWas() throws {
    let network = try network()
    let data = try ModelFile.encode(network)
    #expect(try ModelFile.decode(data, file: "m") == network)
    #expect(try ModelFile.encode(network) == data)
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try data.write(to: file)
    #expect(try ModelFile.read(file) == network)
  }

  @Test func whatIsFrozenComesBackFrozen() throws {
    var network = try network()
    network.frozen = network.values.indices.map { $0 % 3 == 0 }
    let data = try ModelFile.encode(network)
    #expect(try ModelFile.decode(data, file: "m") == network)
    #expect(throws: ModelFileError.self) { try ModelFile.decode(data.dropLast(4), file: "m") }
    var wrong = data
    // The last value becomes another number than 0 and 1.
    wrong[wrong.count - 1] = 0x40
    #expect(throws: ModelFileError.self) { try ModelFile.decode(wrong, file: "m") }
  }

  @Test func theHeaderFollowsTheFormat() throws {
    let data = try ModelFile.encode(network())
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0)
    let header = try #require(
      try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any])
    let values = try #require(header["values"] as? [String: Any])
    #expect(values["dtype"] as? String == "F32")
    #expect(values["data_offsets"] as? [Int] == [0, 4 * (try network().values.count)])
    #expect((header["__metadata__"] as? [String: String])?["format"] == "workbench-1")
  }

  @Test func aFileCutShortAnywhereIsRefused() throws {
    let data = try ModelFile.encode(network())
    for length in [0, 7, 8, 9, 100, data.count / 2, data.count - 4, data.count - 1] {
      #expect(throws: ModelFileError.self) {
        try ModelFile.decode(data.prefix(length), file: "m")
      }
    }
    #expect(throws: ModelFileError.self) { try ModelFile.decode(data + [0], file: "m") }
    #expect(throws: ModelFileError.self) { try ModelFile.read(URL(filePath: "/nowhere/m")) }
  }

  /// The file's bytes with words of its header replaced and the length put right.
  private func forged(_ old: String, _ new: String) throws -> Data {
    let data = try ModelFile.encode(network())
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: data[8..<8 + length], as: UTF8.self)
    #expect(header.contains(old))
    let changed = Data(header.replacingOccurrences(of: old, with: new).utf8)
    var forged = Data()
    withUnsafeBytes(of: UInt64(changed.count).littleEndian) { forged.append(contentsOf: $0) }
    return forged + changed + data[(8 + length)...]
  }

  @Test(arguments: [
    ("\"channels\\\":16", "\"channels\\\":9223372036854775807"),
    ("\"channels\\\":16", "\"channels\\\":-16"),
    ("\"channels\\\":16", "\"channels\\\":17"),
    ("\"height\\\":3", "\"height\\\":9223372036854775807"),
    ("\"height\\\":8", "\"height\\\":4611686018427387904"),
    ("\"nextID\\\":", "\"nextID\\\":18446744073709551615,\\\"x\\\":"),
    ("\\\"id\\\":2,", "\\\"id\\\":18446744073709551615,"),
    ("\\\"inputs\\\":[0]", "\\\"inputs\\\":[-1]"),
    ("\"dtype\":\"F32\"", "\"dtype\":\"F64\""),
    ("[0,", "[8,"), ("[0,", "[-9223372036854775808,"),
    ("workbench-1", "workbench-9"), ("__metadata__", "metadata"),
    ("\\\"nodes\\\":[", "\\\"nodes\\\":[],\\\"x\\\":["),
  ])
  func aForgedHeaderIsRefused(_ old: String, _ new: String) throws {
    let data = try forged(old, new)
    let error = #expect(throws: ModelFileError.self) { try ModelFile.decode(data, file: "m.st") }
    #expect(error?.description.hasPrefix("m.st: ") == true)
  }

  @Test func aHeaderLengthBeyondTheFileIsRefused() throws {
    var data = try ModelFile.encode(network())
    for bytes in [[UInt8](repeating: 0xFF, count: 8), [0, 0, 0, 0, 1, 0, 0, 0]] {
      data.replaceSubrange(0..<8, with: bytes)
      #expect(throws: ModelFileError.self) { try ModelFile.decode(data, file: "m") }
    }
  }

  @Test func valuesThatAreNoNumbersAreRefused() throws {
    let network = try network()
    let data = try ModelFile.encode(network)
    let start = data.count - 4 * (2 * network.layout.count + network.layout.statisticsCount)
    for (index, value) in [(0, Float.nan), (3, 1), (network.layout.count, 0.5)] {
      var forged = data
      let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      forged.replaceSubrange(start + 4 * index..<start + 4 * index + 4, with: bytes)
      #expect(throws: ModelFileError.self) { try ModelFile.decode(forged, file: "m") }
    }
    var wrong = network
    wrong.values[0] = .infinity
    #expect(throws: ModelFileError.self) { try ModelFile.encode(wrong) }
  }
}
