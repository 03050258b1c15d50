import Networks
import TestSupport
import Testing

/// An edit of LeNet-5 that must be refused, and what the message must contain.
struct HostileEdit: Sendable, CustomTestStringConvertible {
  let edit: @Sendable (Network) throws -> Edit
  let words: [String]

  init(_ words: String..., edit: @escaping @Sendable (Network) throws -> Edit) {
    self.words = words
    self.edit = edit
  }

  var testDescription: String { words.joined(separator: " ") }

  private static func replaced(
    _ layer: String, _ words: String..., by operation: Operation, weights: Int, biases: Int = 0,
    fill: Float = 0
  ) -> HostileEdit {
    var hostile = HostileEdit("'\(layer)'", "layer 0") { network in
      .replace(
        layer: try network.id(layer),
        with: [
          LayerSpecification(
            operation: operation, weights: [Float](repeating: fill, count: weights),
            biases: [Float](repeating: 0, count: biases))
        ])
    }
    hostile = HostileEdit(words: hostile.words + words, edit: hostile.edit)
    return hostile
  }

  init(words: [String], edit: @escaping @Sendable (Network) throws -> Edit) {
    self.words = words
    self.edit = edit
  }

  static let masks = [
    HostileEdit("id 999") { _ in .maskOff(layer: 999, positions: [0]) },
    HostileEdit("id 0") { _ in .maskOff(layer: 0, positions: [0]) },
    HostileEdit("'conv1'", "position 520", "0..<520") {
      .maskOff(layer: try $0.id("conv1"), positions: [0, 520])
    },
    HostileEdit("'conv1'", "position -1") {
      .maskOff(layer: try $0.id("conv1"), positions: [-1])
    },
    HostileEdit("'conv1'", "position \(Int.max)") {
      .maskOff(layer: try $0.id("conv1"), positions: [Int.max])
    },
    HostileEdit("'conv1'", "position \(Int.min)") {
      .maskOn(layer: try $0.id("conv1"), positions: [Int.min], values: nil)
    },
    HostileEdit("'conv1'", "position 7", "twice") {
      .maskOff(layer: try $0.id("conv1"), positions: [7, 8, 7])
    },
    HostileEdit("'conv1'", "position 7", "twice") {
      .maskOff(layer: try $0.id("conv1"), positions: Array(0..<400) + [7])
    },
    HostileEdit("'conv1'", "position 500", "0..<500") {
      .maskOff(layer: try $0.id("conv1"), positions: [500])
    },
    HostileEdit("'flatten7'", "flatten") {
      .maskOff(layer: try $0.id("flatten7"), positions: [])
    },
    HostileEdit("'input'", "no parameters") {
      .maskOn(layer: try $0.id("input"), positions: [0], values: nil)
    },
    HostileEdit("'fc1'", "position 3", "live already") {
      .maskOn(layer: try $0.id("fc1"), positions: [3], values: [1])
    },
    HostileEdit("'fc2'", "1 values for 2 positions") {
      .maskOn(layer: try $0.id("fc2"), positions: [0, 1], values: [1])
    },
    HostileEdit("'fc2'", "position 1", "nan") {
      .maskOn(layer: try $0.id("fc2"), positions: [0, 1], values: [1, .nan])
    },
    HostileEdit("'fc2'", "position 4", "inf") {
      .setParameters(layer: try $0.id("fc2"), positions: [4], values: [-.infinity])
    },
    HostileEdit("'fc2'", "1 values for 5010 positions") {
      .setParameters(layer: try $0.id("fc2"), positions: nil, values: [1])
    },
    HostileEdit("'fc2'", "0 values for 1 positions") {
      .setParameters(layer: try $0.id("fc2"), positions: [1], values: [])
    },
    HostileEdit("'fc2'", "position 1", "masked") {
      .setParameters(layer: try $0.id("fc2"), positions: [2, 1], values: [1, 1])
    },
    HostileEdit("'fc2'", "position 2", "twice") {
      .setParameters(layer: try $0.id("fc2"), positions: [2, 2], values: [1, 1])
    },
  ]

