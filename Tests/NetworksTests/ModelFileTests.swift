import Foundation
import Networks
import Numerics
import TestSupport
import Testing

@Suite("Networks in files")
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

  @Test(arguments: RandomNetwork.Family.allCases, 0..<UInt64(5))
  func soDoNetworksOfAnyStructure(_ family: RandomNetwork.Family, _ seed: UInt64) throws {
    var network = try RandomNetwork.make(family, seed: seed)
    var random = RandomStream(seed: seed, name: "masks")
    network.maskAtRandom(&random)
    for network in [network, network.compacted().network] {
      #expect(try ModelFile.decode(try ModelFile.encode(network), file: "m") == network)
    }
  }

  @Test func aMaskedWeightAndOneThatIsZeroStayApart() throws {
    var network = try network()
    network.values[5] = 0
    let read = try ModelFile.decode(try ModelFile.encode(network), file: "m")
    #expect(read.mask[3] == 0 && read.mask[5] == 1 && read.values[3] == 0 && read.values[5] == 0)
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

  @Test func idsAndBlocksAreKeptThroughSurgery() throws {
    let network = try network()
    let id = try #require(network.graph.nodes.first { $0.name == "block2.1.conv1" }).id
    let edited = try network.applying([.removeUnits(layer: id, units: [0, 4])]).network
    let nodes = edited.graph.nodes.map { node in
      Graph.Node(
        id: node.id + 100, name: node.name, operation: node.operation, inputs: node.inputs,
        block: node.block.map { $0 + 100 })
    }
    let renumbered = try edited.with(graph: Graph(nodes: nodes, nextID: 1000))
    #expect(try ModelFile.decode(try ModelFile.encode(renumbered), file: "m") == renumbered)
  }

  @Test func tensorsAreNamedByLayersAndHaveTheirShapes() throws {
    let tensors = try Safetensors(ModelFile.encode(network()), file: "m")
    #expect(tensors.metadata["format"] == "workbench-2")
    #expect(tensors.metadata["structure"] == (try network().graph.text))
    #expect(tensors.tensors["conv0.weight"]?.extents == [16, 1, 3, 3])
    #expect(tensors.tensors["conv0.weight"]?.type == "F32")
    #expect(tensors.tensors["conv0.weight.mask"]?.extents == [16, 1, 3, 3])
    #expect(tensors.tensors["conv0.weight.mask"]?.type == "U8")
    #expect(tensors.tensors["conv0.norm.running_var"]?.extents == [16])
    #expect(tensors.tensors["conv0.norm.weight"]?.extents == [16])
    #expect(tensors.tensors["fc.weight"]?.extents == [3, 64])
    #expect(tensors.tensors["fc.bias"]?.extents == [3])
    #expect(tensors.tensors["fc.weight.mask"] == nil)
    #expect(try tensors.floats("conv0.norm.running_mean", [16])[0] == 0.25)
  }

  @Test func theLineageComesBackAndCannotStandInForTheStructure() throws {
    let lineage = ["strategy": "obd[\"x\"]\n\u{1}é", "structure": "input 3", "format": "other"]
    let data = try ModelFile.encode(network(), lineage: lineage)
    let contents = try ModelFile.contents(of: data, file: "m")
    #expect(contents.network == (try network()))
    #expect(contents.lineage == ["strategy": "obd[\"x\"]\n\u{1}é"])
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
  private func forged(_ data: Data, _ old: String, _ new: String) -> Data {
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: data[8..<8 + length], as: UTF8.self)
    #expect(header.contains(old))
    return Self.file(header.replacingOccurrences(of: old, with: new), data[(8 + length)...])
  }

  private static func file(_ header: String, _ values: Data) -> Data {
    let header = Data(header.utf8)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + values
  }

  @Test(arguments: [
    ("convolution 16 3", "convolution 9223372036854775807 3", ""),
    ("convolution 16 3", "convolution -16 3", ""),
    ("convolution 16 3", "convolution 17 3", "is of [16, 1, 3, 3], and [17, 1, 3, 3] is wanted"),
    ("convolution 16 3", "convolution 262144 3", "is wanted"),
    ("convolution 16 3", "convolution 16 99999", ""),
    ("input 1x8x8", "input 1x4611686018427387904x8", ""),
    ("input 1x8x8", "input 1x8", "a shape is one number or three"),
    ("\"dtype\":\"F32\"", "\"dtype\":\"F64\"", "has"),
    ("\"dtype\":\"F32\"", "\"dtype\":\"I32\"", "is of I32, and F32 is read"),
    ("\"dtype\":\"F32\"", "\"dtype\":\"C64\"", "the unknown type 'C64'"),
    ("\"dtype\":\"U8\"", "\"dtype\":\"BOOL\"", "is of BOOL, and U8 is read"),
    ("[16,1,3,3]", "[16,1,9]", "is wanted"),
    ("[16,1,3,3]", "[9223372036854775807,3]", "larger than any memory"),
    ("[16,1,3,3]", "[-16]", "a whole number from 0 on is wanted"),
    ("[16,1,3,3]", "[16.0]", ""),
    ("[0,576]", "[8,584]", "there is a hole before"), ("[576,640]", "[572,636]", "overlaps"),
    ("[0,576]", "[0,572]", "has 572 bytes, not 576"),
    ("[0,576]", "[576,0]", "no begin and end"), ("[0,576]", "[0,99999999999999999999]", "absurd"),
    ("[0,576]", "[0]", "no begin and end"),
    ("workbench-2", "workbench-9", "'workbench-9'"),
    ("__metadata__", "metadata", ""),
    ("\"conv0.norm.bias\":", "\"conv0.norm.weight\":", "stands there twice"),
    ("\"conv0.norm.bias\":", "\"elsewhere\":", "'conv0.norm.bias' is missing"),
    ("\"prunesBiases\":", "\"format\":", "stands twice in its metadata"),
    ("\"structure\":", "\"else\":", "no 'structure'"),
    ("\"dtype\":", "\"type\":", "has no 'type'"),
  ])
  func aForgedHeaderIsRefused(_ old: String, _ new: String, _ words: String) throws {
    let data = forged(try ModelFile.encode(network()), old, new)
    let error = #expect(throws: ModelFileError.self) { try ModelFile.decode(data, file: "m.st") }
    #expect(error?.description.hasPrefix("m.st: ") == true)
    #expect(words.isEmpty || error?.reason.contains(words) == true, "\(error as Any)")
  }

  @Test(arguments: [
    ("ids", "1,2", "does not number"), ("ids", "x", "does not number"),
    ("ids", "0", "does not number"),
  ])
  func forgedNumbersOfNodesAreRefused(_ name: String, _ value: String, _ words: String) throws {
    let data = forged(
      try ModelFile.encode(network()), "\"prunesBiases\":",
      "\"\(name)\":\"\(value)\",\"prunesBiases\":")
    let error = #expect(throws: ModelFileError.self) { try ModelFile.decode(data, file: "m.st") }
    #expect(error?.reason.contains(words) == true, "\(error as Any)")
  }

  @Test(arguments: [
    "", "{", "[]", "{}x", "{\"a\"}", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\"}}", "{\"\\u12\":{}}",
    "{\"\\ud800\":{}}", "{\"a\u{1}\":{}}", "{\"a", "{\"a\\", "{\"a\\u00", "nul",
    "{\"__metadata__\":{\"format\":1}}", "{\"__metadata__\":{\"format\":\"workbench-2\",}}",
  ])
  func whatIsNoHeaderIsRefused(_ header: String) {
    #expect(throws: ModelFileError.self) {
      try ModelFile.decode(Self.file(header, Data()), file: "m")
    }
  }

  @Test func tensorsMayStandInAnyOrder() throws {
    let header =
      #"{"b":{"shape":[2],"data_offsets":[4,12],"dtype":"F32"},"#
      + #""a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]}, "c\u0041\ud83d\ude00":"#
      + #"{"dtype":"F32","shape":[0,3],"data_offsets":[12,12]}}  "#
    let file = try Safetensors(
      Self.file(header, Data([0, 1, 1, 0, 0, 0, 128, 63, 0, 0, 0, 64])), file: "m")
    #expect(try file.floats("b", [2]) == [1, 2])
    #expect(try file.flags("a", [2, 2]) == [false, true, true, false])
    #expect(file.tensors["cA😀"]?.extents == [0, 3])
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
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let statistics = network.layout.count
    // A value, one that is masked, and a variance.
    for (index, value) in [(0, Float.nan), (3, 1), (statistics + 16, -1)] {
      var forged = data
      let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      let start = 8 + length + 4 * index
      forged.replaceSubrange(start..<start + 4, with: bytes)
      #expect(throws: ModelFileError.self) { try ModelFile.decode(forged, file: "m") }
    }
    var wrong = network
    wrong.values[0] = .infinity
    #expect(throws: ModelFileError.self) { try ModelFile.encode(wrong) }
  }
}

