import CKernels
import Numerics

/// The same quantities as ``PreciseCurvature`` in batches and single precision, summed over batches
/// in double; parameters of batch normalisations have curvature 0 here.
final class BatchedCurvature {
  let network: Network
  let samples: Samples
  let loss: Loss
  let executor: Executor
  private let rows: [Int32]

  init(network: Network, samples: Samples, loss: Loss, capacity: Int) {
    self.network = network
    self.samples = samples
    self.loss = loss
    executor = Executor(graph: network.graph, capacity: min(capacity, max(samples.count, 1)))
    rows = (0..<Int32(samples.count)).map { $0 }
  }

  /// Loads batch after batch, runs it forward and calls `body` with its share of the samples.
  func forEachBatch(_ body: (_ share: Double) -> Void) {
    for start in stride(from: 0, to: rows.count, by: executor.capacity) {
      let batch = rows[start..<min(start + executor.capacity, rows.count)]
      executor.load(samples, rows: batch)
      executor.forward(network, mode: .inference)
      body(Double(batch.count) / Double(rows.count))
    }
  }

  func meanLoss() -> Double {
    var sum = 0.0
    forEachBatch { share in sum += share * executor.loss(loss, gradient: false) }
    return sum
  }

  func gradient() -> [Double] {
    accumulate { share, batchSums in
      _ = executor.loss(loss, gradient: true)
      executor.backward(sink: .gradient(batchSums)) { _ in }
      return share
    }
  }

  func fisherDiagonal() -> [Double] {
    accumulate { share, batchSums in
      _ = executor.loss(loss, gradient: true)
      executor.backward(sink: .squares(batchSums)) { _ in }
      // The batch's loss is a mean, so every sample's gradient came divided by their number.
      return share * Double(executor.batch.valid)
    }
  }

  /// The diagonal of the Gauss–Newton matrix, and for each weighted layer (by place) and unit the
  /// curvature in its pre-activation, summed over map positions.
  func gaussNewton() -> (diagonal: [Double], outputs: [Int: [Double]]) {
    var curvatures: [Int: [Double]] = [:]
    for place in network.graph.weightedLayers {
      curvatures[place] = [Double](repeating: 0, count: network.graph.shapes[place].channels)
    }
    let diagonal = accumulate { share, batchSums in
      let factor = share / Double(executor.batch.valid)
      for column in 0..<network.graph.outputs {
        executor.seedHessianFactor(loss, column: column)
        executor.backward(sink: .squares(batchSums)) { place in
          let squares = executor.sumOfSquares(executor.gradient(place), at: place)
          for (unit, value) in squares.enumerated() {
            curvatures[place]?[unit] += factor * value
          }
        }
      }
      return factor
    }
    return (diagonal, curvatures)
  }

  func activations(at place: Int) -> UnitStatistics {
    let node = network.graph.observedNode(of: place)
    let shape = network.graph.shapes[node]
    let empty = [Double](repeating: 0, count: shape.channels)
    var (zeros, sum, squares) = (empty, empty, empty)
    forEachBatch { _ in
      let view = executor.view(node)
      wbk_channel_statistics(
        view.blocks, view.channels, view.plane, view.lanes, Int64(executor.batch.valid),
        executor.activation(node), &zeros, &sum, &squares)
    }
    let count = Double(max(samples.count * shape.plane, 1))
    return UnitStatistics(
      zeroRate: zeros.map { Float($0 / count) }, mean: sum.map { Float($0 / count) },
      variance: zip(sum, squares).map { Float(max(0, $1 / count - $0 / count * ($0 / count))) })
  }

  /// The sum over batches of what `body` adds to the zeroed vector, times the factor it returns.
  func accumulate(
    _ body: (_ share: Double, _ batchSums: UnsafeMutablePointer<Float>) -> Double
  ) -> [Double] {
    let count = network.layout.count
    let batchSums = FloatBuffer(count: count)
    var sums = [Double](repeating: 0, count: count)
    forEachBatch { share in
      batchSums.fill(count)
      let factor = body(share, batchSums.pointer)
      for index in 0..<count { sums[index] += factor * Double(batchSums.pointer[index]) }
    }
    return sums
  }
}

extension Executor {
  /// Fills the output's gradient with one column of the square root of each sample's output Hessian
  /// (``Loss/hessianFactor(_:)``), 0 in the lanes of padding.
  func seedHessianFactor(_ loss: Loss, column: Int) {
    let last = graph.nodes.count - 1
    let lanes = batch.count
    let seed = gradient(last)
    switch loss {
    case .squaredError:
      seed.update(repeating: 0, count: graph.outputs * lanes)
      let root = (2 / Float(graph.outputs)).squareRoot()
      (seed + column * lanes).update(repeating: root, count: batch.valid)
    case .crossEntropy:
      wbk_softmax(Int64(graph.outputs), Int64(lanes), activation(last), seed)
      for lane in 0..<lanes {
        // The column's own probability is read before its place is written.
        let root = lane < batch.valid ? seed[column * lanes + lane].squareRoot() : 0
        for output in 0..<graph.outputs {
          let p = seed[output * lanes + lane]
          seed[output * lanes + lane] = root * ((output == column ? 1 : 0) - p)
        }
      }
    }
  }

  /// The sum of squares of a tensor of the node's shape, per channel, over valid samples and
  /// positions.
  func sumOfSquares(_ tensor: UnsafePointer<Float>, at place: Int) -> [Double] {
    let view = view(place)
    let empty = [Double](repeating: 0, count: Int(view.channels))
    var (zeros, sum, squares) = (empty, empty, empty)
    wbk_channel_statistics(
      view.blocks, view.channels, view.plane, view.lanes, Int64(batch.valid), tensor, &zeros, &sum,
      &squares)
    return squares
  }
}