  static let structure = [
    HostileEdit("'fc1'", "unit 500", "0..<500") {
      .removeUnits(layer: try $0.id("fc1"), units: [1, 500])
    },
    HostileEdit("'fc1'", "unit -3") { .removeUnits(layer: try $0.id("fc1"), units: [-3]) },
    HostileEdit("'fc1'", "unit 4", "twice") {
      .removeUnits(layer: try $0.id("fc1"), units: [4, 4])
    },
    HostileEdit("'fc2'", "unit 0", "output") {
      .removeUnits(layer: try $0.id("fc2"), units: [0])
    },
    HostileEdit("'relu3'", "no units") { .removeUnits(layer: try $0.id("relu3"), units: [0]) },
    HostileEdit("'conv1'", "none of its 20 units") {
      .removeUnits(layer: try $0.id("conv1"), units: Array(0..<20))
    },
    HostileEdit("'fc1'", "no residual block", "dense") { .dropBlock(block: try $0.id("fc1")) },
    HostileEdit("id 12345", "no such block") { _ in .dropBlock(block: 12345) },
    HostileEdit("'fc1'", "no residual block") {
      .scaleBlock(block: try $0.id("fc1"), factor: 0.5)
    },
    HostileEdit("'fc1'", "at least one layer") { .replace(layer: try $0.id("fc1"), with: []) },
    HostileEdit("'relu3'", "only dense") {
      .replace(layer: try $0.id("relu3"), with: [LayerSpecification(operation: .tanh)])
    },
    replaced("fc2", "relu", by: .flatten, weights: 0),
    replaced("fc2", "relu", by: .input(Shape(10), layout: .flat), weights: 0),
    replaced("fc2", "4999 weights", "5000", by: .dense(units: 10, bias: false), weights: 4999),
    replaced("fc2", "0 biases", "10", by: .dense(units: 10, bias: true), weights: 5000),
    replaced("fc2", "9×1×1", "10×1×1", by: .dense(units: 9, bias: false), weights: 4500),
    replaced("fc2", "0 units", by: .dense(units: 0, bias: false), weights: 0),
    replaced("fc2", "too many", by: .dense(units: .max, bias: true), weights: 0),
    replaced(
      "fc2", "index 0", "nan", by: .dense(units: 10, bias: false), weights: 5000, fill: .nan),
    replaced("fc2", "500×1×1", by: .relu, weights: 0),
    replaced("fc2", "1 weights", by: .relu, weights: 1),
    replaced(
      "fc2", "spatial", by: .convolution(.init(channels: 10, kernel: Extent(1), bias: false)),
      weights: 5000),
    replaced("conv2", "flatten first", by: .dense(units: 1, bias: false), weights: 20 * 144),
    replaced(
      "conv2", "13×13", by: .convolution(.init(channels: 1, kernel: Extent(13), bias: false)),
      weights: 20 * 169),
    replaced(
      "conv2", "too many",
      by: .convolution(.init(channels: 1, kernel: Extent(.max), bias: false)), weights: 0),
    replaced(
      "conv2", "kernel", by: .convolution(.init(channels: 1, kernel: Extent(-1), bias: false)),
      weights: 20),
    replaced(
      "conv2", "stride",
      by: .convolution(.init(channels: 1, kernel: Extent(1), stride: Extent(0), bias: false)),
      weights: 20),
    replaced(
      "conv2", "padding",
      by: .convolution(.init(channels: 1, kernel: Extent(1), padding: Extent(.max), bias: false)),
      weights: 20),
    replaced(
      "conv2", "filter", by: .convolution(.init(channels: 0, kernel: Extent(1), bias: false)),
      weights: 0),
  ]
}

@Suite("Edits that do not fit are refused by name and index, and nothing happens")
struct HostileEditTests {
  @Test(arguments: HostileEdit.masks + HostileEdit.structure)
  func isRefusedInWords(_ hostile: HostileEdit) throws {
    let dense = Network(graph: try Models.leNet5())
    let network = try dense.applying([.maskOff(layer: dense.id("fc2"), positions: [0, 1])]).network
    let good = Edit.removeUnits(layer: try network.id("conv1"), units: [0])
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .maskOff(layer: network.id("fc1"), positions: [0]), hostile.edit(network), good,
      ])
    }
    let message = try #require(failed).description
    #expect(message.hasPrefix("edit 1, layer '"))
    for word in hostile.words { #expect(message.contains(word), "\(message)") }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func scalesStayFinite(_ factor: Float) throws {
    let network = Network(
      graph: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 8, 8), classes: 2))
    let block = try network.id("block1.1")
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .scaleBlock(block: block, factor: 4), .scaleBlock(block: block, factor: factor),
      ])
    }
    #expect(failed?.layer == "block1.1")
    #expect(failed?.reason.contains("finite") == true)
  }
}
