import CKernels
import Numerics

/// Batch normalisation of each channel (Ioffe & Szegedy 2015); a scale and a shift are its parameters.
package struct BatchNorm: OperationKind, SizelessOperation {}

extension Operation {
  package static let batchNorm = Operation(BatchNorm())
}

extension BatchNorm {
  static var word: String { "batch-norm" }
  static var key: String { "batchNorm" }
  var role: OperationRole { .normalization }
  var flow: ChannelFlow { .pass }
  var initialBiases: [Float] { [1, 0] }
  var keepsStatistics: Bool { true }
  var takesSingleLanes: Bool { false }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) { try inputs.only() }

  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int) {
    (0, 2 * input.channels)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    guard let slot = network.layout[place], let range = network.layout.statistics[place] else {
      return inputs[0]
    }
    let channels = inputs[0].count
    return inputs[0].indices.map { channel in
      guard let value = inputs[0][channel] else { return nil }
      let mean = Double(network.statistics[range.lowerBound + channel])
      let variance = Double(network.statistics[range.lowerBound + channels + channel])
      let scale = Double(network.values[slot.biases.lowerBound + channel])
      let shift = Double(network.values[slot.biases.lowerBound + channels + channel])
      let deviation = (variance + Double(Executor.epsilon)).squareRoot()
      return shift + scale * (value - mean) / deviation
    }
  }

  static var canBePutIn: Bool { true }

  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand {
    LayerDemand(biases: 2 * input.channels, statistics: 2 * input.channels)
  }
}

extension BatchNorm {
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape] {
    [NamedShape("weight", [input.channels]), NamedShape("bias", [input.channels])]
  }

  func statisticsTensors(making output: Shape) -> [NamedShape] {
    [
      NamedShape("running_mean", [output.channels]),
      NamedShape("running_var", [output.channels], least: 0),
    ]
  }
}

// MARK: - The fast engine

/// What a batch normalisation keeps of one batch.
private final class BatchNormState: OperationState {
  let mean: FloatBuffer
  let variance: FloatBuffer
  /// 1 / √(variance + ε)
  let inverse: FloatBuffer
  /// In inference: y = factor · x + offset.
  let factor: FloatBuffer
  let offset: FloatBuffer
  /// Gradients of scale and shift that nobody asked for.
  let unused: FloatBuffer

  init(_ channels: Int) {
    mean = FloatBuffer(count: channels)
    variance = FloatBuffer(count: channels)
    inverse = FloatBuffer(count: channels)
    factor = FloatBuffer(count: channels)
    offset = FloatBuffer(count: channels)
    unused = FloatBuffer(count: 2 * channels)
  }

  func takeSquares(of other: any OperationState) {
    guard let other = other as? BatchNormState else { return }
    mean.pointer.update(from: other.mean.pointer, count: other.mean.count)
    wbk_square(Int64(other.inverse.count), other.inverse.pointer, inverse.pointer)
  }
}

extension BatchNorm {
  var canRectify: Bool { true }
  var propagatesInPlace: Bool { true }
  func rectifies(_ executor: Executor, _ place: Int) -> Bool { executor.mode != .inference }
  func rectifiesBackward(_ executor: Executor) -> Bool { executor.mode != .inference }

  func makeState(for step: Step, lanes: Int) -> (any OperationState)? {
    BatchNormState(step.shape.channels)
  }

  func forward(_ executor: Executor, _ place: Int) {
    guard let slot = executor.packing.slots[place],
      let range = executor.layout.statistics[place],
      let state = executor.states[place] as? BatchNormState
    else { return }
    let step = executor.steps[place]
    let view = executor.view(place)
    let channels = step.shape.channels
    let (input, output) = (executor.activation(step.first), executor.activation(place))
    let scale = executor.working.pointer + slot.biases.lowerBound
    let shift = scale + channels
    switch executor.mode {
    case .training:
      executor.team.share(channels, bytes: 12 * Int(view.count)) { part in
        wbk_batch_norm_forward(
          view.blocks, view.channels, view.plane, view.lanes, Int64(executor.batch.valid),
          Int64(part.lowerBound), Int64(part.upperBound), Executor.epsilon,
          step.rectifies ? 1 : 0, input, scale, shift, state.mean.pointer,
          state.variance.pointer, state.inverse.pointer, step.isMadeByReader ? nil : output)
      }
    case .inference:
      let mean = executor.statistics.pointer + range.lowerBound
      for channel in 0..<channels {
        let inverse = 1 / (mean[channels + channel] + Executor.epsilon).squareRoot()
        state.mean.pointer[channel] = mean[channel]
        state.variance.pointer[channel] = mean[channels + channel]
        state.inverse.pointer[channel] = inverse
        state.factor.pointer[channel] = scale[channel] * inverse
        state.offset.pointer[channel] = shift[channel] - mean[channel] * scale[channel] * inverse
      }
      if step.isMadeByReader { return }
      wbk_channel_affine(
        view.blocks, view.channels, view.plane, view.lanes, state.factor.pointer,
        state.offset.pointer, input, output)
    }
  }