/// Files as they were before tensors had the names of layers: stored results have them.
@Suite("Networks in files of vectors")
struct VectorModelFileTests {
  private func network(isFrozen: Bool = false) throws -> Network {
    var network = Network(graph: try Models.leNet5(input: Shape(1, 16, 16), classes: 3))
      .initialized(seed: 1)
    network.mask[3] = 0
    network.values[3] = 0
    if isFrozen { network.frozen = network.values.indices.map { $0 % 3 == 0 } }
    return network
  }

  /// As that form was written.
  private func file(_ network: Network, format: String = "workbench-1") throws -> Data {
    var vectors = [
      ("values", network.values), ("mask", network.mask), ("statistics", network.statistics),
    ]
    if !network.frozen.isEmpty { vectors.append(("frozen", network.frozen.map { $0 ? 1 : 0 })) }
    let graph = String(decoding: try JSONEncoder().encode(network.graph), as: UTF8.self)
    var header: [String: Any] = [
      "__metadata__": ["format": format, "graph": graph, "prunesBiases": "false"]
    ]
    var values = Data()
    for (name, vector) in vectors {
      let start = values.count
      vector.withUnsafeBytes { values.append(contentsOf: $0) }
      header[name] = [
        "dtype": "F32", "shape": [vector.count], "data_offsets": [start, values.count],
      ]
    }
    let json = try JSONSerialization.data(withJSONObject: header)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + values
  }

  @Test(arguments: [false, true])
  func theyAreRead(isFrozen: Bool) throws {
    let network = try network(isFrozen: isFrozen)
    #expect(try ModelFile.decode(file(network), file: "m") == network)
    let again = try ModelFile.decode(try ModelFile.encode(network), file: "m")
    #expect(again == network)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    var wrong = try network()
    wrong.values[3] = 1
    #expect(throws: ModelFileError.self) { try ModelFile.decode(try file(wrong), file: "m") }
    wrong = try network()
    wrong.mask[0] = 0.5
    #expect(throws: ModelFileError.self) { try ModelFile.decode(try file(wrong), file: "m") }
    wrong = try network()
    wrong.values.removeLast()
    #expect(throws: ModelFileError.self) { try ModelFile.decode(try file(wrong), file: "m") }
    #expect(throws: ModelFileError.self) {
      try ModelFile.decode(try file(network(), format: "workbench-2"), file: "m")
    }
  }
}
