import CKernels

/// Cross-correlation with `channels` filters.
package struct Convolution: OperationKind {
  package var channels: Int
  package var kernel: Extent
  package var stride: Extent
  package var padding: Extent
  package var bias: Bool

  package init(
    channels: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
    bias: Bool = true
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.bias = bias
  }
}

extension Operation {
  package static func convolution(_ convolution: Convolution) -> Operation {
    Operation(convolution)
  }

  package var convolution: Convolution? { kind as? Convolution }
}

extension Convolution {
  static var word: String { "convolution" }
  static var key: String { "convolution" }
  var role: OperationRole { .layer }
  var flow: ChannelFlow { .begin }
  var weightsPerChannel: Int { kernel.area }
  var unitCount: Int? { channels }
  var window: Window? { slidingWindow }
  var pads: Bool { !padding.isZero }
  var takesSingleLanes: Bool { false }
  var sparseDensity: Double { 0.35 }

  private var slidingWindow: Window {
    Window(size: kernel, stride: stride, padding: padding)
  }

  var sizes: OperationSizes {
    OperationSizes(counts: [channels], extents: [kernel, stride, padding])
  }

  func with(units: Int) -> Convolution {
    var other = self
    other.channels = units
    return other
  }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    guard channels > 0 else { throw inputs.refuse("it needs at least one filter") }
    let size = try inputs.slide(
      slidingWindow, over: inputs.spatial())
    return (Shape(channels, size.height, size.width), .spatial)
  }

  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int) {
    (channels * input.channels * kernel.area, bias ? channels : 0)
  }

  func fans(reading input: Shape, making output: Shape) -> (in: Int, out: Int) {
    (input.channels * kernel.area, channels * kernel.area)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    // Padding puts zeros beside the values: only the constant 0 is still the same everywhere.
    network.constantUnits(at: place, reading: pads ? inputs[0].onlyZeros : inputs[0])
  }

  static var canBePutIn: Bool { true }

  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand {
    guard channels > 0, kernel.height > 0, kernel.width > 0 else {
      throw LayerProblem("needs at least one filter, and a kernel of at least 1×1")
    }
    guard stride.height > 0, stride.width > 0 else {
      throw LayerProblem("needs a stride of at least 1")
    }
    guard 0...kernel.height ~= padding.height, 0...kernel.width ~= padding.width else {
      throw LayerProblem("has a padding that is negative or wider than its kernel")
    }
    var weights = channels
    for factor in [input.channels, kernel.height, kernel.width] {
      let (product, overflow) = weights.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw LayerProblem("has too many weights") }
      weights = product
    }
    return LayerDemand(weights: weights, biases: bias ? channels : 0)
  }
}

/// In files the sizes stand under a name of their own.
extension Convolution {
  private enum Outer: String, CodingKey { case sizes = "_0" }
  private enum Inner: String, CodingKey { case channels, kernel, stride, padding, bias }

  package init(from decoder: any Decoder) throws {
    let sizes = try decoder.container(keyedBy: Outer.self)
      .nestedContainer(keyedBy: Inner.self, forKey: .sizes)
    channels = try sizes.decode(Int.self, forKey: .channels)
    kernel = try sizes.decode(Extent.self, forKey: .kernel)
    stride = try sizes.decode(Extent.self, forKey: .stride)
    padding = try sizes.decode(Extent.self, forKey: .padding)
    bias = try sizes.decode(Bool.self, forKey: .bias)
  }

  package func encode(to encoder: any Encoder) throws {
    var outer = encoder.container(keyedBy: Outer.self)
    var sizes = outer.nestedContainer(keyedBy: Inner.self, forKey: .sizes)
    try sizes.encode(channels, forKey: .channels)
    try sizes.encode(kernel, forKey: .kernel)
    try sizes.encode(stride, forKey: .stride)
    try sizes.encode(padding, forKey: .padding)
    try sizes.encode(bias, forKey: .bias)
  }
}

extension Convolution {
  static var usage: String { "convolution CHANNELS KERNEL [stride=S] [padding=P] [bias=no]" }

  var text: String {
    OperationWords.text(
      ["\(channels)", kernel.text],
      [
        ("stride", stride == Extent(1) ? nil : stride.text),
        ("padding", padding.isZero ? nil : padding.text), ("bias", bias ? nil : "no"),
      ])
  }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(
      channels: try words.count("channels"), kernel: try words.extent("kernel"),
      stride: try words.extent(named: "stride") ?? Extent(1),
      padding: try words.extent(named: "padding") ?? Extent(0),
      bias: try words.flag(named: "bias") ?? true)
  }
}