  /// Makes some blocks of the output, and of the rectifier's behind it: once ``forward(_:_:)`` knows the
  /// channels' statistics, for whom the memory of all of it costs more than to compute it again.
  static func normalise(
    _ executor: Executor, _ place: Int, _ blocks: Range<Int>, into made: UnsafeMutablePointer<Float>
  ) {
    guard let slot = executor.packing.slots[place],
      let state = executor.states[place] as? BatchNormState
    else { return }
    let step = executor.steps[place]
    let view = executor.view(place)
    let size = executor.blockSize(place)
    let input = executor.activation(step.first) + blocks.lowerBound * size
    let scale = executor.working.pointer + slot.biases.lowerBound
    switch executor.mode {
    case .training:
      wbk_batch_norm_output(
        Int64(blocks.count), view.channels, view.plane, view.lanes, step.rectifies ? 1 : 0, input,
        scale, scale + step.shape.channels, state.mean.pointer, state.inverse.pointer, made)
    case .inference:
      wbk_channel_affine(
        Int64(blocks.count), view.channels, view.plane, view.lanes, state.factor.pointer,
        state.offset.pointer, input, made)
      if step.rectifies { wbk_relu(Int64(blocks.count * size), made, made) }
    }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    guard let slot = executor.packing.slots[place],
      let state = executor.states[place] as? BatchNormState
    else { return }
    let step = executor.steps[place]
    let input = step.first
    let view = executor.view(place)
    let channels = Int(view.channels)
    let scale = pass.parameters + slot.biases.lowerBound
    switch executor.mode {
    case .inference:
      for channel in 0..<channels {
        state.factor.pointer[channel] = scale[channel] * state.inverse.pointer[channel]
        state.offset.pointer[channel] = 0
      }
      executor.deliver(to: input) { inner in
        wbk_channel_affine(
          view.blocks, view.channels, view.plane, view.lanes, state.factor.pointer,
          state.offset.pointer, executor.gradient(place), inner)
      }
    case .training:
      let shift = step.rectifies ? UnsafePointer(scale) + channels : nil
      var sums = state.unused.pointer
      if case .gradient(let flat) = pass.sink { sums = flat + slot.biases.lowerBound }
      func backward(_ inner: UnsafeMutablePointer<Float>) {
        executor.team.share(channels, bytes: 12 * Int(view.count)) { part in
          wbk_batch_norm_backward(
            view.blocks, view.channels, view.plane, view.lanes, Int64(executor.batch.valid),
            Int64(part.lowerBound), Int64(part.upperBound), executor.activation(input), shift,
            executor.gradient(place), scale, state.mean.pointer, state.inverse.pointer, sums,
            sums + channels, inner)
        }
      }
      // The kernel has the parameters' gradient on the way, so it runs though nobody listens.
      if executor.needsGradient[input] {
        executor.deliver(to: input) { backward($0) }
      } else {
        backward(executor.carry.pointer)
      }
    }
  }

  /// Scale and shift by running statistics: Σ dy · x̂ and Σ dy. In training the kernel that propagates
  /// the gradient has them for free.
  func accumulate(_ executor: Executor, _ place: Int, into sink: Executor.Sink) {
    guard case .gradient(let sums) = sink, executor.mode == .inference,
      let slot = executor.packing.slots[place],
      let state = executor.states[place] as? BatchNormState
    else { return }
    let view = executor.view(place)
    let channels = Int(view.channels)
    let input = executor.activation(executor.steps[place].first)
    let outer = executor.gradient(place)
    let lanes = Int(view.plane * view.lanes)
    for channel in 0..<channels {
      var scale = 0.0
      var shift = 0.0
      for block in 0..<Int(view.blocks) {
        let start = (block * channels + channel) * lanes
        for index in start..<start + lanes {
          scale += Double(outer[index] * (input[index] - state.mean.pointer[channel]))
          shift += Double(outer[index])
        }
      }
      sums[slot.biases.lowerBound + channel] += Float(scale) * state.inverse.pointer[channel]
      sums[slot.biases.lowerBound + channels + channel] += Float(shift)
    }
  }

