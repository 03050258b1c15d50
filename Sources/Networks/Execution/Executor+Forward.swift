import CKernels
import COpenBLAS

extension Executor {
  /// Computes the output of the loaded batch.
  package func forward(_ network: Network, mode: Mode) {
    precondition(network.layout.count == layout.count, "the network is not of this graph")
    self.mode = mode
    gates = branchFactors(of: network.graph, mode: mode)
    network.values.withUnsafeBufferPointer { values in
      network.statistics.withUnsafeBufferPointer { statistics in
        for place in graph.nodes.indices.dropFirst() where !isDropped(place) {
          forward(place, values: values, statistics: statistics)
        }
      }
    }
  }

  /// Whether the node lies in a branch that this pass skips.
  func isDropped(_ place: Int) -> Bool {
    guard let sum = sums[place] else { return false }
    return gates[sum] == 0
  }

  private func branchFactors(of graph: Graph, mode: Mode) -> [Int: Float] {
    var factors: [Int: Float] = [:]
    for (index, place) in graph.residualSums.enumerated() {
      guard case .residualSum(let scale) = graph.nodes[place].operation else { continue }
      switch mode {
      case .inference: factors[place] = scale
      case .training(let gates): factors[place] = gates.isEmpty ? 1 : gates[index]
      }
    }
    return factors
  }

  private func forward(
    _ place: Int, values: UnsafeBufferPointer<Float>, statistics: UnsafeBufferPointer<Float>
  ) {
    let node = graph.nodes[place]
    let view = view(place)
    let output = activation(place)
    let input = activation(node.inputs[0])
    switch node.operation {
    case .input: break
    case .dense(let units, _):
      forwardDense(place, units: units, values: values)
    case .convolution(let convolution):
      guard let slot = layout[place], let values = values.baseAddress else { return }
      var geometry = graph.convolutionGeometry(at: place, convolution)
      wbk_convolution_forward(
        &geometry, view.blocks, input, values + slot.weights.lowerBound,
        convolution.bias ? values + slot.biases.lowerBound : nil, output, scratch.pointer)
    case .maxPool(let window):
      var geometry = graph.poolingGeometry(at: place, window)
      winners[place, default: []].withUnsafeMutableBufferPointer { winners in
        guard let winners = winners.baseAddress else { return }
        wbk_max_pool_forward(&geometry, view.blocks, input, output, winners)
      }
    case .averagePool(let window):
      var geometry = graph.poolingGeometry(at: place, window)
      wbk_average_pool_forward(&geometry, view.blocks, input, output)
    case .globalAveragePool:
      var geometry = graph.poolingGeometry(at: place, nil)
      wbk_average_pool_forward(&geometry, view.blocks, input, output)
    case .batchNorm:
      forwardBatchNorm(place, values: values, statistics: statistics)
    case .relu: wbk_relu(view.count, input, output)
    case .tanh: wbk_tanh(view.count, input, output)
    case .sigmoid: wbk_sigmoid(view.count, input, output)
    case .residualSum:
      let factor = gates[place] ?? 1
      if factor == 0 {
        output.update(from: input, count: Int(view.count))
      } else {
        wbk_sum_scaled(view.count, input, factor, activation(node.inputs[1]), output)
      }
    case .concatenate:
      forwardConcatenation(place)
    case .flatten:
      wbk_flatten(Int64(batch.blocks), view.channels, input, output)
    }
  }

  private func forwardDense(_ place: Int, units: Int, values: UnsafeBufferPointer<Float>) {
    guard let slot = layout[place], let values = values.baseAddress else { return }
    let inputs = slot.weights.count / units
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(units), Int32(batch.count), Int32(inputs),
      1, values + slot.weights.lowerBound, Int32(inputs), activation(graph.nodes[place].inputs[0]),
      Int32(batch.count), 0, activation(place), Int32(batch.count))
    if !slot.biases.isEmpty {
      wbk_add_bias(
        1, Int64(units), 1, Int64(batch.count), values + slot.biases.lowerBound, activation(place))
    }
  }

  private func forwardBatchNorm(
    _ place: Int, values: UnsafeBufferPointer<Float>, statistics: UnsafeBufferPointer<Float>
  ) {
    guard let slot = layout[place], let range = layout.statistics[place], var state = norms[place],
      let values = values.baseAddress, let statistics = statistics.baseAddress
    else { return }
    let view = view(place)
    let channels = Int(view.channels)
    let input = activation(graph.nodes[place].inputs[0])
    let scale = values + slot.biases.lowerBound
    let shift = scale + channels
    switch mode {
    case .training:
      wbk_batch_norm_forward(
        view.blocks, view.channels, view.plane, view.lanes, Int64(batch.valid), Self.epsilon, input,
        scale, shift, &state.mean, &state.variance, &state.inverse, activation(place))
    case .inference:
      var factors = [Float](repeating: 0, count: channels)
      var offsets = factors
      for channel in 0..<channels {
        state.mean[channel] = statistics[range.lowerBound + channel]
        state.variance[channel] = statistics[range.lowerBound + channels + channel]
        state.inverse[channel] = 1 / (state.variance[channel] + Self.epsilon).squareRoot()
        factors[channel] = scale[channel] * state.inverse[channel]
        offsets[channel] = shift[channel] - state.mean[channel] * factors[channel]
      }
      wbk_channel_affine(
        view.blocks, view.channels, view.plane, view.lanes, factors, offsets, input,
        activation(place))
    }
    norms[place] = state
  }

  private func forwardConcatenation(_ place: Int) {
    let output = view(place)
    let outputBlock = Int(output.channels * output.plane * output.lanes)
    var offset = 0
    for input in graph.nodes[place].inputs {
      let view = view(input)
      let block = Int(view.channels * view.plane * view.lanes)
      for index in 0..<Int(view.blocks) {
        (activation(place) + index * outputBlock + offset)
          .update(from: activation(input) + index * block, count: block)
      }
      offset += block
    }
  }

  /// Moves the running statistics towards those of the last training batch: new = old + `rate` ·
  /// (batch − old), the variance unbiased.
  package func updateStatistics(of network: inout Network, rate: Float = 0.1) {
    for (place, range) in layout.statistics where !isDropped(place) {
      guard let state = norms[place] else { continue }
      let channels = range.count / 2
      let samples = Float(batch.valid * graph.shapes[place].plane)
      let unbiased = samples > 1 ? samples / (samples - 1) : 1
      for channel in 0..<channels {
        let mean = range.lowerBound + channel
        let variance = mean + channels
        network.statistics[mean] += rate * (state.mean[channel] - network.statistics[mean])
        network.statistics[variance] +=
          rate * (state.variance[channel] * unbiased - network.statistics[variance])
      }
    }
  }
}