extension Convolution {
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape] {
    let extents = [channels, input.channels, kernel.height, kernel.width]
    return [NamedShape("weight", extents)] + (bias ? [NamedShape("bias", [channels])] : [])
  }
}

// MARK: - The fast engine

extension Convolution {
  func forward(_ executor: Executor, _ place: Int) {
    executor.forwardConvolution(place, executor.steps[place])
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    executor.propagateConvolution(place, parameters: pass.parameters)
  }

  func accumulate(_ executor: Executor, _ place: Int, into sink: Executor.Sink) {
    guard let slot = executor.packing.slots[place] else { return }
    switch sink {
    case .gradient(let sums):
      executor.convolutionGradients(place, weights: sums + slot.weights.lowerBound)
      executor.addBiasGradient(slot, place, into: sums)
    case .squares(let sums), .squaresOfRepeatedWeights(let sums):
      executor.addConvolutionSquares(place, into: sums + slot.weights.lowerBound)
      executor.addSquaredBiasGradient(slot, place, into: sums)
    case .nothing: return
    }
  }

  func workspace(
    of step: Step, _ slot: ParameterPacking.Slot, isSingle: Bool
  ) -> WorkspaceDemand {
    var geometry = step.convolution
    let output = step.pool >= 0 ? step.shape.count : 0
    let input =
      step.normalisation >= 0
      ? Int(wbk_weight_gradient_blocks(&geometry) * Int64(geometry.in_channels))
        * Int(geometry.in_height * geometry.in_width) : 0
    // Where no weight is live there are parts all the same, each of which looks for what is its own.
    return WorkspaceDemand(
      scratch: slot.sparse == nil ? wbk_convolution_scratch(&geometry) : 0,
      block: max(output, input) * Lanes.width, weights: max(slot.weights.count, 1))
  }
}

// MARK: - The precise engine

extension Convolution {
  func forward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot, let base = node.parameters.baseAddress else { return }
    let (x, y) = (node.x, node.y)
    let window = SlidingWindow(node, slidingWindow)
    let plane = window.output.plane
    for unit in 0..<window.output.channels {
      let bias = slot.biases.isEmpty ? S(0) : base[slot.biases.lowerBound + unit]
      (y + unit * plane).update(repeating: bias, count: plane)
    }
    let weights = base + slot.weights.lowerBound
    let step = window.stride.width
    window.forEachRun { weight, source, destination, count in
      let factor = weights[weight]
      for index in 0..<count { y[destination + index] += factor * x[source + index * step] }
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot, let base = node.parameters.baseAddress,
      let sums = node.gradient.baseAddress
    else { return }
    let (x, dx, dy) = (node.x, node.dx, node.dy)
    let window = SlidingWindow(node, slidingWindow)
    let step = window.stride.width
    let weights = base + slot.weights.lowerBound
    let weightSums = sums + slot.weights.lowerBound
    window.forEachRun { weight, source, destination, count in
      let factor = weights[weight]
      var sum = S(0)
      for index in 0..<count {
        sum += dy[destination + index] * x[source + index * step]
        dx[source + index * step] += factor * dy[destination + index]
      }
      weightSums[weight] += sum
    }
    guard !slot.biases.isEmpty else { return }
    let plane = window.output.plane
    for index in 0..<window.output.count {
      sums[slot.biases.lowerBound + index / plane] += dy[index]
    }
  }
}

// MARK: - In ONNX

extension Convolution {
  static var onnxTypes: [String] { ["Conv"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add(
      "Conv", for: node, node.inputs + model.addTensors(["weight", "bias"], of: node),
      slidingWindow.onnx)
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    guard let weights = network.floats(1, of: node), let values = weights.floats,
      weights.extents.count == 4
    else { throw ONNXProblem("has no known weights of four extents") }
    try node.demand("group", 1, otherwise: 1)
    guard weights.extents[1] == network.shape(place).channels else {
      throw ONNXProblem(
        "has weights for \(weights.extents[1]) channels and reads \(network.shape(place).channels)")
    }
    let window = try node.window(Extent(weights.extents[2], weights.extents[3]))
    var biases: [Float] = []
    if network.has(2, of: node) {
      guard let found = network.floats(2, of: node)?.floats, found.count == weights.extents[0]
      else { throw ONNXProblem("has no known bias for each of its channels") }
      biases = found
    }
    let convolution = Convolution(
      channels: weights.extents[0], kernel: window.size, stride: window.stride,
      padding: window.padding, bias: !biases.isEmpty)
    try network.add(
      Operation(convolution), for: node, on: [place], values: values + biases)
    return true
  }
}