  /// new = old + `rate` · (batch − old), the variance unbiased. The statistics of a channel whose scale
  /// and shift are frozen stay.
  func updateStatistics(_ executor: Executor, _ place: Int, rate: Float) {
    guard let state = executor.states[place] as? BatchNormState,
      let range = executor.layout.statistics[place], let slot = executor.layout[place]
    else { return }
    let channels = range.count / 2
    let samples = Float(executor.batch.valid * executor.steps[place].shape.plane)
    let unbiased = samples > 1 ? samples / (samples - 1) : 1
    let mean = executor.statistics.pointer + range.lowerBound
    let variance = mean + channels
    let frozen = executor.frozen
    for channel in 0..<channels {
      let scale = slot.biases.lowerBound + channel
      if !frozen.isEmpty, frozen[scale], frozen[scale + channels] { continue }
      mean[channel] += rate * (state.mean.pointer[channel] - mean[channel])
      variance[channel] += rate * (state.variance.pointer[channel] * unbiased - variance[channel])
    }
  }
}

// MARK: - The precise engine

extension BatchNorm {
  func forward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot else { return }
    let (x, y, shape) = (node.x, node.y, node.shape)
    for channel in 0..<shape.channels {
      let (mean, inverse) = node.engine.normalization(at: node.place, channel: channel)
      let scale = node.parameters[slot.biases.lowerBound + channel]
      let shift = node.parameters[slot.biases.lowerBound + shape.channels + channel]
      for index in channel * shape.plane..<(channel + 1) * shape.plane {
        y[index] = scale * S(inverse) * (x[index] - S(mean)) + shift
      }
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    guard let slot = node.slot else { return }
    let (x, dx, dy, shape) = (node.x, node.dx, node.dy, node.shape)
    for channel in 0..<shape.channels {
      let (mean, inverse) = node.engine.normalization(at: node.place, channel: channel)
      let scale = slot.biases.lowerBound + channel
      let factor = node.parameters[scale] * S(inverse)
      for index in channel * shape.plane..<(channel + 1) * shape.plane {
        node.gradient[scale] += dy[index] * (x[index] - S(mean)) * S(inverse)
        node.gradient[scale + shape.channels] += dy[index]
        dx[index] += factor * dy[index]
      }
    }
  }

  /// Scale and shift count as weights of their own.
  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    guard let slot = squares.slot else { return }
    let (inner, outer, shape) = (squares.dx, squares.dy, squares.shape)
    let values = first.x
    for index in 0..<squares.count {
      let channel = index / shape.plane
      let (mean, inverse) = squares.engine.normalization(at: squares.place, channel: channel)
      let scale = slot.biases.lowerBound + channel
      let normalized = (values[index] - mean) * inverse
      squares.gradient[scale] += outer[index] * normalized * normalized
      squares.gradient[scale + shape.channels] += outer[index]
      inner[index] += outer[index] * squares.parameters[scale] * inverse * inverse
    }
  }
}

// MARK: - In ONNX

extension BatchNorm {
  static var onnxTypes: [String] { ["BatchNormalization"] }
  private static let tensors = ["weight", "bias", "running_mean", "running_var"]

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add(
      "BatchNormalization", for: node,
      node.inputs + model.addTensors(Self.tensors, of: node),
      ["epsilon": .float(Executor.epsilon)])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    try node.demand("training_mode", 0, otherwise: 0)
    var parts: [[Float]] = []
    for (index, name) in tensors.enumerated() {
      guard let part = network.floats(index + 1, of: node)?.floats else {
        throw ONNXProblem("has no known \(name)")
      }
      parts.append(part)
    }
    // Another ε is the same network with another variance.
    let difference = try node.float("epsilon", 1e-5) - Executor.epsilon
    let variances = parts[3].map { $0 + difference }
    guard variances.allSatisfy({ $0 >= 0 }) else {
      throw ONNXProblem("has a variance below 0, or an epsilon below \(Executor.epsilon)")
    }
    guard parts.allSatisfy({ $0.count == network.shape(place).channels }) else {
      throw ONNXProblem("has tensors of other lengths than \(network.shape(place).channels)")
    }
    try network.add(
      .batchNorm, for: node, on: [place], values: parts[0] + parts[1],
      statistics: parts[2] + variances)
    return true
  }
}
