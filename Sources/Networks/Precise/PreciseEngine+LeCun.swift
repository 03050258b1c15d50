extension PreciseEngine where S == Double {
  /// Adds LeCun's diagonal of the Hessian for the sample of the last pass to `diagonal`.
  ///
  /// LeCun, Denker & Solla 1989: layers pass ∂²E/∂a² through their squared weights,
  /// ∂²E/∂w_ij² = ∂²E/∂a_i² x_j², and an activation gives f'² ∂²E/∂y² + f'' ∂E/∂y; terms off the
  /// diagonal are dropped at every node. A parameter that several connections share sums theirs.
  /// Scale and shift of a batch normalisation count as weights of their own.
  ///
  /// - Parameter seed: the diagonal of the loss's Hessian in the outputs.
  /// - Precondition: ``backward(from:into:)`` went before with the loss's gradient as its seed.
  package func addLeCunDiagonal(from seed: [Double], into diagonal: inout [Double]) {
    precondition(seed.count == graph.outputs, "\(seed.count) seeds, \(graph.outputs) outputs")
    precondition(diagonal.count == layout.count, "the diagonal has another length")
    let curvatures = UnsafeMutablePointer<Double>.allocate(capacity: 2 * total)
    defer { curvatures.deallocate() }
    curvatures.initialize(repeating: 0, count: total)
    let squares = curvatures + total
    for index in 0..<total { squares[index] = values[index] * values[index] }
    for (index, value) in seed.enumerated() {
      curvatures[offsets[offsets.count - 1] + index] = value
    }
    parameters.map { $0 * $0 }.withUnsafeBufferPointer { parameters in
      diagonal.withUnsafeMutableBufferPointer { diagonal in
        for place in graph.nodes.indices.dropFirst().reversed() {
          stepBack(place, curvatures, squares, parameters, diagonal)
        }
      }
    }
  }

  private func stepBack(
    _ place: Int, _ curvatures: UnsafeMutablePointer<Double>,
    _ squares: UnsafeMutablePointer<Double>, _ parameters: UnsafeBufferPointer<Double>,
    _ diagonal: UnsafeMutableBufferPointer<Double>
  ) {
    let node = graph.nodes[place]
    let count = graph.shapes[place].count
    let input = offsets[node.inputs.first ?? 0]
    let (inner, outer) = (curvatures + input, curvatures + offsets[place])
    func average(_ window: SlidingWindow) {
      let share = 1 / Double(window.size.area * window.size.area)
      window.forEachInput { output, input in inner[input] += share * outer[output] }
    }
    switch node.operation {
    case .relu, .tanh, .sigmoid:
      for index in 0..<count {
        let f = node.operation.derivatives(at: values[offsets[place] + index])
        inner[index] +=
          f.first * f.first * outer[index] + f.second * slopes[offsets[place] + index]
      }
    case .averagePool(let window): average(SlidingWindow(graph, at: place, window))
    case .globalAveragePool: average(SlidingWindow(wholeMapOf: graph, at: place))
    case .batchNorm:
      guard let slot = layout[place] else { return }
      let shape = graph.shapes[place]
      for index in 0..<count {
        let channel = index / shape.plane
        let (mean, inverse) = normalization(at: place, channel: channel)
        let scale = slot.biases.lowerBound + channel
        let normalized = (values[input + index] - mean) * inverse
        diagonal[scale] += outer[index] * normalized * normalized
        diagonal[scale + shape.channels] += outer[index]
        inner[index] += outer[index] * parameters[scale] * inverse * inverse
      }
    case .residualSum(let scale):
      let branch = curvatures + offsets[node.inputs[1]]
      for index in 0..<count {
        inner[index] += outer[index]
        branch[index] += Double(scale) * Double(scale) * outer[index]
      }
    default:
      backward(place, values: squares, slopes: curvatures, parameters: parameters, into: diagonal)
    }
  }
}

extension Operation {
  /// First and second derivative of an activation, from its output; 1 and 0 for anything else.
  func derivatives(at output: Double) -> (first: Double, second: Double) {
    switch self {
    case .relu: return (output > 0 ? 1 : 0, 0)
    case .tanh:
      let first = 1 - output * output
      return (first, -2 * output * first)
    case .sigmoid:
      let first = output * (1 - output)
      return (first, first * (1 - 2 * output))
    default: return (1, 0)
    }
  }
}
