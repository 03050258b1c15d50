import CKernels
import Numerics

extension Executor {
  /// Carries the gradient of a node's output to its inputs.
  ///
  /// - Parameter values: The packed parameters.
  func propagate(_ place: Int, values: UnsafePointer<Float>, sink: Sink) {
    let step = steps[place]
    let view = view(place)
    let outer = gradient(place)
    switch step.operation {
    case .input: return
    case .dense:
      deliver(to: step.first) { inner in
        guard let slot = packing.slots[place] else { return }
        propagateDense(place, weights: values + slot.weights.lowerBound, into: inner)
      }
    case .convolution:
      deliver(to: step.first) { propagateConvolution(place, parameters: values, into: $0) }
    case .maxPool:
      guard let winners = winners[place]?.pointer else { return }
      deliver(to: step.first) { inner in
        withUnsafePointer(to: step.pooling) {
          wbk_max_pool_backward($0, view.blocks, outer, winners, inner)
        }
      }
    case .averagePool, .globalAveragePool:
      deliver(to: step.first) { inner in
        withUnsafePointer(to: step.pooling) {
          wbk_average_pool_backward($0, view.blocks, outer, inner)
        }
      }
    case .batchNorm: propagateBatchNorm(place, values: values, sink: sink)
    case .relu where step.isRectifiedAtOnce && takesRectifierBack(step.first):
      // The gradient lies where its input's would; the node before takes it from there.
      written[storage[step.first]] = true
    case .relu: propagateActivation(place, wbk_relu_gradient)
    case .tanh: propagateActivation(place, wbk_tanh_gradient)
    case .sigmoid: propagateActivation(place, wbk_sigmoid_gradient)
    case .residualSum:
      let factor = gates[place]
      deliver(to: step.first) { inner in
        shareValues(place) { (inner + $0).update(from: outer + $0, count: Int($1)) }
      }
      if factor != 0 {
        deliver(to: step.second) { inner in
          shareValues(place) { wbk_scale($1, factor, outer + $0, inner + $0) }
        }
      }
    case .concatenate:
      propagateConcatenation(place)
    case .flatten:
      deliver(to: step.first) { wbk_unflatten(Int64(batch.blocks), view.channels, outer, $0) }
    }
  }

  /// Lets `write` put a gradient into `input`'s, or add to what another reader left there.
  func deliver(to input: Int, _ write: (UnsafeMutablePointer<Float>) -> Void) {
    guard needsGradient[input] else { return }
    let index = storage[input]
    let sharesWithReader = graph.consumers[input].count == 1
    if !written[index] || sharesWithReader {
      write(gradients[index].pointer)
      written[index] = true
    } else {
      write(carry.pointer)
      let (total, carry) = (gradients[index].pointer, carry.pointer)
      shareValues(input) { wbk_add_scaled($1, 1, carry + $0, total + $0) }
    }
  }

  /// Whether the node before a ReLU takes the ReLU's gradient into its own backward pass: a batch
  /// normalisation in training.
  private func takesRectifierBack(_ place: Int) -> Bool {
    if case .batchNorm = steps[place].operation { mode != .inference } else { false }
  }

  /// The gradient of a function of single values, from its output.
  private func propagateActivation(
    _ place: Int,
    _ kernel: (
      Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let (output, outer) = (activation(place), gradient(place))
    deliver(to: steps[place].first) { inner in
      shareValues(place) { kernel($1, output + $0, outer + $0, inner + $0) }
    }
  }

  private func propagateBatchNorm(_ place: Int, values: UnsafePointer<Float>, sink: Sink) {
    guard let slot = packing.slots[place], let state = norms[place] else { return }
    let input = steps[place].first
    let view = view(place)
    let channels = Int(view.channels)
    let scale = values + slot.biases.lowerBound
    switch mode {
    case .inference:
      for channel in 0..<channels {
        state.factor.pointer[channel] = scale[channel] * state.inverse.pointer[channel]
        state.offset.pointer[channel] = 0
      }
      deliver(to: input) { inner in
        wbk_channel_affine(
          view.blocks, view.channels, view.plane, view.lanes, state.factor.pointer,
          state.offset.pointer, gradient(place), inner)
      }
    case .training:
      let rectified = steps[place].rectifies ? UnsafePointer(activation(place)) : nil
      var sums = state.unused.pointer
      if case .gradient(let flat) = sink { sums = flat + slot.biases.lowerBound }
      func backward(_ inner: UnsafeMutablePointer<Float>) {
        team.share(channels, work: Int(view.count)) { part in
          wbk_batch_norm_backward(
            view.blocks, view.channels, view.plane, view.lanes, Int64(self.batch.valid),
            Int64(part.lowerBound), Int64(part.upperBound), self.activation(input), rectified,
            self.gradient(place), scale, state.mean.pointer, state.inverse.pointer, sums,
            sums + channels, inner)
        }
      }
      // The kernel has the parameters' gradient on the way, so it runs though nobody listens.
      if needsGradient[input] {
        deliver(to: input, backward)
      } else {
        backward(carry.pointer)
      }
    }
  }

  private func propagateConcatenation(_ place: Int) {
    let outer = view(place)
    let outerBlock = Int(outer.channels * outer.plane * outer.lanes)
    var offset = 0
    for input in graph.nodes[place].inputs {
      let view = view(input)
      let block = Int(view.channels * view.plane * view.lanes)
      deliver(to: input) { inner in
        for index in 0..<Int(view.blocks) {
          (inner + index * block)
            .update(from: gradient(place) + index * outerBlock + offset, count: block)
        }
      }
      offset += block
    }
  }
}
