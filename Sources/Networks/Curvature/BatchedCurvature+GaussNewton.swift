import CKernels

extension BatchedCurvature {
  /// The diagonal of the Gauss–Newton matrix, and for each weighted layer (by place) and unit the
  /// curvature in its pre-activation, summed over map positions.
  ///
  /// Every column of the square root of the output's Hessian takes a backward pass of its own. Of a
  /// dense layer only Σ over columns of the squared gradients of its output is needed of them: a
  /// weight's second derivative is that times its squared input, so that one product a batch is left.
  func gaussNewton() -> (diagonal: [Double], outputs: [Int: [Double]]) {
    let layers = network.graph.weightedLayers
    var curvatures: [Int: [Double]] = [:]
    var outer: [Int: FloatBuffer] = [:]
    for place in layers {
      let shape = network.graph.shapes[place]
      curvatures[place] = [Double](repeating: 0, count: shape.channels)
      if network.graph.nodes[place].operation.kind.usesWeightsOnce {
        outer[place] = FloatBuffer(count: shape.channels * Lanes(valid: executor.capacity).count)
      }
    }
    let root = HessianRoot(executor)
    let diagonal = accumulate { share, batchSums in
      let factor = share / Double(executor.batch.valid)
      for buffer in outer.values { buffer.fill(buffer.count) }
      root.begin(loss)
      for column in 0..<network.graph.outputs {
        root.seed(loss, column: column)
        executor.backward(sink: .squaresOfRepeatedWeights(batchSums)) { place in
          let count = executor.view(place).count
          if let buffer = outer[place] {
            wbk_add_square(count, executor.gradient(place), buffer.pointer)
          } else {
            let squares = executor.sumOfSquares(executor.gradient(place), at: place)
            for (unit, value) in squares.enumerated() {
              curvatures[place]?[unit] += factor * value
            }
          }
        }
      }
      for place in layers {
        guard let buffer = outer[place] else { continue }
        executor.addDenseSquares(place, outer: buffer.pointer, into: batchSums)
        for (unit, value) in executor.sums(buffer.pointer, at: place).enumerated() {
          curvatures[place]?[unit] += factor * value
        }
      }
      return factor
    }
    return (diagonal, curvatures)
  }
}

/// The square root of each sample's Hessian of the loss in the output, column by column.
private final class HessianRoot {
  private let executor: Executor
  /// Softmax probabilities of the batch, outputs × lanes.
  private let probabilities: FloatBuffer

  init(_ executor: Executor) {
    self.executor = executor
    probabilities = FloatBuffer(
      count: executor.graph.outputs * Lanes(valid: executor.capacity).count)
  }

  /// Looks at the outputs of the batch.
  func begin(_ loss: Loss) {
    guard loss == .crossEntropy else { return }
    wbk_softmax(
      Int64(executor.graph.outputs), Int64(executor.batch.count),
      executor.activation(executor.graph.nodes.count - 1), probabilities.pointer)
  }

  /// Fills the output's gradient with one column, 0 in the lanes of padding.
  ///
  /// Cross-entropy: diag(p) − p pᵀ = R Rᵀ with R = (I − p 1ᵀ) diag(√p).
  func seed(_ loss: Loss, column: Int) {
    let outputs = executor.graph.outputs
    let (lanes, valid) = (executor.batch.count, executor.batch.valid)
    let seed = executor.gradient(executor.graph.nodes.count - 1)
    seed.update(repeating: 0, count: outputs * lanes)
    switch loss {
    case .squaredError:
      let root = (2 / Float(outputs)).squareRoot()
      (seed + column * lanes).update(repeating: root, count: valid)
    case .crossEntropy:
      let own = probabilities.pointer + column * lanes
      for output in 0..<outputs {
        let p = probabilities.pointer + output * lanes
        let row = seed + output * lanes
        let unit: Float = output == column ? 1 : 0
        for lane in 0..<valid { row[lane] = own[lane].squareRoot() * (unit - p[lane]) }
      }
    }
  }
}

extension Executor {
  /// The sum of a tensor of the node's shape per channel, over valid samples and positions.
  fileprivate func sums(_ tensor: UnsafePointer<Float>, at place: Int) -> [Double] {
    statistics(of: tensor, at: place).sums
  }

  /// The same of its squares.
  fileprivate func sumOfSquares(_ tensor: UnsafePointer<Float>, at place: Int) -> [Double] {
    statistics(of: tensor, at: place).squares
  }

  private func statistics(
    of tensor: UnsafePointer<Float>, at place: Int
  ) -> (sums: [Double], squares: [Double]) {
    let view = view(place)
    let empty = [Double](repeating: 0, count: Int(view.channels))
    var (zeros, sums, squares) = (empty, empty, empty)
    wbk_channel_statistics(
      view.blocks, view.channels, view.plane, view.lanes, Int64(batch.valid), tensor, &zeros, &sums,
      &squares)
    return (sums, squares)
  }
}
