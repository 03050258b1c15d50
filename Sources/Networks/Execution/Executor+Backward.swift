import CKernels
import COpenBLAS

extension Executor {
  /// Where the backward pass puts what it learns of the parameters.
  enum Sink {
    /// Adds the gradient, summed over samples, to a flat vector.
    case gradient(UnsafeMutablePointer<Float>)
    /// Adds the sum over samples of each sample's squared gradient; weighted layers only.
    case squares(UnsafeMutablePointer<Float>)
    case nothing
  }

  /// Adds the gradient of the mean loss in all parameters, masked ones too, to `gradient`.
  ///
  /// - Precondition: ``forward(_:mode:)`` and ``loss(_:gradient:)`` went before.
  package func backward(_ network: Network, into gradient: inout [Float]) {
    precondition(gradient.count == layout.count, "the gradient has another length")
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let gradient = gradient.baseAddress else { return }
      backward(network, sink: .gradient(gradient)) { _ in }
    }
  }

  /// Carries the output's gradient back to every layer.
  ///
  /// - Parameter observe: called with the place of each weighted layer, once the gradient of its
  ///   output is complete.
  func backward(_ network: Network, sink: Sink, observe: (Int) -> Void) {
    beginBackward()
    network.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for place in graph.nodes.indices.dropFirst().reversed()
      where reaches(place) {
        if graph.nodes[place].operation.isWeighted { observe(place) }
        accumulate(place, into: sink)
        propagate(place, values: values, sink: sink)
      }
    }
  }

  /// Forgets the gradients of the last pass but the output's.
  func beginBackward() {
    for index in written.indices { written[index] = false }
    written[storage[graph.nodes.count - 1]] = true
  }

  /// Whether the pass under way has a gradient at the node and somebody asks for it.
  func reaches(_ place: Int) -> Bool {
    needsGradient[place] && written[storage[place]] && !isDropped(place)
  }

  // MARK: - Parameters

  /// Adds to `sink` what the node at `place` learns from the gradient of its output.
  func accumulate(_ place: Int, into sink: Sink) {
    guard let slot = layout[place] else { return }
    let node = graph.nodes[place]
    let view = view(place)
    let input = activation(node.inputs[0])
    let outer = gradient(place)
    switch (node.operation, sink) {
    case (_, .nothing): return
    case (.dense(let units, _), .gradient(let sums)):
      outerProduct(
        outer, input, units: units, inputs: slot.weights.count / units,
        into: sums + slot.weights.lowerBound)
      addBiasGradient(slot, view, outer, into: sums)
    case (.dense(let units, _), .squares(let sums)):
      let inputs = slot.weights.count / units
      let squaredOuter = FloatBuffer(count: units * batch.count)
      let squaredInput = FloatBuffer(count: inputs * batch.count)
      wbk_square(Int64(squaredOuter.count), outer, squaredOuter.pointer)
      wbk_square(Int64(squaredInput.count), input, squaredInput.pointer)
      outerProduct(
        squaredOuter.pointer, squaredInput.pointer, units: units, inputs: inputs,
        into: sums + slot.weights.lowerBound)
      addSquaredBiasGradient(slot, view, outer, into: sums)
    case (.convolution(let convolution), .gradient(let sums)):
      var geometry = graph.convolutionGeometry(at: place, convolution)
      wbk_convolution_weight_gradient(
        &geometry, view.blocks, input, outer, sums + slot.weights.lowerBound, scratch.pointer)
      addBiasGradient(slot, view, outer, into: sums)
    case (.convolution(let convolution), .squares(let sums)):
      var geometry = graph.convolutionGeometry(at: place, convolution)
      wbk_convolution_weight_gradient_squared(
        &geometry, view.blocks, input, outer, sums + slot.weights.lowerBound, scratch.pointer)
      addSquaredBiasGradient(slot, view, outer, into: sums)
    case (.batchNorm, .gradient(let sums)) where mode == .inference:
      accumulateBatchNorm(place, slot, into: sums)
    default: return
    }
  }

  /// Scale and shift of a batch normalisation by running statistics: Σ dy · x̂ and Σ dy. In training
  /// the kernel that propagates the gradient has them for free.
  private func accumulateBatchNorm(
    _ place: Int, _ slot: ParameterLayout.Slot, into sums: UnsafeMutablePointer<Float>
  ) {
    guard let state = norms[place] else { return }
    let view = view(place)
    let channels = Int(view.channels)
    let input = activation(graph.nodes[place].inputs[0])
    let outer = gradient(place)
    let lanes = Int(view.plane * view.lanes)
    for channel in 0..<channels {
      var scale = 0.0
      var shift = 0.0
      for block in 0..<Int(view.blocks) {
        let start = (block * channels + channel) * lanes
        for index in start..<start + lanes {
          scale += Double(outer[index] * (input[index] - state.mean[channel]))
          shift += Double(outer[index])
        }
      }
      sums[slot.biases.lowerBound + channel] += Float(scale) * state.inverse[channel]
      sums[slot.biases.lowerBound + channels + channel] += Float(shift)
    }
  }

  /// sums (units × inputs) += outer (units × lanes) · input (inputs × lanes)ᵀ.
  private func outerProduct(
    _ outer: UnsafePointer<Float>, _ input: UnsafePointer<Float>, units: Int, inputs: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let lanes = Int32(batch.count)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(units), Int32(inputs), lanes, 1, outer, lanes,
      input, lanes, 1, sums, Int32(inputs))
  }

  private func addBiasGradient(
    _ slot: ParameterLayout.Slot, _ view: ChannelView, _ outer: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    wbk_channel_sum(
      view.blocks, view.channels, view.plane, view.lanes, outer, sums + slot.biases.lowerBound)
  }

  private func addSquaredBiasGradient(
    _ slot: ParameterLayout.Slot, _ view: ChannelView, _ outer: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    wbk_channel_sum_squared(
      view.blocks, view.channels, view.plane, view.lanes, outer, sums + slot.biases.lowerBound)
  }
}
