import CKernels

/// Weighted sums of a flat input.
///
/// Those of a binary layer have weights of −1 and 1 in both passes, the signs of latent ones which take
/// the gradient and are kept between −1 and 1 (Hubara et al. 2016, "Binarized Neural Networks",
/// arXiv:1602.02830, algorithm 1). A masked weight is 0 there too.
package struct Dense: OperationKind {
  package let units: Int
  package let bias: Bool
  package let isBinary: Bool
}

extension Operation {
  package static func dense(units: Int, bias: Bool, isBinary: Bool = false) -> Operation {
    Operation(Dense(units: units, bias: bias, isBinary: isBinary))
  }

  package var dense: Dense? { kind as? Dense }
}

extension Dense {
  static var word: String { "dense" }
  static var key: String { "dense" }
  var role: OperationRole { .layer }
  var flow: ChannelFlow { .begin }
  var sizes: OperationSizes { OperationSizes(counts: [units]) }
  var weightsPerChannel: Int { 1 }
  var unitCount: Int? { units }
  var window: Window? { Window(size: Extent(1)) }
  var usesWeightsOnce: Bool { true }
  var sparseDensity: Double { 0.3 }

  var hasExactGradient: Bool { !isBinary }
  var hasLatentWeights: Bool { isBinary }
  var bitsPerWeight: Int { isBinary ? 1 : 32 }

  func with(units: Int) -> Dense { Dense(units: units, bias: bias, isBinary: isBinary) }

  func working(_ latent: Double) -> Double {
    !isBinary || latent == 0 || latent.isNaN ? latent : latent > 0 ? 1 : -1
  }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    let (_, layout) = try inputs.only()
    guard layout == .flat else {
      throw inputs.refuse("a dense layer takes a flat input; flatten first")
    }
    guard units > 0 else { throw inputs.refuse("it needs at least one unit") }
    return (Shape(units), .flat)
  }

  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int) {
    (units * input.count, bias ? units : 0)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    network.constantUnits(at: place, reading: inputs[0])
  }

  static var canBePutIn: Bool { true }

  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand {
    guard units > 0 else { throw LayerProblem("has \(units) units; at least one is needed") }
    let (weights, overflow) = units.multipliedReportingOverflow(by: input.count)
    guard !overflow else { throw LayerProblem("has \(units) units, too many") }
    return LayerDemand(weights: weights, biases: bias ? units : 0)
  }
}

extension Dense {
  private enum CodingKeys: String, CodingKey { case units, bias, isBinary }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode(Int.self, forKey: .units)
    bias = try container.decode(Bool.self, forKey: .bias)
    isBinary = try container.decodeIfPresent(Bool.self, forKey: .isBinary) ?? false
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(bias, forKey: .bias)
    if isBinary { try container.encode(true, forKey: .isBinary) }
  }
}

extension Dense {
  static var usage: String { "dense UNITS [bias=no] [binary=yes]" }

  var text: String {
    OperationWords.text(
      ["\(units)"], [("bias", bias ? nil : "no"), ("binary", isBinary ? "yes" : nil)])
  }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(
      units: try words.count("units"), bias: try words.flag(named: "bias") ?? true,
      isBinary: try words.flag(named: "binary") ?? false)
  }
}

extension Dense {
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape] {
    [NamedShape("weight", [units, input.count])] + (bias ? [NamedShape("bias", [units])] : [])
  }
}

// MARK: - The fast engine

extension Dense {
  func forward(_ executor: Executor, _ place: Int) {
    executor.forwardDense(place, executor.steps[place])
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    executor.deliver(to: executor.steps[place].first) { inner in
      guard let slot = executor.packing.slots[place] else { return }
      executor.propagateDense(
        place, weights: pass.parameters + slot.weights.lowerBound, into: inner)
    }
  }

  func accumulate(_ executor: Executor, _ place: Int, into sink: Executor.Sink) {
    guard let slot = executor.packing.slots[place] else { return }
    switch sink {
    case .gradient(let sums):
      executor.denseWeightGradient(place, into: sums + slot.weights.lowerBound)
      executor.addBiasGradient(slot, place, into: sums)
    case .squares(let sums):
      let squares = executor.squares(
        of: executor.gradient(place), count: Int(executor.view(place).count))
      executor.addDenseSquares(place, outer: squares, into: sums)
    case .squaresOfRepeatedWeights, .nothing: return
    }
  }

  func makeWorking(_ weights: UnsafeMutablePointer<Float>, count: Int) {
    wbk_binarize(Int64(count), weights, weights)
  }

  func boundLatent(_ weights: UnsafeMutablePointer<Float>, count: Int) {
    wbk_clamp(Int64(count), 1, weights, weights)
  }

