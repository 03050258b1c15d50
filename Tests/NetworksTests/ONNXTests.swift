import Foundation
import Networks
import Numerics
import TestSupport
import Testing

@Suite("Networks as ONNX models")
struct ONNXTests {
  @Test("What is written is read back", arguments: GraphTextTests.models)
  func models(_ model: (name: String, graph: @Sendable () throws -> Graph)) throws {
    let network = Network(graph: try model.graph()).stirred(seed: 3)
    let read = try ONNXFile.decode(try ONNXFile.encode(network), file: "m")
    #expect(read.graph.nodes.map(\.name) == network.graph.nodes.map(\.name))
    #expect(read.graph.nodes.map(\.block) == network.graph.nodes.map(\.block))
    // A binary layer is written with the signs that it works with.
    guard network.graph.nodes.allSatisfy({ $0.operation.dense?.isBinary != true }) else { return }
    #expect(read == network)
  }

  @Test("Every kind of operation is", arguments: try SmallCase.everyOperation())
  func kinds(_ small: SmallCase) throws {
    let read = try ONNXFile.decode(try ONNXFile.encode(small.network), file: "m")
    guard small.network.graph.nodes.allSatisfy({ $0.operation.dense?.isBinary != true }) else {
      return
    }
    #expect(read == small.network)
  }

  @Test("A scaled branch keeps its scale and its place")
  func scales() throws {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    let entry = builder.add(.dense(units: 4, bias: true))
    let branch = builder.add(.dense(units: 4, bias: false))
    builder.add(.residualSum(scale: 0.7), on: [entry, branch])
    builder.add(.dense(units: 2, bias: true))
    let network = Network(graph: try builder.graph()).stirred(seed: 1)
    let read = try ONNXFile.decode(try ONNXFile.encode(network), file: "m")
    #expect(read.graph.nodes.map(\.operation) == network.graph.nodes.map(\.operation))
    #expect(read.values == network.values)
  }

  @Test("What is no model is refused")
  func refusals() throws {
    let data = try ONNXFile.encode(Network(graph: try Models.leNet5()).stirred(seed: 1))
    for length in [0, 1, 2, 30, 100, data.count / 2, data.count - 1] {
      #expect(throws: ModelFileError.self) {
        try ONNXFile.decode(data.prefix(length), file: "m")
      }
    }
    for bytes in [
      [UInt8](repeating: 0xFF, count: 40),
      [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x0B], [0x00], [0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] {
      #expect(throws: ModelFileError.self) { try ONNXFile.decode(Data(bytes), file: "m") }
    }
  }

  /// The model's bytes with a word replaced by one of the same length.
  @Test(
    "What this program does not have is named with its node",
    arguments: [
      ("Relu", "Selu", "(Selu) is of no operation of this program, which reads Add, AveragePool"),
      ("MaxPool", "MinPool", "node 'max-pool2' (MinPool)"),
      ("pads", "sdap", ""),
      ("conv2.weight", "conv9.weight", "node 'conv2' (Conv) has no known weights of four extents"),
      ("transB", "transA", "transA=1; 0 is read"),
      ("flatten7", "flatten8", "reads 'flatten7', which no node before it makes"),
    ])
  func others(old: String, new: String, words: String) throws {
    let network = Network(graph: try Models.leNet5()).stirred(seed: 1)
    var data = try ONNXFile.encode(network)
    let range = try #require(data.range(of: Data(old.utf8)))
    data.replaceSubrange(range, with: Data(new.utf8))
    if words.isEmpty {
      // An attribute that nobody asks for says nothing.
      #expect(throws: Never.self) { try ONNXFile.decode(data, file: "m") }
      return
    }
    let error = #expect(throws: ModelFileError.self) { try ONNXFile.decode(data, file: "m.onnx") }
    #expect(error?.reason.contains(words) == true, "\(error as Any)")
  }
}

extension Network {
  /// With parameters and statistics that all count.
  fileprivate func stirred(seed: UInt64) -> Network {
    var random = RandomStream(seed: seed, name: "stirred")
    var network = initialized(seed: seed)
    for slot in layout.slots {
      for index in slot.biases { network.values[index] += Float(0.3 * random.normal()) }
    }
    for index in network.statistics.indices {
      network.statistics[index] += Float(random.uniform(in: 0..<0.5))
    }
    return network
  }
}
