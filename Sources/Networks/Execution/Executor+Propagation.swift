import CKernels
import COpenBLAS

extension Executor {
  /// Carries the gradient of a node's output to its inputs.
  func propagate(_ place: Int, values: UnsafePointer<Float>, sink: Sink) {
    let node = graph.nodes[place]
    let view = view(place)
    let outer = gradient(place)
    switch node.operation {
    case .input: return
    case .dense(let units, _):
      deliver(to: node.inputs[0]) { inner in
        guard let slot = layout[place] else { return }
        let inputs = slot.weights.count / units
        let lanes = Int32(batch.count)
        cblas_sgemm(
          CblasRowMajor, CblasTrans, CblasNoTrans, Int32(inputs), lanes, Int32(units), 1,
          values + slot.weights.lowerBound, Int32(inputs), outer, lanes, 0, inner, lanes)
      }
    case .convolution(let convolution):
      deliver(to: node.inputs[0]) { inner in
        guard let slot = layout[place] else { return }
        var geometry = graph.convolutionGeometry(at: place, convolution)
        wbk_convolution_data_gradient(
          &geometry, view.blocks, outer, values + slot.weights.lowerBound, inner, scratch.pointer)
      }
    case .maxPool(let window):
      deliver(to: node.inputs[0]) { inner in
        var geometry = graph.poolingGeometry(at: place, window)
        wbk_max_pool_backward(&geometry, view.blocks, outer, winners[place] ?? [], inner)
      }
    case .averagePool(let window):
      deliver(to: node.inputs[0]) { inner in
        var geometry = graph.poolingGeometry(at: place, window)
        wbk_average_pool_backward(&geometry, view.blocks, outer, inner)
      }
    case .globalAveragePool:
      deliver(to: node.inputs[0]) { inner in
        var geometry = graph.poolingGeometry(at: place, nil)
        wbk_average_pool_backward(&geometry, view.blocks, outer, inner)
      }
    case .batchNorm:
      propagateBatchNorm(place, values: values, sink: sink)
    case .relu:
      deliver(to: node.inputs[0]) { wbk_relu_gradient(view.count, activation(place), outer, $0) }
    case .tanh:
      deliver(to: node.inputs[0]) { wbk_tanh_gradient(view.count, activation(place), outer, $0) }
    case .sigmoid:
      deliver(to: node.inputs[0]) { wbk_sigmoid_gradient(view.count, activation(place), outer, $0) }
    case .residualSum:
      let factor = gates[place] ?? 1
      deliver(to: node.inputs[0]) { $0.update(from: outer, count: Int(view.count)) }
      if factor != 0 {
        deliver(to: node.inputs[1]) { wbk_scale(view.count, factor, outer, $0) }
      }
    case .concatenate:
      propagateConcatenation(place)
    case .flatten:
      deliver(to: node.inputs[0]) { wbk_unflatten(Int64(batch.blocks), view.channels, outer, $0) }
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
      wbk_add_scaled(view(input).count, 1, carry.pointer, gradients[index].pointer)
    }
  }

  private func propagateBatchNorm(_ place: Int, values: UnsafePointer<Float>, sink: Sink) {
    guard let slot = layout[place], let state = norms[place] else { return }
    let node = graph.nodes[place]
    let view = view(place)
    let channels = Int(view.channels)
    let scale = values + slot.biases.lowerBound
    switch mode {
    case .inference:
      let factors = (0..<channels).map { scale[$0] * state.inverse[$0] }
      let offsets = [Float](repeating: 0, count: channels)
      deliver(to: node.inputs[0]) { inner in
        wbk_channel_affine(
          view.blocks, view.channels, view.plane, view.lanes, factors, offsets, gradient(place),
          inner)
      }
    case .training:
      var unused = [Float](repeating: 0, count: 2 * channels)
      unused.withUnsafeMutableBufferPointer { unused in
        guard var sums = unused.baseAddress else { return }
        if case .gradient(let flat) = sink { sums = flat + slot.biases.lowerBound }
        func backward(_ inner: UnsafeMutablePointer<Float>) {
          wbk_batch_norm_backward(
            view.blocks, view.channels, view.plane, view.lanes, Int64(batch.valid),
            activation(node.inputs[0]), gradient(place), scale, state.mean, state.inverse, sums,
            sums + channels, inner)
        }
        // The kernel has the parameters' gradient on the way, so it runs though nobody listens.
        if needsGradient[node.inputs[0]] {
          deliver(to: node.inputs[0], backward)
        } else {
          backward(carry.pointer)
        }
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