  func workspace(
    of step: Step, _ slot: ParameterPacking.Slot, isSingle: Bool
  ) -> WorkspaceDemand {
    guard slot.sparse == nil, !isSingle else { return WorkspaceDemand() }
    let units = step.shape.channels
    let rows = max(units, slot.weights.count / max(units, 1))
    return WorkspaceDemand(
      scratch: wbk_multiply_scratch(Int64(rows), Int64(WBK_PRODUCT_DEPTH)))
  }
}

// MARK: - The precise engine

extension Dense {
  func forward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot, let base = node.parameters.baseAddress else { return }
    let (x, y) = (node.x, node.y)
    let inputs = slot.weights.count / units
    for unit in 0..<units {
      let row = base + slot.weights.lowerBound + unit * inputs
      var sum = slot.biases.isEmpty ? S(0) : base[slot.biases.lowerBound + unit]
      for index in 0..<inputs { sum += row[index] * x[index] }
      y[unit] = sum
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot, let base = node.parameters.baseAddress,
      let sums = node.gradient.baseAddress
    else { return }
    let (x, dx, dy) = (node.x, node.dx, node.dy)
    let inputs = slot.weights.count / units
    let isFirst = node.inputs[0] == 0
    for unit in 0..<units {
      let row = base + slot.weights.lowerBound + unit * inputs
      let rowSums = sums + slot.weights.lowerBound + unit * inputs
      let outer = dy[unit]
      for index in 0..<inputs { rowSums[index] += outer * x[index] }
      // Nobody asks for the slopes of the network's input.
      if !isFirst { for index in 0..<inputs { dx[index] += outer * row[index] } }
      if !slot.biases.isEmpty { sums[slot.biases.lowerBound + unit] += outer }
    }
  }
}

// MARK: - In ONNX

extension Dense {
  static var onnxTypes: [String] { ["Gemm", "MatMul", "Add"] }

  /// A binary layer is written with the signs that it works with.
  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    var tensors: [String] = []
    for name in ["weight", "bias"] {
      guard var tensor = node.tensors[name] else { continue }
      if name == "weight", let floats = tensor.floats, isBinary {
        tensor.values = .floats(floats.map { Float(working(Double($0))) })
      }
      tensors.append(model.add(tensor, name, of: node))
    }
    model.add("Gemm", for: node, node.inputs + tensors, ["transB": .number(1)])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    if node.type == "Add" { return try readBiases(node, into: &network) }
    let place = try network.place(0, of: node)
    guard let weights = network.floats(1, of: node), let values = weights.floats,
      weights.extents.count == 2
    else { throw ONNXProblem("has no known weights of two extents") }
    let isGemm = node.type == "Gemm"
    var isTransposed = false
    var (alpha, beta) = (Float(1), Float(1))
    if isGemm {
      try node.demand("transA", 0, otherwise: 0)
      isTransposed = try node.number("transB", 0) != 0
      (alpha, beta) = (try node.float("alpha", 1), try node.float("beta", 1))
    }
    let (units, inputs) =
      isTransposed
      ? (weights.extents[0], weights.extents[1]) : (weights.extents[1], weights.extents[0])
    guard inputs == network.shape(place).count, network.layout(place) == .flat else {
      throw ONNXProblem(
        "has weights for \(inputs) values and reads \(network.extents(place)) of each sample")
    }
    var rows = values
    if !isTransposed {
      for unit in 0..<units {
        for input in 0..<inputs { rows[unit * inputs + input] = values[input * units + unit] }
      }
    }
    var biases: [Float] = []
    if isGemm, network.has(2, of: node) {
      guard let found = network.floats(2, of: node)?.floats, [1, units].contains(found.count) else {
        throw ONNXProblem("has no known bias for each of its units")
      }
      biases = found.count == units ? found : [Float](repeating: found[0], count: units)
    }
    try network.add(
      .dense(units: units, bias: !biases.isEmpty), for: node, on: [place],
      values: rows.map { alpha * $0 } + biases.map { beta * $0 })
    return true
  }

  /// Biases that stand in a node of their own behind the product.
  private static func readBiases(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    for (value, bias) in [(0, 1), (1, 0)] {
      guard case .place(let place) = network.value(value, of: node),
        let dense = network.operation(place).dense, !dense.bias,
        network.isOnlyReader(value, of: node),
        let biases = network.floats(bias, of: node)?.floats, biases.count == dense.units
      else { continue }
      try network.addBiases(
        biases, to: place, as: .dense(units: dense.units, bias: true), for: node)
      return true
    }
    return false
  }
}
