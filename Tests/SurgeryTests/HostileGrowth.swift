import Networks
import TestSupport

/// A layer of each kind of tie: "entry" is added to the input, "out" is the output, "wide" is free,
/// "left" and "right" are added to "sum"; "nested" lies in a branch.
func everything() throws -> Network {
  var builder = GraphBuilder(input: Shape(3), layout: .flat)
  builder.add(.dense(units: 3, bias: true), name: "entry")
  builder.add(.residualSum(scale: 1), on: [0, builder.last])
  builder.add(.dense(units: 3, bias: true), name: "wide")
  builder.add(.batchNorm, name: "norm")
  let relu = builder.add(.relu, name: "relu")
  let left = builder.add(.dense(units: 1, bias: false), name: "left")
  let right = builder.add(.dense(units: 2, bias: false), name: "right", on: [relu])
  let both = builder.add(.concatenate, on: [left, right])
  builder.add(.dense(units: 3, bias: true), name: "sum", on: [relu])
  builder.add(.residualSum(scale: 1), on: [both, builder.last])
  builder.add(.dense(units: 3, bias: true), name: "bounded")
  builder.add(.tanh)
  builder.addBlock(
    name: "block", branch: { $0.add(.dense(units: 3, bias: true), name: "nested", on: [$1]) })
  builder.add(.dense(units: 2, bias: true), name: "out")
  var network = Network(graph: try builder.graph())
  network.randomize(seed: 5)
  return network
}

extension HostileEdit {
  /// Two units for "wide", which "left", "right" and "sum" read.
  static let twoUnits = NewUnits(
    count: 2, fanIn: [1, 2, 3, 4, 5, 6], biases: [7, 8],
    fanOut: [[1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6]])

  private static func widened(
    _ words: String..., at layer: String = "wide",
    change: @escaping @Sendable (inout NewUnits) -> Void
  ) -> HostileEdit {
    let edit: @Sendable (Network) throws -> Edit = { network in
      var units = twoUnits
      change(&units)
      return .widen(layer: try network.id(layer), units)
    }
    return HostileEdit(words: ["'\(layer)'"] + words, edit: edit)
  }

  private static func normalised(
    _ words: String..., times: Int = 1,
    change: @escaping @Sendable (inout NewUnits.Normalisation) -> Void
  ) -> HostileEdit {
    let edit: @Sendable (Network) throws -> Edit = { network in
      var units = twoUnits
      var given = NewUnits.Normalisation(
        node: try network.id("norm"), scales: [1, 2], shifts: [3, 4], means: [5, 6],
        variances: [7, 8])
      change(&given)
      units.normalisation = [NewUnits.Normalisation](repeating: given, count: times)
      return .widen(layer: try network.id("wide"), units)
    }
    return HostileEdit(words: ["'wide'"] + words, edit: edit)
  }

