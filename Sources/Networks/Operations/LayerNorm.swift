import CKernels

/// Normalisation of each sample by the mean and the variance of all its features; a scale and a shift of
/// each channel are its parameters.
///
/// J. L. Ba, J. R. Kiros, G. E. Hinton: Layer Normalization. 2016, arXiv:1607.06450.
package struct LayerNorm: OperationKind, SizelessOperation {}

extension Operation {
  package static let layerNorm = Operation(LayerNorm())
}

extension LayerNorm {
  static var word: String { "layer-norm" }
  static var key: String { "layerNorm" }
  var role: OperationRole { .normalization }
  var flow: ChannelFlow { .pass }
  var mixesChannels: Bool { true }
  var initialBiases: [Float] { [1, 0] }
  var takesSingleLanes: Bool { false }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) { try inputs.only() }

  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int) {
    (0, 2 * input.channels)
  }
}

extension LayerNorm {
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape] {
    [NamedShape("weight", [input.channels]), NamedShape("bias", [input.channels])]
  }
}

// MARK: - The fast engine

/// Mean and 1 / √(variance + ε) of each sample of a batch.
private final class LayerNormState: OperationState {
  let mean: FloatBuffer
  let inverse: FloatBuffer
  /// Gradients of scale and shift that nobody asked for.
  let unused: FloatBuffer

  init(lanes: Int, channels: Int) {
    mean = FloatBuffer(count: lanes)
    inverse = FloatBuffer(count: lanes)
    unused = FloatBuffer(count: 2 * channels)
  }

  /// The step on squares reads the first executor's.
  func takeSquares(of other: any OperationState) {}
}

extension LayerNorm {
  func makeState(for step: Step, lanes: Int) -> (any OperationState)? {
    LayerNormState(lanes: lanes, channels: step.shape.channels)
  }

  func forward(_ executor: Executor, _ place: Int) {
    guard let slot = executor.packing.slots[place],
      let state = executor.states[place] as? LayerNormState
    else { return }
    let view = executor.view(place)
    let scale = executor.working.pointer + slot.biases.lowerBound
    wbk_layer_norm_forward(
      view.blocks, view.channels, view.plane, view.lanes, Executor.epsilon,
      executor.activation(executor.steps[place].first), scale, scale + Int(view.channels),
      state.mean.pointer, state.inverse.pointer, executor.activation(place))
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    guard let slot = executor.packing.slots[place],
      let state = executor.states[place] as? LayerNormState
    else { return }
    let input = executor.steps[place].first
    let view = executor.view(place)
    var sums = state.unused.pointer
    if case .gradient(let flat) = pass.sink { sums = flat + slot.biases.lowerBound }
    func backward(_ inner: UnsafeMutablePointer<Float>) {
      wbk_layer_norm_backward(
        view.blocks, view.channels, view.plane, view.lanes, executor.activation(input),
        executor.gradient(place), pass.parameters + slot.biases.lowerBound, state.mean.pointer,
        state.inverse.pointer, sums, sums + Int(view.channels), inner)
    }
    // The kernel has the parameters' gradient on the way, so it runs though nobody listens.
    if executor.needsGradient[input] {
      executor.deliver(to: input) { backward($0) }
    } else {
      backward(executor.carry.pointer)
    }
  }

  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    guard let slot = squares.packing.slots[place],
      let state = first.states[place] as? LayerNormState
    else { return }
    let input = squares.steps[place].first
    let view = squares.view(place)
    let (channels, plane, lanes) = (Int(view.channels), Int(view.plane), Int(view.lanes))
    let (x, outer) = (first.activation(input), squares.gradient(place))
    squares.deliver(to: input) { inner in
      for block in 0..<Int(view.blocks) {
        for lane in 0..<lanes {
          let sample = block * lanes + lane
          let start = block * channels * plane * lanes + lane
          CurvatureOfNormalisation(
            count: channels * plane, mean: Double(state.mean.pointer[sample]),
            inverse: Double(state.inverse.pointer[sample])
          ).carry(
            value: { Double(x[start + $0 * lanes]) },
            outer: {
              Double(pass.parameters[slot.biases.lowerBound + $0 / plane])
                * Double(outer[start + $0 * lanes])
            },
            deliver: { inner[start + $0 * lanes] = Float($1) })
        }
      }
    }
  }
}

// MARK: - The precise engine

extension LayerNorm {
  private func normalization<S>(_ node: PreciseNode<S>) -> (mean: S, inverse: S) {
    let (x, count) = (node.x, node.count)
    let share = S(1 / Double(count))
    var mean = S(0)
    for index in 0..<count { mean += share * x[index] }
    var variance = S(0)
    for index in 0..<count {
      let deviation = x[index] - mean
      variance += share * deviation * deviation
    }
    // 1 / √v by what a scalar has: e^(−½ log v).
    let root = (S(-0.5) * (variance + S(Double(Executor.epsilon))).logarithm).exponential
    return (mean, root)
  }

