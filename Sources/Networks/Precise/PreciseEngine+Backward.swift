extension PreciseEngine {
  /// Carries `seed`, derivatives in the outputs, back through the network and adds those in the
  /// parameters to `gradient`. Masked parameters get theirs as well.
  ///
  /// - Precondition: ``forward(_:)`` went before; `seed` has one value an output and `gradient` one
  ///   a parameter.
  package func backward(from seed: [S], into gradient: inout [S]) {
    precondition(seed.count == graph.outputs, "\(seed.count) seeds, \(graph.outputs) outputs")
    precondition(gradient.count == layout.count, "the gradient has another length")
    slopes.update(repeating: S(0), count: total)
    for (index, value) in seed.enumerated() { slopes[offsets[offsets.count - 1] + index] = value }
    parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        for place in graph.nodes.indices.dropFirst().reversed() {
          backward(
            place, values: values, slopes: slopes, parameters: parameters, into: gradient)
        }
      }
    }
  }

  /// One node's step back, with the values, parameters and slopes that the caller gives: the same
  /// step on squares is that of LeCun's recursion where a node is linear.
  func backward(
    _ place: Int, values: UnsafeMutablePointer<S>, slopes: UnsafeMutablePointer<S>,
    parameters: UnsafeBufferPointer<S>, into gradient: UnsafeMutableBufferPointer<S>
  ) {
    let node = graph.nodes[place]
    let count = graph.shapes[place].count
    let first = node.inputs[0]
    let (x, y) = (UnsafePointer(values + offsets[first]), UnsafePointer(values + offsets[place]))
    let (dx, dy) = (slopes + offsets[first], UnsafePointer(slopes + offsets[place]))
    switch node.operation {
    case .input: return
    case .dense(let units, _):
      backwardDense(place, units: units, parameters, x, dy, dx, gradient)
    case .convolution(let convolution):
      backwardConvolution(place, convolution, parameters, x, dy, dx, gradient)
    case .maxPool:
      let start = offsets[place]
      for index in 0..<count { dx[winners[start + index]] += dy[index] }
    case .averagePool(let window):
      let share = S(1 / Double(window.size.area))
      SlidingWindow(graph, at: place, window).forEachInput { output, input in
        dx[input] += share * dy[output]
      }
    case .globalAveragePool:
      let window = SlidingWindow(wholeMapOf: graph, at: place)
      let share = S(1 / Double(window.size.area))
      window.forEachInput { output, input in dx[input] += share * dy[output] }
    case .batchNorm: backwardBatchNorm(place, parameters, x, dy, dx, gradient)
    case .relu: for index in 0..<count where y[index].real > 0 { dx[index] += dy[index] }
    case .tanh:
      for index in 0..<count { dx[index] += dy[index] * (S(1) - y[index] * y[index]) }
    case .sigmoid:
      for index in 0..<count { dx[index] += dy[index] * y[index] * (S(1) - y[index]) }
    case .residualSum(let scale):
      let branch = slopes + offsets[node.inputs[1]]
      let factor = S(Double(scale))
      for index in 0..<count {
        dx[index] += dy[index]
        branch[index] += factor * dy[index]
      }
    case .concatenate:
      var start = 0
      for input in node.inputs {
        let length = graph.shapes[input].count
        let part = slopes + offsets[input]
        for index in 0..<length { part[index] += dy[start + index] }
        start += length
      }
    case .flatten: for index in 0..<count { dx[index] += dy[index] }
    }
  }

  private func backwardDense(
    _ place: Int, units: Int, _ parameters: UnsafeBufferPointer<S>, _ x: UnsafePointer<S>,
    _ dy: UnsafePointer<S>, _ dx: UnsafeMutablePointer<S>,
    _ gradient: UnsafeMutableBufferPointer<S>
  ) {
    guard let slot = layout[place], let base = parameters.baseAddress,
      let sums = gradient.baseAddress
    else { return }
    let inputs = slot.weights.count / units
    let isFirst = graph.nodes[place].inputs[0] == 0
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

  private func backwardConvolution(
    _ place: Int, _ convolution: Operation.Convolution, _ parameters: UnsafeBufferPointer<S>,
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, _ dx: UnsafeMutablePointer<S>,
    _ gradient: UnsafeMutableBufferPointer<S>
  ) {
    guard let slot = layout[place], let base = parameters.baseAddress,
      let sums = gradient.baseAddress
    else { return }
    let window = SlidingWindow(graph, at: place, convolution)
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

  private func backwardBatchNorm(
    _ place: Int, _ parameters: UnsafeBufferPointer<S>, _ x: UnsafePointer<S>,
    _ dy: UnsafePointer<S>, _ dx: UnsafeMutablePointer<S>,
    _ gradient: UnsafeMutableBufferPointer<S>
  ) {
    guard let slot = layout[place] else { return }
    let shape = graph.shapes[place]
    for channel in 0..<shape.channels {
      let (mean, inverse) = normalization(at: place, channel: channel)
      let scale = slot.biases.lowerBound + channel
      let factor = parameters[scale] * S(inverse)
      for index in channel * shape.plane..<(channel + 1) * shape.plane {
        gradient[scale] += dy[index] * (x[index] - S(mean)) * S(inverse)
        gradient[scale + shape.channels] += dy[index]
        dx[index] += factor * dy[index]
      }
    }
  }
}