  static let widening = [
    HostileEdit("id 999", "no such layer") { _ in .widen(layer: 999, twoUnits) },
    widened("no units", "relu", at: "relu") { _ in },
    widened("unit 0", "output", at: "out") { _ in },
    widened("unit 0", "input", at: "entry") { _ in },
    widened("0 units") { $0.count = 0 },
    widened("-1 units") { $0.count = -1 },
    widened("too many") { $0.count = .max },
    widened("\(Int.min) units") { $0.count = .min },
    widened("too many") { $0.count = 1 << 18 },
    widened("6 fan-in", "9 are wanted") { $0.count = 3 },
    widened("5 fan-in", "6 are wanted") { $0.fanIn.removeLast() },
    widened("1 biases", "2 are wanted") { $0.biases.removeLast() },
    widened("0 biases", "2 are wanted") { $0.biases = [] },
    widened("2 biases", "0 are wanted", at: "left") { $0.fanOut = [[1, 2, 3, 4, 5, 6]] },
    widened("2 consumers", "it has 3") { $0.fanOut.removeLast() },
    widened("5 fan-out", "'sum'", "6 are wanted") { $0.fanOut[2].removeLast() },
    widened("fan-in", "unit 4", "nan") { $0.fanIn[3] = .nan },
    widened("biases", "unit 3", "inf") { $0.biases[0] = .infinity },
    widened("fan-out", "unit 4", "'right'", "inf") { $0.fanOut[1][3] = -.infinity },
    widened("1 sources for 2") { $0.sources = [0] },
    widened("unit 4", "unit 3", "0..<3") { $0.sources = [2, 3] },
    widened("unit 3", "unit -1") { $0.sources = [-1, 0] },
    widened("unit 4", "all 0") {
      $0.fanIn = [1, 2, 3, 0, 0, 0]
      $0.biases[1] = 0
      $0.fanOut = [[1, 0], [1, 0, 1, 0], [1, 0, 0, 0, 1, 0]]
    },
    // Unit 0 of "sum" is added to "left", the last one to "right".
    HostileEdit("'sum'", "unit 3", "copy of unit 0", "'left'", "unit 2") { network in
      .widen(
        layer: try network.id("sum"),
        NewUnits(
          count: 1, fanIn: [1, 1, 1], biases: [1], fanOut: [[1, 1, 1]], sources: [0]))
    },
    normalised("id 999") { $0.node = 999 },
    normalised("no batch normalisation") { $0.node = 2 },
    normalised("'norm'", "twice", times: 2) { _ in },
    normalised("'norm'", "1 values for 2") { $0.scales.removeLast() },
    normalised("'norm'", "3 values for 2") { $0.shifts.append(0) },
    normalised("'norm'", "0 values for 2") { $0.means = [] },
    normalised("'norm'", "1 values for 2") { $0.variances.removeLast() },
    normalised("'norm'", "unit 4", "nan") { $0.means[1] = .nan },
    normalised("'norm'", "unit 3", "variance 0", "above 0") { $0.variances[0] = 0 },
    normalised("'norm'", "unit 4", "above 0") { $0.variances[1] = -1 },
  ]

  private static func inserted(
    _ words: String..., after layer: String = "wide", layers specifications: [LayerSpecification]
  ) -> HostileEdit {
    HostileEdit(words: ["'\(layer)'"] + words) {
      .insertAfter(layer: try $0.id(layer), specifications)
    }
  }

  private static func blocked(
    _ words: String..., after layer: String = "wide", branch specifications: [LayerSpecification]
  ) -> HostileEdit {
    HostileEdit(words: ["'\(layer)'"] + words) {
      .insertBlock(after: try $0.id(layer), specifications)
    }
  }

  private static func dense(_ units: Int, reading inputs: Int, _ value: Float) -> LayerSpecification
  {
    LayerSpecification(
      operation: .dense(units: units, bias: true),
      weights: [Float](repeating: value, count: units * inputs),
      biases: [Float](repeating: value, count: units))
  }

  private static func norm(_ values: [Float], _ statistics: [Float] = []) -> LayerSpecification {
    LayerSpecification(operation: .batchNorm, biases: values, statistics: statistics)
  }

  /// A branch that begins as nothing.
  static func branch(of channels: Int) -> [LayerSpecification] {
    [
      dense(2, reading: channels, 1), LayerSpecification(operation: .relu),
      dense(channels, reading: 2, 0),
    ]
  }

