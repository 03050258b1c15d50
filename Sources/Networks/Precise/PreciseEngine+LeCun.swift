extension PreciseEngine where S == Double {
  /// Adds LeCun's diagonal of the Hessian for the sample of the last pass to `diagonal`.
  ///
  /// LeCun, Denker & Solla 1989: layers pass ∂²E/∂a² through their squared weights,
  /// ∂²E/∂w_ij² = ∂²E/∂a_i² x_j², and an activation gives f'² ∂²E/∂y² + f'' ∂E/∂y; terms off the
  /// diagonal are dropped at every node. A parameter that several connections share sums theirs.
  /// Scale and shift of a batch normalisation count as weights of their own.
  ///
  /// - Parameters:
  ///   - seed: the diagonal of the loss's Hessian in the outputs.
  ///   - diagonal: a sum for each parameter.
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
    let squaredParameters = working.map { $0 * $0 }
    squaredParameters.withUnsafeBufferPointer { squaredParameters in
      diagonal.withUnsafeMutableBufferPointer { diagonal in
        for place in graph.nodes.indices.dropFirst().reversed() {
          let node = PreciseNode(
            engine: self, place: place, values: squares, slopes: curvatures,
            parameters: squaredParameters, gradient: diagonal)
          let first = PreciseNode(
            engine: self, place: place, values: values, slopes: slopes,
            parameters: squaredParameters, gradient: diagonal)
          graph.nodes[place].operation.kind.backwardCurvature(node, first: first)
        }
      }
    }
  }
}
