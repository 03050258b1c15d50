import CKernels

extension BatchedCurvature {
  /// The diagonal of the Gauss–Newton matrix, and for each weighted layer (by place) and unit the
  /// curvature in its pre-activation, summed over map positions.
  ///
  /// Every column of the square root of the output's Hessian takes a backward pass of its own. Of a
  /// dense layer only Σ over columns of the squared gradients of its output is needed of them: a
  /// weight's second derivative is that times its squared input, so that one product a batch is left.
  func gaussNewton() -> (diagonal: [Double], outputs: [Int: [Double]]) {
    var curvatures: [Int: [Double]] = [:]
    for place in network.graph.weightedLayers {
      curvatures[place] = [Double](repeating: 0, count: network.graph.shapes[place].channels)
    }
    let diagonal = accumulate { executor in
      let columns = HessianColumns(executor, loss)
      return BatchWork(
        sum: columns.add,
        finish: {
          for (place, values) in columns.found {
            for (unit, value) in values.enumerated() { curvatures[place]?[unit] += value }
          }
        })
    }
    return (diagonal, curvatures)
  }
}

/// The backward passes of one batch.
private final class HessianColumns {
  private let executor: Executor
  private let loss: Loss
  private let root: HessianRoot
  /// Of each dense layer Σ over columns of the squared gradients of its output.
  private let outer: [Int: FloatBuffer]
  /// Of the last batch what is to be added to the curvature of a layer's units, in this order.
  private(set) var found: [(place: Int, values: [Double])] = []

  init(_ executor: Executor, _ loss: Loss) {
    self.executor = executor
    self.loss = loss
    root = HessianRoot(executor)
    var outer: [Int: FloatBuffer] = [:]
    for place in executor.graph.weightedLayers
    where executor.graph.nodes[place].operation.kind.usesWeightsOnce {
      outer[place] = FloatBuffer(
        count: executor.graph.shapes[place].channels * Lanes(valid: executor.capacity).count)
    }
    self.outer = outer
  }

  /// Adds the weights' second derivatives of the loaded batch to `batchSums`, and returns their factor.
  func add(share: Double, to batchSums: UnsafeMutablePointer<Float>) -> Double {
    let factor = share / Double(executor.batch.valid)
    found = []
    for buffer in outer.values { buffer.fill(buffer.count) }
    root.begin(loss)
    for column in 0..<executor.graph.outputs {
      root.seed(loss, column: column)
      executor.backward(sink: .squaresOfRepeatedWeights(batchSums)) { place in
        if let buffer = outer[place] {
          wbk_add_square(
            executor.view(place).count, executor.gradient(place), buffer.pointer)
        } else {
          note(executor.sumOfSquares(executor.gradient(place), at: place), factor, place)
        }
      }
    }
    for place in executor.graph.weightedLayers {
      guard let buffer = outer[place] else { continue }
      executor.addDenseSquares(place, outer: buffer.pointer, into: batchSums)
      note(executor.sums(buffer.pointer, at: place), factor, place)
    }
    return factor
  }

  private func note(_ sums: [Double], _ factor: Double, _ place: Int) {
    found.append((place, sums.map { factor * $0 }))
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