  static let insertion = [
    HostileEdit("id 999") { _ in .insertAfter(layer: 999, []) },
    HostileEdit("id 999") { _ in .insertBlock(after: 999, []) },
    inserted("only behind", after: "norm", layers: [dense(3, reading: 3, 1)]),
    inserted("at least one", layers: []),
    inserted("layer 0", "2×1×1", "3×1×1", layers: [dense(2, reading: 3, 1)]),
    inserted(
      "layer 1", "12 weights", "8", layers: [dense(2, reading: 3, 1), dense(4, reading: 3, 1)]),
    inserted("layer 0", "flatten", layers: [LayerSpecification(operation: .flatten)]),
    inserted("layer 0", "nan", layers: [dense(3, reading: 3, .nan)]),
    inserted(
      "layer 0", "spatial",
      layers: [
        LayerSpecification(
          operation: .convolution(.init(channels: 3, kernel: Extent(1), bias: false)),
          weights: [Float](repeating: 1, count: 9))
      ]),
    inserted("layer 0", "4 biases", "6", layers: [norm([1, 1, 0, 0])]),
    inserted("layer 0", "2 running", "6", layers: [norm([1, 1, 1, 0, 0, 0], [0, 1])]),
    inserted(
      "layer 0", "1 running", "0", layers: [LayerSpecification(operation: .relu, statistics: [1])]),
    inserted(
      "layer 0", "inf", "index 1", layers: [norm([1, 1, 1, 0, 0, 0], [0, .infinity, 0, 1, 1, 1])]),
    inserted(
      "layer 0", "variance 0", "channel 2", layers: [norm([1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0])]),
    blocked("only behind", after: "relu", branch: branch(of: 3)),
    blocked("at least one", branch: []),
    blocked("'block'", "do not nest", after: "nested", branch: branch(of: 3)),
    blocked("layer 2", "2×1×1", branch: branch(of: 3).dropLast() + [dense(2, reading: 2, 0)]),
    blocked(
      "nothing", "layer 2 is not 0", branch: branch(of: 3).dropLast() + [dense(3, reading: 2, 1)]),
    blocked("nothing", "layer 3 is not 0", branch: branch(of: 3) + [norm([1, 1, 1, 0, 0, 0])]),
    blocked(
      "nothing", "layer 0 is not 0",
      branch: [
        LayerSpecification(
          operation: .dense(units: 3, bias: true), weights: [Float](repeating: 0, count: 9),
          biases: [0, 1, 0])
      ]),
    blocked("layer 3", "relu", branch: branch(of: 3) + [LayerSpecification(operation: .relu)]),
    blocked("layer 3", "½", branch: branch(of: 3) + [LayerSpecification(operation: .sigmoid)]),
    blocked("no layer with parameters", branch: [LayerSpecification(operation: .relu)]),
    blocked(
      "layers 0 and 1", "no gradient", branch: [dense(2, reading: 3, 0), dense(3, reading: 2, 0)]),
  ]

  /// Beside the three inputs of "right", which has two units.
  private static func beside(
    _ words: String..., at layer: String = "right", layers: [LayerSpecification]? = nil,
    fanOut: [Float] = [1, 2, 3, 4]
  ) -> HostileEdit {
    HostileEdit(words: ["'\(layer)'"] + words) {
      .insertBeside(
        layer: try $0.id(layer),
        UnitsBeside(layers: layers ?? [dense(2, reading: 3, 1)], fanOut: fanOut))
    }
  }

  static let puttingBeside = [
    HostileEdit("id 999") { _ in .insertBeside(layer: 999, UnitsBeside(layers: [])) },
    beside("batch-norm", "dense layer reads", at: "norm"),
    beside("residual-sum", "dense layer reads", at: "block"),
    beside("begin with a dense layer", layers: []),
    beside("begin with a dense layer", layers: [LayerSpecification(operation: .tanh)]),
    beside("only an activation", layers: [dense(2, reading: 3, 1), dense(2, reading: 2, 1)]),
    beside("only an activation", layers: [dense(2, reading: 3, 1), norm([1, 1, 0, 0])]),
    beside(
      "only an activation",
      layers: [dense(2, reading: 3, 1)] + [.tanh, .tanh].map { LayerSpecification(operation: $0) }),
    beside("layer 0", "8 weights", "6 and 2", layers: [dense(2, reading: 4, 1)]),
    beside("layer 0", "0 units", layers: [dense(0, reading: 3, 1)]),
    beside("layer 0", "nan", layers: [dense(2, reading: 3, .nan)]),
    beside(
      "layer 1", "1 weights",
      layers: [dense(2, reading: 3, 1), LayerSpecification(operation: .relu, weights: [1])]),
    beside("3 fan-out", "2 units", "4 are wanted", fanOut: [1, 2, 3]),
    beside("fan-out of unit 1", "inf", fanOut: [1, 2, 3, .infinity]),
    beside("unit 0", "no gradient", layers: [dense(2, reading: 3, 0)], fanOut: []),
    beside("unit 1", "no gradient", layers: [dense(2, reading: 3, 0)], fanOut: [1, 0, 1, 0]),
  ]

  static let removal = [
    HostileEdit("id 999") { _ in .removeLayer(layer: 999) },
    HostileEdit("'norm'", "only dense") { .removeLayer(layer: try $0.id("norm")) },
    HostileEdit("'out'", "2×1×1 of 3×1×1") { .removeLayer(layer: try $0.id("out")) },
    HostileEdit("'nested'", "'block'", "nothing would be left") {
      .removeLayer(layer: try $0.id("nested"))
    },
  ]
}