  func forward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot else { return }
    let (x, y, shape) = (node.x, node.y, node.shape)
    let (mean, inverse) = normalization(node)
    for index in 0..<node.count {
      let scale = slot.biases.lowerBound + index / shape.plane
      y[index] =
        node.parameters[scale] * ((x[index] - mean) * inverse)
        + node.parameters[scale + shape.channels]
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot else { return }
    let (x, dx, dy, shape) = (node.x, node.dx, node.dy, node.shape)
    let (mean, inverse) = normalization(node)
    let share = S(1 / Double(node.count))
    var sum = S(0)
    var moment = S(0)
    for index in 0..<node.count {
      let scale = slot.biases.lowerBound + index / shape.plane
      let normal = (x[index] - mean) * inverse
      let outer = node.parameters[scale] * dy[index]
      node.gradient[scale] += dy[index] * normal
      node.gradient[scale + shape.channels] += dy[index]
      sum += share * outer
      moment += share * outer * normal
    }
    for index in 0..<node.count {
      let scale = slot.biases.lowerBound + index / shape.plane
      let normal = (x[index] - mean) * inverse
      dx[index] += inverse * (node.parameters[scale] * dy[index] - sum - normal * moment)
    }
  }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    guard let slot = squares.slot else { return }
    let (x, inner, outer, shape) = (first.x, squares.dx, squares.dy, squares.shape)
    let (mean, inverse) = normalization(first)
    for index in 0..<squares.count {
      let scale = slot.biases.lowerBound + index / shape.plane
      let normal = (x[index] - mean) * inverse
      squares.gradient[scale] += outer[index] * normal * normal
      squares.gradient[scale + shape.channels] += outer[index]
    }
    CurvatureOfNormalisation(count: squares.count, mean: mean, inverse: inverse).carry(
      value: { x[$0] },
      outer: { squares.parameters[slot.biases.lowerBound + $0 / shape.plane] * outer[$0] },
      deliver: { inner[$0] += $1 })
  }
}

/// LeCun's recursion over x̂ = (x − mean) · inverse of one sample, of which second derivatives are
/// dropped as those off the diagonal are: Σ_j (∂x̂_j/∂x_i)² h_j with
/// ∂x̂_j/∂x_i = inverse · (δ_ij − (1 + x̂_i x̂_j) / n).
private struct CurvatureOfNormalisation {
  let count: Int
  let mean: Double
  let inverse: Double

  func carry(
    value: (Int) -> Double, outer: (Int) -> Double, deliver: (Int, Double) -> Void
  ) {
    let share = 1 / Double(count)
    func normal(_ index: Int) -> Double { (value(index) - mean) * inverse }
    var sums = (0.0, 0.0, 0.0)
    for index in 0..<count {
      let (h, x) = (outer(index), normal(index))
      sums.0 += h
      sums.1 += h * x
      sums.2 += h * x * x
    }
    for index in 0..<count {
      let x = normal(index)
      let own = outer(index) * (1 - 2 * share * (1 + x * x))
      let all = share * share * (sums.0 + 2 * x * sums.1 + x * x * sums.2)
      deliver(index, inverse * inverse * (own + all))
    }
  }
}

// MARK: - In ONNX

/// ONNX scales and shifts every feature, this program every channel.
extension LayerNorm {
  static var onnxTypes: [String] { ["LayerNormalization"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    let shape = node.input
    let extents = shape.plane == 1 ? [shape.channels] : [shape.channels, shape.height, shape.width]
    let tensors = ["weight", "bias"].compactMap { name -> String? in
      guard let floats = node.tensors[name]?.floats else { return nil }
      let spread = floats.flatMap { [Float](repeating: $0, count: shape.plane) }
      return model.add(ONNXModel.Tensor(name, extents, spread), name, of: node)
    }
    model.add(
      "LayerNormalization", for: node, node.inputs + tensors,
      ["axis": .number(-extents.count), "epsilon": .float(Executor.epsilon)])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    let (shape, rank) = (network.shape(place), network.extents(place).count)
    let axis = try node.number("axis", -1)
    guard axis == 1 || axis == -rank else {
      throw ONNXProblem("has axis=\(axis); all features of a sample are normalised, which is 1")
    }
    guard try node.float("epsilon", 1e-5) == Executor.epsilon else {
      throw ONNXProblem("has another epsilon than \(Executor.epsilon)")
    }
    func channels(_ index: Int, _ usual: Float) throws(ONNXProblem) -> [Float] {
      guard network.has(index, of: node) else {
        return [Float](repeating: usual, count: shape.channels)
      }
      guard let floats = network.floats(index, of: node)?.floats, floats.count == shape.count else {
        throw ONNXProblem("has a scale or shift that is not one number a feature")
      }
      let firsts = stride(from: 0, to: shape.count, by: shape.plane).map { floats[$0] }
      guard floats.indices.allSatisfy({ floats[$0] == firsts[$0 / shape.plane] }) else {
        throw ONNXProblem("has a scale or shift that differs within a channel")
      }
      return firsts
    }
    try network.add(
      .layerNorm, for: node, on: [place], values: try channels(1, 1) + channels(2, 0))
    return true
  }
}
