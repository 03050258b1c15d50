import Foundation
import Networks
import TestSupport
import Testing

/// What files have of an operation, which stays: networks that were stored are read for ever.
@Suite("Operations in files")
struct OperationCodingTests {
  private func text(_ operation: Networks.Operation) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(operation), as: UTF8.self)
  }

  private static let texts: [(Networks.Operation, String)] = [
    (
      .input(Shape(1, 2, 3), layout: .spatial),
      #"{"input":{"_0":{"channels":1,"height":2,"width":3},"layout":{"spatial":{}}}}"#
    ),
    (.dense(units: 3, bias: true), #"{"dense":{"bias":true,"units":3}}"#),
    (
      .dense(units: 3, bias: false, isBinary: true),
      #"{"dense":{"bias":false,"isBinary":true,"units":3}}"#
    ),
    (
      .convolution(.init(channels: 2, kernel: Extent(3, 1), padding: Extent(1, 0))),
      #"{"convolution":{"_0":{"bias":true,"channels":2,"kernel":{"height":3,"width":1},"#
        + #""padding":{"height":1,"width":0},"stride":{"height":1,"width":1}}}}"#
    ),
    (
      .maxPool(.init(size: Extent(2))),
      #"{"maxPool":{"_0":{"padding":{"height":0,"width":0},"size":{"height":2,"width":2},"#
        + #""stride":{"height":2,"width":2}}}}"#
    ),
    (
      .averagePool(.init(size: Extent(2))),
      #"{"averagePool":{"_0":{"padding":{"height":0,"width":0},"size":{"height":2,"width":2},"#
        + #""stride":{"height":2,"width":2}}}}"#
    ),
    (.globalAveragePool, #"{"globalAveragePool":{}}"#),
    (.batchNorm, #"{"batchNorm":{}}"#),
    (.layerNorm, #"{"layerNorm":{}}"#),
    (.relu, #"{"relu":{}}"#),
    (.tanh, #"{"tanh":{}}"#),
    (.sigmoid, #"{"sigmoid":{}}"#),
    (.sign, #"{"sign":{}}"#),
    (.dropout(0.25), #"{"dropout":{"rate":0.25}}"#),
    (.residualSum(scale: 0.5), #"{"residualSum":{"scale":0.5}}"#),
    (.concatenate, #"{"concatenate":{}}"#),
    (.flatten, #"{"flatten":{}}"#),
  ]

  @Test func theyAreWhatTheyWere() throws {
    #expect(Set(Self.texts.map(\.0.word)) == Set(Networks.Operation.words))
    for (operation, expected) in Self.texts {
      #expect(try text(operation) == expected)
      let read = try JSONDecoder().decode(Networks.Operation.self, from: Data(expected.utf8))
      #expect(read == operation)
    }
  }

  @Test(arguments: try SmallCase.everyOperation())
  func aNetworkOfThemIsRead(example: SmallCase) throws {
    let data = try ModelFile.encode(example.network)
    #expect(try ModelFile.decode(data, file: "model") == example.network)
  }

  @Test(arguments: [
    ("{}", "not by 0"), (#"{"relu":{},"tanh":{}}"#, "not by 2"), (#"{"gelu":{}}"#, "'gelu'"),
  ])
  func othersAreRefused(text: String, word: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Networks.Operation.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      return #expect(Bool(false), "another error: \(String(describing: error))")
    }
    #expect(context.debugDescription.contains(word))
  }

  @Test(arguments: [-0.1, 1, 1.5, .infinity, .nan])
  func ratesOfDropoutAreBelowOne(rate: Double) {
    var builder = GraphBuilder(input: Shape(3), layout: .flat)
    builder.add(.dropout(rate))
    builder.add(.dense(units: 2, bias: true))
    #expect(throws: GraphError.self) { try builder.graph() }
  }
}
