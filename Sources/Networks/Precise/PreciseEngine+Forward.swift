extension PreciseEngine {
  /// Computes the output for one input, given in the order of channels, rows, columns.
  ///
  /// - Precondition: `input` has as many values as the graph's input shape.
  @discardableResult
  package func forward(_ input: some Collection<Float>) -> [S] {
    precondition(input.count == graph.inputShape.count, "the input does not fit the network")
    for (index, value) in input.enumerated() { values[index] = S(Double(value)) }
    parameters.withUnsafeBufferPointer { parameters in
      for place in graph.nodes.indices.dropFirst() { forward(place, parameters) }
    }
    return output(of: graph.nodes.count - 1)
  }

  private func forward(_ place: Int, _ parameters: UnsafeBufferPointer<S>) {
    let node = graph.nodes[place]
    let count = graph.shapes[place].count
    let x = UnsafePointer(values + offsets[node.inputs[0]])
    let y = values + offsets[place]
    switch node.operation {
    case .input: return
    case .dense(let units, _): forwardDense(place, units: units, parameters, x, y)
    case .convolution(let convolution):
      forwardConvolution(place, convolution, parameters, x, y)
    case .maxPool(let window): forwardMaxPool(place, SlidingWindow(graph, at: place, window), x, y)
    case .averagePool(let window): forwardAverage(SlidingWindow(graph, at: place, window), x, y)
    case .globalAveragePool: forwardAverage(SlidingWindow(wholeMapOf: graph, at: place), x, y)
    case .batchNorm: forwardBatchNorm(place, parameters, x, y)
    case .relu: for index in 0..<count { y[index] = x[index].real > 0 ? x[index] : S(0) }
    case .tanh: for index in 0..<count { y[index] = x[index].hyperbolicTangent }
    case .sigmoid: for index in 0..<count { y[index] = x[index].logistic }
    case .residualSum(let scale):
      let branch = values + offsets[node.inputs[1]]
      let factor = S(Double(scale))
      for index in 0..<count { y[index] = x[index] + factor * branch[index] }
    case .concatenate:
      var start = 0
      for input in node.inputs {
        let length = graph.shapes[input].count
        (y + start).update(from: values + offsets[input], count: length)
        start += length
      }
    case .flatten: y.update(from: x, count: count)
    }
  }

  private func forwardDense(
    _ place: Int, units: Int, _ parameters: UnsafeBufferPointer<S>, _ x: UnsafePointer<S>,
    _ y: UnsafeMutablePointer<S>
  ) {
    guard let slot = layout[place], let base = parameters.baseAddress else { return }
    let inputs = slot.weights.count / units
    for unit in 0..<units {
      let row = base + slot.weights.lowerBound + unit * inputs
      var sum = slot.biases.isEmpty ? S(0) : base[slot.biases.lowerBound + unit]
      for index in 0..<inputs { sum += row[index] * x[index] }
      y[unit] = sum
    }
  }

  private func forwardConvolution(
    _ place: Int, _ convolution: Operation.Convolution, _ parameters: UnsafeBufferPointer<S>,
    _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) {
    guard let slot = layout[place], let base = parameters.baseAddress else { return }
    let window = SlidingWindow(graph, at: place, convolution)
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

  private func forwardMaxPool(
    _ place: Int, _ window: SlidingWindow, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) {
    let start = offsets[place]
    winners.withUnsafeMutableBufferPointer { winners in
      for index in 0..<window.output.count { winners[start + index] = -1 }
      window.forEachInput { output, input in
        let best = winners[start + output]
        guard best < 0 || x[input].real > x[best].real else { return }
        winners[start + output] = input
        y[output] = x[input]
      }
    }
  }

  private func forwardAverage(
    _ window: SlidingWindow, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) {
    y.update(repeating: S(0), count: window.output.count)
    let share = S(1 / Double(window.size.area))
    window.forEachInput { output, input in y[output] += share * x[input] }
  }

  private func forwardBatchNorm(
    _ place: Int, _ parameters: UnsafeBufferPointer<S>, _ x: UnsafePointer<S>,
    _ y: UnsafeMutablePointer<S>
  ) {
    guard let slot = layout[place] else { return }
    let shape = graph.shapes[place]
    for channel in 0..<shape.channels {
      let (mean, inverse) = normalization(at: place, channel: channel)
      let scale = parameters[slot.biases.lowerBound + channel]
      let shift = parameters[slot.biases.lowerBound + shape.channels + channel]
      for index in channel * shape.plane..<(channel + 1) * shape.plane {
        y[index] = scale * S(inverse) * (x[index] - S(mean)) + shift
      }
    }
  }
}
