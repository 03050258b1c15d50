import CKernels

extension Executor {
  /// Where the backward pass puts what it learns of the parameters, in packed order.
  enum Sink {
    /// Writes the gradient, summed over samples; batch normalisations add to theirs.
    case gradient(UnsafeMutablePointer<Float>)
    /// Adds the sum over samples of each sample's squared gradient; weighted layers only.
    case squares(UnsafeMutablePointer<Float>)
    /// The same of convolutions alone.
    case convolutionSquares(UnsafeMutablePointer<Float>)
    case nothing
  }

  /// Writes the gradient of the mean loss in the parameters to `gradient`, in the flat order. An
  /// executor to measure with has it for masked parameters, too; others may leave 0 there.
  ///
  /// - Precondition: ``forward(_:mode:)`` and ``loss(_:gradient:)`` went before.
  package func backward(_ network: Network, into gradient: inout [Float]) {
    precondition(gradient.count == layout.count, "the gradient has another length")
    let packed = FloatBuffer(count: packing.count)
    backward(into: packed.pointer)
    packing.unpack(packed.pointer, into: &gradient)
  }

  /// Writes the gradient of the mean loss in the packed parameters.
  func backward(into gradient: UnsafeMutablePointer<Float>) {
    for place in steps.indices {
      guard let slot = packing.slots[place] else { continue }
      // Of a dropped block nothing else is written, and the kernels add to the biases' sums.
      let range = isDropped(place) ? slot.all : slot.biases
      (gradient + range.lowerBound).update(repeating: 0, count: range.count)
    }
    backward(sink: .gradient(gradient)) { _ in }
  }

  /// Carries the output's gradient back to every layer.
  ///
  /// - Parameter observe: called with the place of each weighted layer, once the gradient of its
  ///   output is complete.
  func backward(sink: Sink, observe: (Int) -> Void) {
    beginBackward()
    for place in steps.indices.dropFirst().reversed() where reaches(place) {
      if steps[place].pool >= 0 {
        guard case .gradient(let sums) = sink else { continue }
        backwardConvolution(place, parameters: parameters.pointer, into: sums)
        continue
      }
      if steps[place].operation.isWeighted { observe(place) }
      accumulate(place, into: sink)
      propagate(place, values: parameters.pointer, sink: sink)
    }
  }

  /// Forgets the gradients of the last pass but the output's.
  func beginBackward() {
    for index in written.indices { written[index] = false }
    written[storage[steps.count - 1]] = true
  }

  /// Whether the pass under way has a gradient at the node and somebody asks for it.
  func reaches(_ place: Int) -> Bool {
    guard needsGradient[place], !isDropped(place), !steps[place].isPooledAtOnce else {
      return false
    }
    let holder = steps[place].pool >= 0 ? steps[place].pool : place
    return written[storage[holder]]
  }

  // MARK: - Parameters

  /// Brings to `sink` what the node at `place` learns from the gradient of its output.
  func accumulate(_ place: Int, into sink: Sink) {
    guard let slot = packing.slots[place] else { return }
    let step = steps[place]
    switch (step.operation, sink) {
    case (_, .nothing): return
    case (.dense, .gradient(let sums)):
      denseWeightGradient(place, into: sums + slot.weights.lowerBound)
      addBiasGradient(slot, place, into: sums)
    case (.dense, .squares(let sums)):
      let squares = squares(of: gradient(place), count: Int(view(place).count))
      addDenseSquares(place, outer: squares, into: sums)
    case (.convolution, .gradient(let sums)):
      convolutionGradients(place, weights: sums + slot.weights.lowerBound)
      addBiasGradient(slot, place, into: sums)
    case (.convolution, .squares(let sums)), (.convolution, .convolutionSquares(let sums)):
      withUnsafePointer(to: step.convolution) {
        wbk_convolution_weight_gradient_squared(
          $0, Int64(batch.blocks), activation(step.first), gradient(place),
          sums + slot.weights.lowerBound, workspaces[0].scratch.pointer)
      }
      addSquaredBiasGradient(slot, place, into: sums)
    case (.batchNorm, .gradient(let sums)) where mode == .inference:
      accumulateBatchNorm(place, slot, into: sums)
    default: return
    }
  }

  /// Scale and shift of a batch normalisation by running statistics: Σ dy · x̂ and Σ dy. In training
  /// the kernel that propagates the gradient has them for free.
  private func accumulateBatchNorm(
    _ place: Int, _ slot: ParameterPacking.Slot, into sums: UnsafeMutablePointer<Float>
  ) {
    guard let state = norms[place] else { return }
    let view = view(place)
    let channels = Int(view.channels)
    let input = activation(steps[place].first)
    let outer = gradient(place)
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

  /// Adds the gradient of the node's biases, from the gradient of its output, or of the pool that
  /// takes its output at once: the same sum, as every window has one winner.
  func addBiasGradient(
    _ slot: ParameterPacking.Slot, _ place: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    let holder = steps[place].pool >= 0 ? steps[place].pool : place
    let view = view(holder)
    wbk_channel_sum(
      view.blocks, view.channels, view.plane, view.lanes, gradient(holder),
      sums + slot.biases.lowerBound)
  }

  private func addSquaredBiasGradient(
    _ slot: ParameterPacking.Slot, _ place: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    let view = view(place)
    wbk_channel_sum_squared(
      view.blocks, view.channels, view.plane, view.lanes, gradient(place),
      sums + slot.biases.lowerBound)
  }

  // MARK: - Squares of dense layers

  /// Adds Σ over samples of `outer` · (squared input)ᵀ to the weights' sums and Σ `outer` to the
  /// biases': a dense layer's squared gradients, from squared gradients of its output (units × lanes).
  func addDenseSquares(
    _ place: Int, outer: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let units = steps[place].shape.channels
    let inputs = slot.weights.count / units
    wbk_square(Int64(inputs * batch.count), activation(steps[place].first), carry.pointer)
    outerProduct(
      outer, carry.pointer, units: units, inputs: inputs, keeping: 1,
      into: sums + slot.weights.lowerBound)
    if !slot.biases.isEmpty {
      wbk_channel_sum(1, Int64(units), 1, Int64(batch.count), outer, sums + slot.biases.lowerBound)
    }
  }

  private func squares(of values: UnsafePointer<Float>, count: Int) -> UnsafePointer<Float> {
    wbk_square(Int64(count), values, squared.pointer)
    return UnsafePointer(squared.pointer)
  }
}
