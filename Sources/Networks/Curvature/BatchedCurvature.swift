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
  /// The first row of the batch whose activations the executor holds: no backward pass changes them.
  private var present: Int?
  /// Of each batch what the loss's gradient left, once it was asked for and where that is little
  /// enough to be kept.
  private(set) var kept: [BatchMemory] = []
  /// What passes work in that keep nothing.
  private lazy var working = executor.memory
  /// The bytes that are kept at most.
  private static let mostKept = 256 << 20

  init(network: Network, samples: Samples, loss: Loss, capacity: Int, team: Team) {
    self.network = network
    self.samples = samples
    self.loss = loss
    executor = Executor(
      graph: network.graph, capacity: min(capacity, max(samples.count, 1)), team: team)
    rows = [Int32](0..<Int32(samples.count))
    executor.adopt(network)
  }

  /// Loads batch after batch, runs it forward and calls `body` with its share of the samples. A single
  /// batch is run forward once, for all who ask, and so are batches that are kept. The body may run
  /// them backward.
  func forEachBatch(_ body: (_ share: Double) -> Void) {
    forEachRange { number, batch in
      if kept.isEmpty {
        runForward(batch)
      } else {
        executor.memory = working
        executor.resumeForward(kept[number])
      }
      body(share(of: batch))
    }
  }

  /// The same with the gradient of the batch's mean loss in every weighted layer's output. The body runs
  /// no pass.
  func forEachGradient(_ body: (_ share: Double) -> Void) {
    guard keepsGradients else {
      return forEachBatch { share in
        runBackward()
        body(share)
      }
    }
    _ = working
    forEachRange { number, batch in
      if number < kept.count {
        executor.memory = kept[number]
      } else {
        executor.memory = executor.freshMemory()
        present = nil
        runForward(batch)
        runBackward()
        kept.append(executor.memory)
      }
      body(share(of: batch))
    }
  }

  /// Whether the gradients of all batches are kept from the first sweep on.
  var keepsGradients: Bool {
    rows.count > executor.capacity
      && network.graph.layouts.allSatisfy { $0 == .flat }
      && BatchMemory.bytes(of: network.graph, samples: rows.count) <= Self.mostKept
  }

  private func forEachRange(_ body: (_ number: Int, _ batch: ArraySlice<Int32>) -> Void) {
    for (number, batch) in batches.enumerated() { body(number, batch) }
  }

  /// The rows of the samples, as many at a time as the executor takes.
  var batches: [ArraySlice<Int32>] {
    stride(from: 0, to: rows.count, by: executor.capacity).map {
      rows[$0..<min($0 + executor.capacity, rows.count)]
    }
  }

  private func runForward(_ batch: ArraySlice<Int32>) {
    guard present != batch.startIndex else { return }
    executor.load(samples, rows: batch)
    executor.forward(mode: .inference)
    present = batch.startIndex
  }

  private func runBackward() {
    _ = executor.loss(loss, gradient: true)
    executor.backward(sink: .nothing) { _ in }
  }

  func share(of batch: ArraySlice<Int32>) -> Double {
    Double(batch.count) / Double(rows.count)
  }

  func meanLoss() -> Double {
    var sum = 0.0
    forEachBatch { share in sum += share * executor.loss(loss, gradient: false) }
    return sum
  }

  func gradient() -> [Float] {
    guard rows.count <= executor.capacity else {
      return accumulate { executor in
        BatchWork { share, batchSums in
          _ = executor.loss(self.loss, gradient: true)
          executor.backward(sink: .gradient(batchSums)) { _ in }
          return share
        }
      }.map { Float($0) }
    }
    // A single batch needs no sums over batches.
    var sums = [Float](repeating: 0, count: network.layout.count)
    forEachBatch { _ in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let base = sums.baseAddress else { return }
        _ = executor.loss(loss, gradient: true)
        executor.backward(sink: .gradient(base)) { _ in }
      }
    }
    // Sums over batches begin at 0 and have no −0.
    for index in sums.indices { sums[index] += 0 }
    return sums
  }

  /// The gradient in the parameters of the weighted layer at `place` alone, in the flat order.
  func gradient(at place: Int) -> [Float] {
    guard let slot = network.layout[place] else { return [] }
    let batchSums = FloatBuffer(count: network.layout.count)
    var sums = [Double](repeating: 0, count: slot.all.count)
    forEachGradient { share in
      (batchSums.pointer + slot.all.lowerBound).update(repeating: 0, count: sums.count)
      executor.accumulate(place, into: .gradient(batchSums.pointer))
      for (number, index) in slot.all.enumerated() {
        sums[number] += share * Double(batchSums.pointer[index])
      }
    }
    return sums.map { Float($0) }
  }

  func fisherDiagonal() -> [Double] {
    accumulate { executor in
      BatchWork { share, batchSums in
        _ = executor.loss(self.loss, gradient: true)
        executor.backward(sink: .squares(batchSums)) { _ in }
        // The batch's loss is a mean, so every sample's gradient came divided by their number.
        return share * Double(executor.batch.valid)
      }
    }
  }
}
